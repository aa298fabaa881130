// Cancels a send request before it is submitted: competes with the claim under ETag, and answers whether it came in time.
import { type Caller, mayManage, maySee } from '../../domain/accept/caller.ts';
import { byWhom } from '../../domain/act/by-whom.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { type Stored, writeEvent } from '../log/write-log.ts';

export type Acted =
  | { kind: 'done'; record: SendRequestRecord }
  /** Its state doesn't allow it, or no longer. `stopped`: it has just ended all the same, and may have gone out before. */
  | { kind: 'impossible'; record: SendRequestRecord; why: string; stopped?: true }
  | { kind: 'denied' }
  /** There is none that this caller may see. */
  | { kind: 'unknown' }
  /** The log has no row for it: not yet, or no longer. */
  | { kind: 'absent' };

/** The record, if the caller may act on it. */
export async function actableRecord(
  context: Context,
  caller: Caller,
  mailbox: string,
  id: string,
): Promise<Stored | 'denied' | 'unknown' | 'absent'> {
  const stored = await context.log.read(mailbox, id);
  if (!stored) return 'absent';
  if (!(maySee(caller, stored.value.application) || mayManage(caller, stored.value.application))) return 'unknown';
  return mayManage(caller, stored.value.application) ? stored : 'denied';
}

function whyNot({ status, mayHaveGone }: SendRequestRecord): string {
  if (status !== 'unaccounted' || !mayHaveGone) return `The send request is ${status}: it can no longer be cancelled.`;
  return (
    'The send request is unaccounted: it is not tried any more, but an earlier attempt may have sent it. ' +
    'Look for it in Sent Items, in Drafts and in the message trace.'
  );
}

/**
 * A request that may have gone is not tried any more either, and ends `unaccounted`: the answer does not claim that nothing was sent. Throws
 * StoreUnavailable. Repeating it is harmless.
 */
export async function cancelSendRequest(
  context: Context,
  caller: Caller,
  { mailbox, id }: { mailbox: string; id: string },
  reason?: string,
): Promise<Acted> {
  const stored = await actableRecord(context, caller, mailbox, id);
  if (typeof stored === 'string') return { kind: stored };
  const written = await writeEvent(context, stored, (record) => ({
    type: 'cancelled',
    dateTime: nowOf(context),
    fact: 'caller',
    detail: `${byWhom(caller, reason)}${record.mayHaveGone ? '; an earlier attempt may have sent it' : ''}`,
    clears: ['nextAttemptDateTime', 'content'],
  }));
  if (written.kind !== 'written' && written.kind !== 'ignored') return { kind: 'absent' };
  const record = written.stored.value;
  if (record.status === 'cancelled') return { kind: 'done', record };
  return { kind: 'impossible', record, why: whyNot(record), ...(written.kind === 'written' && { stopped: true as const }) };
}
