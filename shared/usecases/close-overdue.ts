// Looks after open requests whose time has come: doubts, dead workers, closed report windows, copies to remove, and what the worker left.
import { OVERDUE_MS, WORKER_EXPIRES_WITHIN_MS } from '../domain/due.ts';
import { after } from '../domain/duration.ts';
import type { Context } from './context.ts';
import { nowOf } from './context.ts';
import { removeCopy } from './remove-copy.ts';
import { settleDoubt } from './settle-doubt.ts';
import { type Stored, writeEvent } from './write-log.ts';

/** Open requests handled in one visit; the next visit goes on. */
const TOP = 500;

async function closeWindow(context: Context, stored: Stored): Promise<void> {
  const { mailbox, id, status } = stored.value;
  const detail = status === 'sent' ? 'no further report within the report window' : 'its copy was never seen in Sent Items';
  await writeEvent(
    context,
    mailbox,
    id,
    (record) =>
      record.reportWindowEnds !== undefined && record.reportWindowEnds <= nowOf(context)
        ? { type: 'reportWindowClosed', dateTime: nowOf(context), fact: 'window', detail }
        : undefined,
    stored,
  );
}

/** The worker died after the claim, and its queue message may come late: from now on the mail is looked for. */
async function noticeDeadWorker(context: Context, stored: Stored): Promise<void> {
  const { claim } = stored.value;
  if (claim?.route === 'draft' && claim.draftId === undefined) return; // Nothing was sent; the queue message comes again.
  const since = nowOf(context);
  const graceUntil = after(since, context.rules.inDoubtGraceMs);
  if (after(claim?.callsUntil ?? since, context.rules.inDoubtGraceMs) > since) return;
  await writeEvent(
    context,
    stored.value.mailbox,
    stored.value.id,
    (record) =>
      record.status === 'submitting' && record.claim?.nonce === claim?.nonce
        ? {
            type: 'outcomeUnknown',
            dateTime: since,
            fact: claim?.nonce ?? 'none',
            detail: 'the worker never wrote an outcome',
            patch: { doubt: { since, graceUntil } },
          }
        : undefined,
    stored,
  );
}

async function closeLifetime(context: Context, stored: Stored): Promise<void> {
  const { mailbox, id, sendBefore } = stored.value;
  const now = nowOf(context);
  if (after(sendBefore, WORKER_EXPIRES_WITHIN_MS) > now) return;
  await writeEvent(
    context,
    mailbox,
    id,
    () => ({
      type: 'lifetimeExpired',
      dateTime: now,
      fact: 'lifetime',
      detail: `its queue message never came back; its lifetime ended at ${sendBefore}`,
      clears: ['nextAttemptDateTime'],
    }),
    stored,
  );
}

function noticeOverdue(context: Context, { value }: Stored): void {
  const next = value.nextAttemptDateTime ?? value.createdDateTime;
  if (after(next, OVERDUE_MS) > nowOf(context)) return;
  context.telemetry.event('nextAttemptOverdue', {
    sendRequestId: value.id,
    mailbox: value.mailbox,
    nextAttemptDateTime: next,
    status: value.status,
  });
}

async function lookAfter(context: Context, stored: Stored): Promise<void> {
  const { status, copyToRemove } = stored.value;
  if (copyToRemove) return removeCopy(context, stored);
  switch (status) {
    case 'inDoubt':
      await settleDoubt(context, stored, false);
      return closeLifetime(context, stored);
    case 'submitting':
      return noticeDeadWorker(context, stored);
    case 'accepted':
    case 'sent':
      return closeWindow(context, stored);
    case 'queued':
    case 'deferred':
      noticeOverdue(context, stored);
      return closeLifetime(context, stored);
    default:
      return;
  }
}

export async function closeOverdue(context: Context, mailbox: string): Promise<void> {
  for (const { id } of await context.log.listDue(mailbox, nowOf(context), TOP)) {
    const stored = await context.log.read(mailbox, id);
    if (stored) await lookAfter(context, stored);
  }
}
