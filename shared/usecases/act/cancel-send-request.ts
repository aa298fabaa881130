// Cancels a send request before it is submitted: competes with the claim under ETag, and answers whether it came in time.
import { type Caller, mayManage, maySee } from '../../domain/accept/caller.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { type Stored, writeEvent } from '../log/write-log.ts';

export type Acted =
  | { kind: 'done'; record: SendRequestRecord }
  /** Its state doesn't allow it, or no longer. */
  | { kind: 'impossible'; record: SendRequestRecord; why: string }
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

/** Throws StoreUnavailable. Repeating it is harmless. */
export async function cancelSendRequest(context: Context, caller: Caller, mailbox: string, id: string): Promise<Acted> {
  const stored = await actableRecord(context, caller, mailbox, id);
  if (typeof stored === 'string') return { kind: stored };
  const written = await writeEvent(context, stored, () => ({
    type: 'cancelled',
    dateTime: nowOf(context),
    fact: 'caller',
    detail: `by application ${caller.application}`,
    clears: ['nextAttemptDateTime', 'content'],
  }));
  if (written.kind !== 'written' && written.kind !== 'ignored') return { kind: 'absent' };
  const record = written.stored.value;
  if (record.status === 'cancelled') return { kind: 'done', record };
  return { kind: 'impossible', record, why: `The send request is ${record.status}: it can no longer be cancelled.` };
}
