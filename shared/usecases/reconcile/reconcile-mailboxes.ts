// The timer's work: visits every mailbox that is due, compares it with the log, and never lets one stop the others.
import pLimit from 'p-limit';
import type { ReportPosition } from '../../domain/reconcile/report-position.ts';
import { isDue, isForgettable } from '../../domain/reconcile/visit-schedule.ts';
import type { WatchedMailbox } from '../../ports/mailbox-registry.ts';
import type { Versioned } from '../../ports/status-log.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { closeOverdue } from './close-overdue.ts';
import { liftPauses } from './lift-pauses.ts';
import { MailboxUnreadable } from './mailbox-unreadable.ts';
import { readMessageTraces } from './read-message-traces.ts';
import { readReports } from './read-reports.ts';
import { readSentItems } from './read-sent-items.ts';

/** Mailboxes visited at the same time. */
const CONCURRENCY = 4;
/** A run starts no further visit after this time; what is left is the least recently visited and comes first the next time. */
const BUDGET_MS = 240_000;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function readMailbox(context: Context, watched: WatchedMailbox): Promise<WatchedMailbox> {
  const { error: _error, ...next } = { ...watched, reconciledDateTime: nowOf(context) };
  if (context.rules.graphRights === 'send') return next;
  let position: Partial<ReportPosition> = {};
  try {
    const deltaLink = watched.onlyFrom ? undefined : (await readSentItems(context, watched)).deltaLink;
    if (deltaLink !== undefined) next.sentItemsDeltaLink = deltaLink;
    await readReports(context, watched, async (readSoFar) => {
      position = readSoFar;
      await context.registry.noteReportsRead(watched.mailbox, readSoFar);
    });
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

/** An option: what it says is worth having, and nothing waits for it. */
async function readTraces(context: Context, watched: WatchedMailbox, mailboxes: number): Promise<Pick<WatchedMailbox, 'traceReadUntil'>> {
  try {
    const traceReadUntil = await readMessageTraces(context, watched, mailboxes);
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
  if (isForgettable(value, nowOf(context), context.rules.reportWindowMs)) {
    const open = await context.log.listDue(value.mailbox, '9999-12-31T00:00:00.000Z', 1);
    if (open.length === 0 && (await context.registry.forget(value.mailbox, etag))) return;
  }
  const read = await readMailbox(context, value);
  const next = { ...read, ...(await readTraces(context, value, watched.length)) };
  const unreadable = watched.filter((one) => one.value.error !== undefined).map((one) => one.value.mailbox);
  await closeOverdue(context, value.mailbox, new Set(unreadable));
  // Saved after the events: a run that dies before reads the same items again, which is harmless.
  await context.registry.save(next, etag);
}

/** Visits what is due. Two runs at once are safe. Returns how many mailboxes were visited. Throws StoreUnavailable only for the registry itself. */
export async function reconcileMailboxes(context: Context): Promise<number> {
  const started = context.clock.now();
  const watched = await context.registry.list();
  const due = watched
    .filter(({ value }) => isDue(value, started))
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
