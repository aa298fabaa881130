// What callers do to send requests: each act of an operator leaves an audit event.
import type { Caller } from '../../domain/accept/caller.ts';
import type { Problem } from '../../domain/content/problem.ts';
import type { SendRequestFilter } from '../../domain/log/filter.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { isOfExchange } from '../../domain/reconcile/recipients.ts';
import type { SendRequestList } from '../../ports/send-request-list.ts';
import type { EnqueueCommand } from '../accept/enqueue-command.ts';
import type { Context } from '../context.ts';
import { type ActedByFilter, actByFilter, type BulkAction } from './act-by-filter.ts';
import { type Acted, cancelSendRequest } from './cancel-send-request.ts';
import { type Resent, resendSendRequest } from './resend-send-request.ts';

type Admit = (command: EnqueueCommand) => Promise<Problem | undefined>;

export class Actions {
  readonly #context: Context;
  readonly #list: SendRequestList;

  constructor(context: Context, list: SendRequestList) {
    this.#context = context;
    this.#list = list;
  }

  async cancel(caller: Caller, mailbox: string, id: string): Promise<Acted> {
    const acted = await cancelSendRequest(this.#context, caller, mailbox, id);
    if (acted.kind === 'done' || (acted.kind === 'impossible' && acted.stopped)) this.#emit(caller, 'cancel', acted.record);
    return acted;
  }

  async resend(caller: Caller, named: { mailbox: string; id: string }, admit: Admit): Promise<Resent> {
    const resent = await resendSendRequest(this.#context, caller, named, admit);
    if (resent.kind === 'resent') this.#emit(caller, 'resend', named);
    return resent;
  }

  async byFilter(caller: Caller, action: BulkAction, filter: SendRequestFilter, dryRun: boolean): Promise<ActedByFilter> {
    const act = action === 'cancel' ? this.#cancelOne : this.#resendOne;
    const isLeftOut = action === 'cancel' ? async () => false : this.#restsOnClaims;
    const acted = await actByFilter(this.#list, action, filter, isLeftOut, dryRun ? undefined : (record) => act(caller, record));
    const done = acted.each.filter(({ result }) => result?.done).length;
    this.#context.telemetry.event('operatorAction', {
      application: caller.application,
      user: caller.user,
      action,
      dryRun,
      matched: acted.each.length,
      done,
    });
    return acted;
  }

  /**
   * Anybody can write a mail that looks like a report, and an inferred recipient is a guess: the mail may have arrived. So a person must
   * decide whether to send it again, by its id.
   */
  readonly #restsOnClaims = async ({ mailbox, id, status }: SendRequestRecord): Promise<boolean> => {
    if (status !== 'failed') return false;
    const recipients = await this.#context.log.recipients(mailbox, id);
    return recipients.some(({ action, evidence }) => action === 'failed' && !isOfExchange(evidence));
  };

  readonly #cancelOne = async (caller: Caller, { mailbox, id }: SendRequestRecord) => {
    const acted = await cancelSendRequest(this.#context, caller, mailbox, id);
    return { done: acted.kind === 'done', detail: acted.kind === 'impossible' ? acted.why : acted.kind };
  };

  readonly #resendOne = async (caller: Caller, { mailbox, id }: SendRequestRecord) => {
    const resent = await resendSendRequest(this.#context, caller, { mailbox, id }, async () => undefined);
    if (resent.kind === 'resent') return { done: true, detail: `as ${resent.as.id}` };
    return { done: false, detail: resent.kind === 'impossible' ? resent.why : resent.kind };
  };

  /** An application's own act is in the request's timeline already. */
  #emit(caller: Caller, action: BulkAction, of: { id: string; mailbox: string }): void {
    if (!caller.roles.includes('SendRequests.Manage.All')) return;
    this.#context.telemetry.event('operatorAction', {
      application: caller.application,
      user: caller.user,
      action,
      mailbox: of.mailbox,
      sendRequestId: of.id,
      done: 1,
    });
  }
}
