// What callers do to send requests: each act of an operator leaves an audit event.
import type { Caller } from '../../domain/accept/caller.ts';
import { actorOf } from '../../domain/act/by-whom.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { isOfExchange } from '../../domain/reconcile/recipients.ts';
import type { SendRequestList } from '../../ports/send-request-list.ts';
import type { Context } from '../context.ts';
import { type ActedByFilter, type ActedOn, actByFilter, type BulkAction, type BulkOrder, type Sort } from './act-by-filter.ts';
import { type Acted, cancelSendRequest } from './cancel-send-request.ts';
import { type Admit, type ResendOrder, type Resent, resendSendRequest } from './resend-send-request.ts';

export class Actions {
  readonly #context: Context;
  readonly #list: SendRequestList;

  constructor(context: Context, list: SendRequestList) {
    this.#context = context;
    this.#list = list;
  }

  async cancel(caller: Caller, named: { mailbox: string; id: string }, reason?: string): Promise<Acted> {
    const acted = await cancelSendRequest(this.#context, caller, named, reason);
    if (acted.kind === 'done' || (acted.kind === 'impossible' && acted.stopped)) this.#emit(caller, 'cancel', acted.record, reason);
    return acted;
  }

  async resend(caller: Caller, named: { mailbox: string; id: string }, order: ResendOrder, admit: Admit): Promise<Resent> {
    const resent = await resendSendRequest(this.#context, caller, named, order, admit);
    if (resent.kind === 'resent') this.#emit(caller, 'resend', named, order.reason);
    return resent;
  }

  async byFilter(caller: Caller, order: BulkOrder): Promise<ActedByFilter> {
    const { action, dryRun } = order;
    const act = action === 'cancel' ? this.#cancelOne : this.#resendOne;
    const sort: Sort = action === 'cancel' ? async () => 'taken' : (record) => this.#sortForResend(order, record);
    const acted = await actByFilter(this.#context.clock, this.#list, order, sort, (record) => act(caller, order, record));
    const done = dryRun ? 0 : acted.each.filter(({ result }) => result?.done).length;
    this.#context.telemetry.event('operatorAction', { ...actorOf(caller, order.reason), action, dryRun, matched: acted.each.length, done });
    return acted;
  }

  /**
   * Anybody can write a mail that looks like a report, and an inferred recipient is a guess: the mail may have arrived. So a person must
   * decide whether to send it again, by its id.
   */
  async #sortForResend(
    { recipients: asked }: BulkOrder,
    { mailbox, id, status, resentAs, recipientCounts }: SendRequestRecord,
  ): ReturnType<Sort> {
    if (asked === 'all' && resentAs !== undefined) return 'none';
    if (recipientCounts.failed === 0 && status !== 'failed') return resentAs === undefined ? 'taken' : 'none';
    const recipients = await this.#context.log.recipients(mailbox, id);
    const failed = recipients.filter(({ action }) => action === 'failed');
    const isWhole = recipients.every((recipient) => recipient.resentAs === undefined);
    const left = isWhole && resentAs !== undefined ? [] : failed.filter((recipient) => recipient.resentAs === undefined);
    if (left.length === 0) return 'none';
    return left.some(({ evidence }) => !isOfExchange(evidence)) ? 'leftOut' : 'taken';
  }

  readonly #cancelOne = async (caller: Caller, { dryRun, reason }: BulkOrder, named: SendRequestRecord): Promise<ActedOn['result']> => {
    if (dryRun) return undefined;
    const acted = await cancelSendRequest(this.#context, caller, named, reason);
    return { done: acted.kind === 'done', detail: acted.kind === 'impossible' ? acted.why : acted.kind };
  };

  readonly #resendOne = async (
    caller: Caller,
    { recipients, dryRun, reason }: BulkOrder,
    { mailbox, id }: SendRequestRecord,
  ): Promise<ActedOn['result']> => {
    const resent = await resendSendRequest(this.#context, caller, { mailbox, id }, { recipients, dryRun, reason }, async () => undefined);
    switch (resent.kind) {
      case 'resent':
        return { done: true, detail: `as ${resent.as.id}` };
      case 'possible':
        return { done: true, detail: `to ${resent.recipients.length} recipients, with the content from ${SOURCES[resent.source]}` };
      case 'impossible':
        return { done: false, detail: resent.why };
      case 'refused':
        return { done: false, detail: resent.problem.message };
      case 'unavailable':
        return { done: false, detail: `not now: ${resent.reason}` };
      default:
        return { done: false, detail: resent.kind };
    }
  };

  /** An application's own act is in the request's timeline already. */
  #emit(caller: Caller, action: BulkAction, of: { id: string; mailbox: string }, reason?: string): void {
    if (!caller.roles.includes('SendRequests.Manage.All')) return;
    this.#context.telemetry.event('operatorAction', {
      ...actorOf(caller, reason),
      action,
      mailbox: of.mailbox,
      sendRequestId: of.id,
      done: 1,
    });
  }
}

const SOURCES = { copy: 'its copy in Sent Items', kept: 'Blob Storage' } as const;
