// Sends a send request again, to everybody or to some recipients: a new send request, linked in both logs. Each recipient once per request.
//
//   1. The new record and its key, which names the request and the resend before. From then on no other resend of the request is made.
//   2. The queue message of the new request.
//   3. The link in the first request, and at each recipient.
//
// If the process dies in between, the next resend of the request finds the key, finishes what was begun, and then decides anew.
import type { Caller } from '../../domain/accept/caller.ts';
import { byWhom } from '../../domain/act/by-whom.ts';
import { type AskedRecipients, type Chosen, chooseRecipients, withResent } from '../../domain/act/choose-recipients.ts';
import type { Problem } from '../../domain/content/problem.ts';
import { applyEvent, type LifecycleEvent } from '../../domain/log/apply-event.ts';
import { isOfFuture, type Recipient, type SendRequestRecord } from '../../domain/log/send-request.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { EnqueueCommand, EnqueueOutcome } from '../accept/enqueue-command.ts';
import { enqueueSendRequest } from '../accept/enqueue-send-request.ts';
import { judgeSuppressed } from '../accept/suppressed-recipients.ts';
import { type Context, nowOf } from '../context.ts';
import { changeOf, emitEvent, type Stored } from '../log/write-log.ts';
import { type Acted, actableRecord } from './cancel-send-request.ts';
import type { ContentForResend, SentTo } from './content-for-resend.ts';
import { coveredOf, earlierOf } from './earlier-resends.ts';
import { resendCommand } from './resend-command.ts';

type Accepted = Extract<EnqueueOutcome, { kind: 'accepted' }>;

export type Admit = (command: EnqueueCommand) => Promise<Problem | undefined>;

export interface ResendOrder {
  /** Absent: `all`. */
  recipients?: AskedRecipients | undefined;
  reason?: string | undefined;
  /** Decides everything, and sends nothing. */
  dryRun?: boolean | undefined;
}

export type Resent =
  | Exclude<Acted, { kind: 'done' }>
  | { kind: 'resent'; as: Accepted }
  /** Of a dry run. */
  | { kind: 'possible'; record: SendRequestRecord; recipients: readonly Recipient[]; source: ContentForResend['source'] }
  | { kind: 'unavailable'; retryAfter: number; reason: string }
  | { kind: 'refused'; problem: Problem };

/** As many resends of one request, begun at the same time, are finished one after the other. */
const MAXIMUM_TURNS = 8;
const MAXIMUM_CONFLICTS = 8;

interface Work {
  context: Context;
  caller: Caller;
  order: ResendOrder;
  admit: Admit;
}

/** It was resent before: the same answer again. */
async function resentBefore(context: Context, mailbox: string, id: string): Promise<Resent> {
  const again = await context.log.read(mailbox, id);
  const status = again?.value.status ?? 'queued';
  return { kind: 'resent', as: { kind: 'accepted', id, status, mailbox, operation: again?.value.operation ?? 'sendMail' } };
}

const plain = ({ address, type, replaces }: Recipient): Recipient => ({ address, type, ...(replaces !== undefined && { replaces }) });

async function choose({ context, order }: Work, record: SendRequestRecord): Promise<Chosen> {
  const asked = order.recipients ?? 'all';
  const covered = await coveredOf(context, record, await context.log.recipients(record.mailbox, record.id));
  const earlier = typeof asked === 'string' ? [] : await earlierOf(context, covered);
  return chooseRecipients(covered.record, covered.recipients, asked, earlier);
}

/** A slow process may come to link an early resend after others have been made and linked. */
function isLinked({ resentAs }: SendRequestRecord, recipients: readonly Recipient[], sentTo: readonly Recipient[], as: string): boolean {
  const named = recipients.filter((recipient) => recipient.resentAs === as);
  return resentAs === as || (sentTo.length > 0 && named.length >= sentTo.length);
}

/** The first request names the last resend, and each recipient the one that covers it. Throws StoreUnavailable. */
async function link({ context, caller, order }: Work, first: Stored, as: string, sentTo: readonly Recipient[]): Promise<void> {
  const { mailbox, id } = first.value;
  let stored: Stored | undefined = first;
  for (let conflicts = 0; stored && conflicts < MAXIMUM_CONFLICTS; conflicts++) {
    const { value, etag }: Stored = stored;
    const recipients = await context.log.recipients(mailbox, id);
    const some = sentTo.length < recipients.length ? `, to ${sentTo.length} of ${recipients.length} recipients` : '';
    const detail = `as ${as}${some}, ${byWhom(caller, order.reason)}`;
    const event: LifecycleEvent = { type: 'resent', dateTime: nowOf(context), fact: as, detail, patch: { resentAs: as } };
    const applied = isLinked(value, recipients, sentTo, as) ? undefined : applyEvent(value, event);
    if (applied?.kind !== 'applied') return;
    const noted = recipients.length === 0 ? undefined : withResent(recipients, sentTo, as);
    const change = { ...changeOf(applied.record, [applied.event], noted), before: value };
    const result = await context.log.write(change, etag);
    if (result.kind === 'written') return emitEvent(context, applied.record, applied.event, value);
    stored = await context.log.read(mailbox, id);
  }
  if (stored) throw new StoreUnavailable(`${id} changed ${MAXIMUM_CONFLICTS} times while its resend was being written`);
}

