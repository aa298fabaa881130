// The worker's part in a doubt: looks once the grace is over, and only then lets the mail go again.

import { after } from '../../domain/duration.ts';
import { LOOKS_ON_MS } from '../../domain/reconcile/due.ts';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import { intervalMs } from '../../domain/submit/retry-schedule.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { ifUnchanged, type Stored, writeEvent } from '../log/write-log.ts';
import { attemptSubmission } from '../submit/attempt-submission.ts';
import type { Progress } from '../submit/progress.ts';
import { keepForResend, releaseContent } from '../submit/settle-content.ts';
import { scheduleSuccessor, successorOf } from '../submit/successor.ts';
import { settleDoubt, type UnsentDrafts } from './settle-doubt.ts';

async function comeBack(context: Context, message: QueueMessage, stored: Stored, at: string, waits: number): Promise<Progress> {
  const known = message.known;
  await scheduleSuccessor(context, successorOf(message, stored.value, { waits, ...(known && { known }) }), at);
  return 'done';
}

async function giveUp(context: Context, message: QueueMessage, stored: Stored, detail: string): Promise<Progress> {
  await keepForResend(context, message);
  const written = await writeEvent(
    context,
    message.mailbox,
    message.id,
    ifUnchanged(stored, () => ({
      type: 'lifetimeExpired',
      dateTime: nowOf(context),
      fact: 'lifetime',
      detail,
      clears: ['nextAttemptDateTime', 'content'],
    })),
    stored,
  );
  if (written.kind === 'ignored') return written.stored;
  await releaseContent(context, message);
  return 'done';
}

async function goAgain(context: Context, message: QueueMessage, stored: Stored, found?: UnsentDrafts): Promise<Progress> {
  const written = await writeEvent(
    context,
    message.mailbox,
    message.id,
    ifUnchanged(stored, (record) => ({
      type: 'notFoundAfterGrace',
      dateTime: nowOf(context),
      fact: record.claim?.nonce ?? 'none',
      detail: found ? 'still an unsent draft' : 'not in the mailbox',
      clears: ['doubt', 'nextAttemptDateTime'],
    })),
    stored,
  );
  if (written.kind !== 'written') return written.kind === 'ignored' ? written.stored : 'done';
  return attemptSubmission(context, message, written.stored, false, found);
}

/** Absence counts only where presence would have been seen: on the draft route the item itself was asked, else marks must be proven. */
const absenceCounts = async (context: Context, { value }: Stored): Promise<boolean> =>
  value.claim?.route === 'draft' || context.proofs.isProven(value.format);

export async function resolveDoubt(context: Context, message: QueueMessage, stored: Stored): Promise<Progress> {
  const now = nowOf(context);
  const { doubt, sendBefore } = stored.value;
  const graceUntil = doubt?.graceUntil ?? now;
  const waits = (message.waits ?? 0) + 1;
  if (now < graceUntil) return comeBack(context, message, stored, after(graceUntil, (waits - 1) * 1000), waits);
  if (context.rules.graphRights === 'send') {
    return giveUp(context, message, stored, 'in doubt, and the rights tier "send" may not look into the mailbox');
  }
  const settled = await settleDoubt(context, stored, true);
  if (settled.kind === 'settled') {
    await releaseContent(context, message);
    return 'done';
  }
  if (settled.kind === 'changed') return settled.stored;
  const looksOn = settled.kind === 'cannotLook' && now < after(sendBefore, LOOKS_ON_MS);
  if (now >= sendBefore && !looksOn) return giveUp(context, message, stored, `still in doubt at the end of its lifetime, ${sendBefore}`);
  if (settled.kind === 'cannotLook' || (settled.kind === 'absent' && !(await absenceCounts(context, stored)))) {
    return comeBack(context, message, stored, after(now, intervalMs(context.rules.retry, waits)), waits);
  }
  return goAgain(context, message, stored, settled.kind === 'unsentDraft' ? settled : undefined);
}
