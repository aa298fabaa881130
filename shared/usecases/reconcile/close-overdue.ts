// Looks after open requests whose time has come: doubts, dead workers, closed report windows, copies to remove, and what the worker left.

import { after } from '../../domain/duration.ts';
import type { LifecycleEvent } from '../../domain/log/apply-event.ts';
import { isUnconfirmed } from '../../domain/log/send-request.ts';
import { dueOf, OVERDUE_MS, seeksUnwantedCopy, WORKER_EXPIRES_WITHIN_MS } from '../../domain/reconcile/due.ts';
import { nothingLeft } from '../../domain/submit/delivery-decision.ts';
import type { Agenda } from '../../ports/status-log.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { settleDoubt } from '../doubt/settle-doubt.ts';
import { changeOf, type Stored, writeIfUnchanged } from '../log/write-log.ts';
import { closeWindow, lookForCopy, type UnreadableMailboxes } from './close-window.ts';
import { removeCopy } from './remove-copy.ts';

/** Open requests handled in one visit; the next visit goes on. */
const TOP = 500;
/** Searches for the copies of accepted mails in one visit: a few calls to Graph each. */
const COPY_LOOKS = 50;

/** The worker died after the claim, and its queue message may come late: from now on the mail is looked for, or waits again. */
async function noticeDeadWorker(context: Context, stored: Stored): Promise<void> {
  const { claim } = stored.value;
  const dateTime = nowOf(context);
  const graceUntil = after(dateTime, context.rules.inDoubtGraceMs);
  if (after(claim?.callsUntil ?? dateTime, context.rules.inDoubtGraceMs) > dateTime) return;
  const base = { dateTime, fact: claim?.nonce ?? 'none', detail: 'the worker never wrote an outcome' };
  const event: LifecycleEvent = nothingLeft(claim)
    ? { ...base, type: 'submissionFailedTransiently' }
    : { ...base, type: 'outcomeUnknown', patch: { doubt: { since: dateTime, graceUntil } } };
  await writeIfUnchanged(context, stored, event);
}

async function closeLifetime(context: Context, stored: Stored): Promise<void> {
  const { sendBefore } = stored.value;
  const dateTime = nowOf(context);
  if (after(sendBefore, WORKER_EXPIRES_WITHIN_MS) > dateTime) return;
  // Without a write for each mail nobody can tell here whether the caller got 202. If so, the mail is one that was accepted and lost.
  const what = isUnconfirmed(stored.value)
    ? 'no delivery of its queue message has come; the HTTP API may have died before the queue had it'
    : 'its queue message never came back';
  const detail = `${what}; its lifetime ended at ${sendBefore}`;
  const event: LifecycleEvent = { type: 'lifetimeExpired', dateTime, fact: 'lifetime', detail, clears: ['nextAttemptDateTime'] };
  await writeIfUnchanged(context, stored, event);
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

async function lookAfter(context: Context, stored: Stored, looks: { left: number }, unreadable: UnreadableMailboxes): Promise<void> {
  const { status, copyToRemove, reportWindowEnds } = stored.value;
  if (copyToRemove) await removeCopy(context, stored);
  switch (status) {
    case 'inDoubt':
      await settleDoubt(context, stored, false);
      return closeLifetime(context, stored);
    case 'submitting':
      return noticeDeadWorker(context, stored);
    case 'accepted':
      if (reportWindowEnds !== undefined && reportWindowEnds <= nowOf(context)) return closeWindow(context, stored, unreadable);
      return looks.left-- > 0 ? lookForCopy(context, stored) : undefined;
    case 'sent':
      return closeWindow(context, stored, unreadable);
    case 'failed':
      return seeksUnwantedCopy(stored.value) && looks.left-- > 0 ? lookForCopy(context, stored) : undefined;
    case 'queued':
    case 'deferred':
      noticeOverdue(context, stored);
      return closeLifetime(context, stored);
    default:
      return;
  }
}

/** Returns the agenda as it was. `unreadable`: so that the outcome does not claim that no report came if reports could not be read. */
export async function closeOverdue(context: Context, mailbox: string, unreadable: UnreadableMailboxes = new Set()): Promise<Agenda> {
  const looks = { left: COPY_LOOKS };
  const agenda = await agendaOf(context, mailbox);
  for (const { id } of agenda.due) {
    const stored = await context.log.read(mailbox, id);
    // What was read of the agenda may be old by now.
    if (stored && (dueOf(stored.value) ?? '9999') <= nowOf(context)) await lookAfter(context, stored, looks, unreadable);
  }
  return agenda;
}

/** What a visit of the mailbox has to do. */
export const agendaOf = (context: Context, mailbox: string): Promise<Agenda> => context.log.agenda(mailbox, nowOf(context), TOP);

/** Rows that a version without an agenda wrote are written again, so that the agenda has them. */
export async function mendAgenda(context: Context, mailbox: string): Promise<void> {
  for (const id of await context.log.strays(mailbox)) {
    const stored = await context.log.read(mailbox, id);
    // A conflict means that somebody else has just written it.
    if (stored) await context.log.write(changeOf(stored.value, []), stored.etag);
  }
}
