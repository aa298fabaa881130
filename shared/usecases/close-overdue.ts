// Looks after open requests whose time has come: doubts, dead workers, closed report windows, copies to remove, and what the worker left.
import type { LifeEvent } from '../domain/apply-event.ts';
import { nothingLeft } from '../domain/delivery-decision.ts';
import { OVERDUE_MS, WORKER_EXPIRES_WITHIN_MS } from '../domain/due.ts';
import { after } from '../domain/duration.ts';
import type { Context } from './context.ts';
import { nowOf } from './context.ts';
import { lookInMailbox } from './look-in-mailbox.ts';
import { removeCopy } from './remove-copy.ts';
import { settleDoubt, writeFound } from './settle-doubt.ts';
import { ifUnchanged, type Stored, writeEvent } from './write-log.ts';

/** Open requests handled in one visit; the next visit goes on. */
const TOP = 500;
/** How long after the report window a mailbox may be unreadable before its accepted requests are closed all the same. */
const LAST_LOOK_WITHIN_MS = 86_400_000;

/** A copy that no delta query showed may be there all the same. False where it was found, or where nobody could look yet. */
async function isNowhere(context: Context, stored: Stored): Promise<boolean> {
  if (stored.value.status !== 'accepted' || context.rules.graphRights === 'send') return true;
  const look = await lookInMailbox(context, stored.value);
  if (look.kind === 'cannotLook') return after(stored.value.reportWindowEnds ?? '', LAST_LOOK_WITHIN_MS) < nowOf(context);
  if (look.kind === 'absent' || look.copy.isDraft) return true;
  return (await writeFound(context, stored, look)).kind === 'copyClaimed';
}

async function closeWindow(context: Context, stored: Stored): Promise<void> {
  const { mailbox, id, status, reportWindowEnds } = stored.value;
  if (reportWindowEnds === undefined || reportWindowEnds > nowOf(context)) return;
  if (!(await isNowhere(context, stored))) return;
  const detail = status === 'sent' ? 'no further report within the report window' : 'its copy was never seen in Sent Items';
  const build = () => ({ type: 'reportWindowClosed', dateTime: nowOf(context), fact: 'window', detail }) as const;
  await writeEvent(context, mailbox, id, ifUnchanged(stored, build), stored);
}

/** The worker died after the claim, and its queue message may come late: from now on the mail is looked for, or waits again. */
async function noticeDeadWorker(context: Context, stored: Stored): Promise<void> {
  const { claim, mailbox, id } = stored.value;
  const dateTime = nowOf(context);
  const graceUntil = after(dateTime, context.rules.inDoubtGraceMs);
  if (after(claim?.callsUntil ?? dateTime, context.rules.inDoubtGraceMs) > dateTime) return;
  const base = { dateTime, fact: claim?.nonce ?? 'none', detail: 'the worker never wrote an outcome' };
  const event: LifeEvent = nothingLeft(claim)
    ? { ...base, type: 'submissionFailedTransiently' }
    : { ...base, type: 'outcomeUnknown', patch: { doubt: { since: dateTime, graceUntil } } };
  await writeEvent(
    context,
    mailbox,
    id,
    ifUnchanged(stored, () => event),
    stored,
  );
}

async function closeLifetime(context: Context, stored: Stored): Promise<void> {
  const { mailbox, id, sendBefore } = stored.value;
  const dateTime = nowOf(context);
  if (after(sendBefore, WORKER_EXPIRES_WITHIN_MS) > dateTime) return;
  const detail = `its queue message never came back; its lifetime ended at ${sendBefore}`;
  const event: LifeEvent = { type: 'lifetimeExpired', dateTime, fact: 'lifetime', detail, clears: ['nextAttemptDateTime'] };
  await writeEvent(
    context,
    mailbox,
    id,
    ifUnchanged(stored, () => event),
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
    ageSeconds: Math.round((context.clock.now() - Date.parse(value.createdDateTime)) / 1000),
  });
}

async function lookAfter(context: Context, stored: Stored): Promise<void> {
  const { status, copyToRemove } = stored.value;
  if (copyToRemove) await removeCopy(context, stored);
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
