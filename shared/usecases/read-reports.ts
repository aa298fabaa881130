// Steps 3, 5 and 7: reads the reports that came in, and writes what they say of each recipient.
import { applyEvent, applyReport, type LifeEvent, type TimelineEvent } from '../domain/apply-event.ts';
import { after } from '../domain/duration.ts';
import type { RecipientReport } from '../domain/recipients.ts';
import { evidenceOf, recipientReports } from '../domain/report-events.ts';
import { parseReport } from '../domain/reports/parse-report.ts';
import type { Report } from '../domain/reports/report.ts';
import type { Recipient, SendRequestRecord } from '../domain/send-request.ts';
import type { ReportItem } from '../ports/graph-mail.ts';
import type { WatchedMailbox } from '../ports/mailbox-registry.ts';
import type { Context } from './context.ts';
import { guidOf, nowOf } from './context.ts';
import { requestOfReport } from './correlate.ts';
import { MailboxUnreadable } from './mailbox-unreadable.ts';
import { changeOf, type Stored, tell } from './write-log.ts';

/** Clocks differ and mails are filed late: each run reads a little of the last one again. Repeated reports are harmless. */
const OVERLAP_MS = 300_000;
const MAXIMUM_PAGES = 20;
const MAXIMUM_CONFLICTS = 5;

const OPEN_FOR_PROOF: readonly SendRequestRecord['status'][] = ['queued', 'deferred', 'submitting', 'inDoubt', 'unaccounted'];

interface Step {
  record: SendRequestRecord;
  recipients: Recipient[];
  events: TimelineEvent[];
}

/** Exchange's own report class proves that the request was submitted, whatever its state says. */
function proofOf(context: Context, step: Step, fact: string): Step {
  if (!OPEN_FOR_PROOF.includes(step.record.status)) return step;
  const dateTime = nowOf(context);
  const life: LifeEvent = {
    type: 'reportReceived',
    dateTime,
    fact,
    patch: {
      acceptedDateTime: step.record.acceptedDateTime ?? dateTime,
      reportWindowEnds: step.record.reportWindowEnds ?? after(dateTime, context.rules.reportWindowMs),
    },
    clears: ['nextAttemptDateTime', 'doubt'],
  };
  const applied = applyEvent(step.record, life);
  return applied.kind === 'applied' ? { ...step, record: applied.record, events: [...step.events, applied.event] } : step;
}

function fold(step: Step, reports: readonly RecipientReport[], fact: string): Step {
  return reports.reduce((current, report) => {
    const applied = applyReport(current.record, current.recipients, report, fact);
    if (applied.kind === 'ignored') return current;
    return { record: applied.record, recipients: applied.recipients, events: [...current.events, applied.event] };
  }, step);
}

/** Writes one report's lines in one change. Read again and folded again when another writer was faster. */
async function writeReport(context: Context, found: Stored, report: Report, item: ReportItem): Promise<boolean> {
  const evidence = evidenceOf(item.itemClass);
  const fact = item.id.slice(-24);
  let stored: Stored | undefined = found;
  const { mailbox, id } = found.value;
  for (let conflicts = 0; stored && conflicts < MAXIMUM_CONFLICTS; conflicts++) {
    const recipients = await context.log.recipients(mailbox, id);
    const start: Step = { record: stored.value, recipients, events: [] };
    const reports = recipientReports(report, recipients, evidence, item.receivedDateTime);
    const end = fold(evidence === 'exchangeReport' ? proofOf(context, start, fact) : start, reports, fact);
    if (end.events.length === 0) return false;
    const result = await context.log.write(changeOf(end.record, end.events, end.recipients), stored.etag);
    if (result.kind === 'written') {
      for (const event of end.events) tell(context, end.record, event);
      return true;
    }
    stored = await context.log.read(mailbox, id);
  }
  return false;
}

async function readReport(context: Context, mailbox: string, item: ReportItem): Promise<boolean> {
  const call = { mailbox, clientRequestId: guidOf(context), timeoutMs: context.rules.graphTimeoutMs };
  const mime = await context.graph.getMime(call, item.id);
  if (mime.kind === 'answered' && mime.status === 404) return false; // Deleted or moved meanwhile by its owner.
  if (mime.kind !== 'answered' || mime.status !== 200 || !mime.body) throw new MailboxUnreadable('a report', mime);
  const report = await parseReport(mime.body, item.itemClass ? { itemClass: item.itemClass } : {});
  if (report.kind === 'none') return false;
  const stored = await requestOfReport(context, mailbox, report);
  if (stored) return writeReport(context, stored, report, item);
  context.telemetry.event('reportOfNobody', { mailbox, kind: report.kind, evidence: evidenceOf(item.itemClass) });
  return false;
}

export interface ReportsRead {
  readUntil: string;
  found: number;
}

/** Reads what came in since the last run. Throws MailboxUnreadable where Graph refuses. */
export async function readReports(context: Context, watched: WatchedMailbox): Promise<ReportsRead> {
  const started = nowOf(context);
  const since = after(watched.reportsReadUntil ?? after(watched.touchedDateTime, -3_600_000), -OVERLAP_MS);
  let from: { link: string } | { since: string } = { since };
  let readUntil = since;
  let found = 0;
  for (let pages = 0; pages < MAXIMUM_PAGES; pages++) {
    const call = { mailbox: watched.mailbox, clientRequestId: guidOf(context), timeoutMs: context.rules.graphTimeoutMs };
    const answer = await context.graph.listReports(call, from);
    if (answer.kind !== 'answered' || answer.status !== 200 || !answer.body) throw new MailboxUnreadable('the Inbox', answer);
    for (const item of answer.body.items) {
      if (context.recentReports.has(item.id)) continue;
      if (await readReport(context, watched.mailbox, item)) found++;
      context.recentReports.add(item.id);
    }
    readUntil = answer.body.readUntil ?? readUntil;
    if (!answer.body.nextLink) return { readUntil: started, found };
    from = { link: answer.body.nextLink };
  }
  return { readUntil, found };
}
