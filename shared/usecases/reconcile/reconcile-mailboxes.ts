// The timer's work: visits every mailbox that is due, compares it with the log, and goes on with the others if one fails.
import pLimit from 'p-limit';
import type { ReportPosition } from '../../domain/reconcile/report-position.ts';
import { isDue, isForgettable, isToBeMended } from '../../domain/reconcile/visit-schedule.ts';
import type { WatchedMailbox } from '../../ports/mailbox-registry.ts';
import type { Agenda, Versioned } from '../../ports/status-log.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { agendaOf, closeOverdue, mendAgenda } from './close-overdue.ts';
import { liftPauses } from './lift-pauses.ts';
import { MailboxUnreadable } from './mailbox-unreadable.ts';
import { readMessageTraces } from './read-message-traces.ts';
import { readReports } from './read-reports.ts';
import { readSentItems } from './read-sent-items.ts';

/**
 * Mailboxes visited at the same time. Within a mailbox one call follows the other: Graph takes four at a time for each mailbox, and the worker's
 * lanes have the other three.
 */
const CONCURRENCY = 16;
/** A run starts no further visit after this time; what is left is the least recently visited and comes first the next time. */
const BUDGET_MS = 240_000;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Sent Items is not read if no request awaits a copy. */
async function readMailbox(context: Context, watched: WatchedMailbox, agenda: Agenda): Promise<WatchedMailbox> {
  const { error: _error, ...next } = { ...watched, reconciledDateTime: nowOf(context) };
  if (context.rules.graphRights === 'send') return next;
  let position: Partial<ReportPosition> = {};
  try {
    const awaitsCopy = !watched.onlyFrom && agenda.awaiting.length > 0;
    // Copies first: they tell the Message-ID by which a report is matched.
    const deltaLink = awaitsCopy ? (await readSentItems(context, watched, agenda)).deltaLink : undefined;
    if (deltaLink !== undefined) next.sentItemsDeltaLink = deltaLink;
    const read = await readReports(context, watched, async (readSoFar) => {
      position = readSoFar;
      await context.registry.noteReportsRead(watched.mailbox, readSoFar);
    });
    position = read.position;
    if (read.unread) throw read.unread;
    return { ...next, ...position };
  } catch (error) {
    const reason = reasonOf(error);
    const { mailbox, onlyFrom } = watched;
    // A From need not be a mailbox at all: a distribution list can be one.
    if (onlyFrom) context.telemetry.event('fromUnreadable', { mailbox, reason });
    else context.telemetry.event('mailboxUnreadable', { mailbox, reason });
    return { ...next, ...position, error: reason };
  }
}

/** Optional: it adds information, but nothing waits for it. */
async function readTraces(
  context: Context,
  watched: WatchedMailbox,
  mailboxes: number,
  agenda: Agenda,
): Promise<Pick<WatchedMailbox, 'traceReadUntil'>> {
  try {
    const traceReadUntil = await readMessageTraces(context, watched, mailboxes, agenda);
    return traceReadUntil === undefined ? {} : { traceReadUntil };
  } catch (error) {
    if (!(error instanceof MailboxUnreadable)) throw error;
    context.telemetry.event('messageTraceUnreadable', { mailbox: watched.mailbox, reason: error.message });
    return {};
  }
}

async function forgetSubmitters(context: Context, { mailbox, submitters = [] }: WatchedMailbox): Promise<void> {
  const stale = submitters.filter((submitter) => isForgettable(submitter, nowOf(context), context.rules.reportWindowMs));
  for (const submitter of stale) await context.registry.forgetSubmitter(mailbox, submitter);
}

async function visit(
  context: Context,
  { value, etag }: Versioned<WatchedMailbox>,
  watched: readonly Versioned<WatchedMailbox>[],
): Promise<void> {
  await forgetSubmitters(context, value);
  const mends = isToBeMended(value, nowOf(context));
  if (mends) await mendAgenda(context, value.mailbox);
  const agenda = await agendaOf(context, value.mailbox);
  const isIdle = agenda.awaiting.length === 0 && agenda.others.length === 0;
  if (isIdle && isForgettable(value, nowOf(context), context.rules.reportWindowMs)) {
    if (await context.registry.forget(value.mailbox, etag)) return;
  }
  const read = await readMailbox(context, value, agenda);
  const next = {
    ...read,
    ...(await readTraces(context, value, watched.length, agenda)),
    ...(mends && { agendaMendedDateTime: nowOf(context) }),
  };
  const unreadable = watched.filter((one) => one.value.error !== undefined).map((one) => one.value.mailbox);
  // Read anew: what was found has changed it.
  const { awaiting, nextDue: nextDueDateTime } = await closeOverdue(context, value.mailbox, new Set(unreadable));
  const { nextDueDateTime: _, ...rest } = next;
  const outlook = { awaitsMore: awaiting.length > 0, ...(nextDueDateTime !== undefined && { nextDueDateTime }) };
  // Saved after the events: a run that dies before reads the same items again, which is harmless.
  await context.registry.save({ ...rest, ...outlook }, etag);
}

/** Visits what is due. Two runs at once are safe. Returns how many mailboxes were visited. Throws StoreUnavailable only for the registry itself. */
export async function reconcileMailboxes(context: Context): Promise<number> {
  const started = context.clock.now();
  const watched = await context.registry.list();
  const due = watched
    // Traces change for days: whoever wants them read has the visits that they take.
    .filter(({ value }) => isDue(context.rules.messageTrace ? { ...value, awaitsMore: true } : value, started))
    .sort((a, b) => (a.value.reconciledDateTime ?? '').localeCompare(b.value.reconciledDateTime ?? ''));
  let visited = 0;
  let left = 0;
  await pLimit(CONCURRENCY).map(due, async (one) => {
    if (context.clock.now() - started >= BUDGET_MS) {
      left++;
      return;
    }
    const { mailbox } = one.value;
    try {
      await visit(context, one, watched);
      visited++;
    } catch (error) {
      context.telemetry.event('visitFailed', { mailbox, reason: reasonOf(error) });
    }
  });
  try {
    await liftPauses(context);
  } catch (error) {
    context.telemetry.event('visitFailed', { reason: `pauses of accounts: ${reasonOf(error)}` });
  }
  context.telemetry.event('reconciled', { visited, watched: watched.length, left });
  return visited;
}