/** What the enqueueing would refuse is refused in a dry run, too. Throws StoreUnavailable. */
async function possible(
  context: Context,
  record: SendRequestRecord,
  command: EnqueueCommand,
  source: ContentForResend['source'],
): Promise<Resent> {
  const judged = await judgeSuppressed(context, command);
  if (judged !== 'goes' && judged !== 'hold') return { kind: 'refused', problem: judged };
  return { kind: 'possible', record, recipients: command.recipients, source };
}

/** `undefined`: another resend came first and is finished now, so the choice must be made again. */
async function enqueued(work: Work, stored: Stored, to: SentTo): Promise<Resent | undefined> {
  const { context, admit } = work;
  const made = await resendCommand(context, stored.value, to);
  if (!made.ok) return { kind: 'refused', problem: made.problem };
  const { command, source } = made.value;
  if (work.order.dryRun) return possible(context, stored.value, command, source);
  const problem = await admit(command);
  if (problem) return { kind: 'refused', problem };
  const outcome = await enqueueSendRequest(context, command);
  if (outcome.kind === 'unavailable' || outcome.kind === 'refused') return outcome;
  if (outcome.kind === 'keyReused') return finishOther(work, stored, outcome.holder);
  await link(work, stored, outcome.id, to.recipients);
  return { kind: 'resent', as: outcome };
}

/** Whoever began it may have died before its queue message was on the queue, or before the link. */
async function finishOther(work: Work, stored: Stored, holder: string): Promise<Resent | undefined> {
  const { context } = work;
  const { mailbox, id } = stored.value;
  const [other, recipients, all] = await Promise.all([
    context.log.read(mailbox, holder),
    context.log.recipients(mailbox, holder),
    context.log.recipients(mailbox, id),
  ]);
  if (!other) return { kind: 'impossible', record: stored.value, why: `The send request was sent again already, as ${holder}.` };
  const sentTo = recipients.map(plain);
  if (other.value.enqueued === false && other.value.status === 'queued') {
    const isWhole = sentTo.length === all.length && sentTo.every(({ replaces }) => replaces === undefined);
    const again = await resendCommand(context, stored.value, { recipients: sentTo, isWhole });
    if (!again.ok) return { kind: 'refused', problem: again.problem };
    const outcome = await enqueueSendRequest(context, again.value.command);
    if (outcome.kind === 'unavailable' || outcome.kind === 'refused') return outcome;
    if (outcome.kind === 'keyReused') {
      return {
        kind: 'impossible',
        record: stored.value,
        why: `The send request was already sent again, as ${holder}, with other content.`,
      };
    }
  }
  await link(work, stored, holder, sentTo);
  return undefined;
}

async function resendOnce(work: Work, { mailbox, id }: { mailbox: string; id: string }): Promise<Resent | undefined> {
  const { context, caller, order } = work;
  const stored = await actableRecord(context, caller, mailbox, id);
  if (typeof stored === 'string') return { kind: stored };
  const { value: record } = stored;
  if (isOfFuture(record)) return { kind: 'impossible', record, why: 'A newer version of this service has written the send request.' };
  const chosen = await choose(work, record);
  switch (chosen.kind) {
    case 'before':
      if (order.dryRun) return { kind: 'impossible', record, why: `The send request was sent again already, as ${chosen.as}.` };
      return resentBefore(context, mailbox, chosen.as);
    case 'impossible':
      return { kind: 'impossible', record, why: chosen.why };
    case 'refused':
      return chosen;
    case 'chosen':
      return context.resendTurns(() => enqueued(work, stored, chosen));
  }
}

/**
 * `admit` is asked with the new mail before it goes to the queue. Throws StoreUnavailable. Repeating it is harmless: no recipient is sent the
 * mail again twice, and the new send request can be sent again in its turn.
 */
export async function resendSendRequest(
  context: Context,
  caller: Caller,
  named: { mailbox: string; id: string },
  order: ResendOrder,
  admit: Admit,
): Promise<Resent> {
  for (let turn = 0; turn < MAXIMUM_TURNS; turn++) {
    const resent = await resendOnce({ context, caller, order, admit }, named);
    if (resent) return resent;
  }
  throw new StoreUnavailable(`${named.id} was sent again ${MAXIMUM_TURNS} times meanwhile`);
}
