// Steps 3, 5 and 7: reads the reports that came in, and writes what they say of each recipient.
import { after } from '../../domain/duration.ts';
import { evidenceOf, ownAccountFailure, recipientReports } from '../../domain/reconcile/report-events.ts';
import { parseReport } from '../../domain/reports/parse-report.ts';
import type { Report } from '../../domain/reports/report.ts';
import type { ReportItem } from '../../ports/graph-mail.ts';
import type { WatchedMailbox } from '../../ports/mailbox-registry.ts';
import type { Context } from '../context.ts';
import { guidOf, nowOf } from '../context.ts';
import { settleDoubt } from '../doubt/settle-doubt.ts';
import type { Stored } from '../log/write-log.ts';
import { accountFailed } from '../submit/pause-account.ts';
import { type Match, requestOfReport } from './correlate.ts';
import { MailboxUnreadable } from './mailbox-unreadable.ts';
import { recordReport } from './record-report.ts';

/** Clocks differ and mails are filed late: each run reads a little of the last one again. Repeated reports are harmless. */
const OVERLAP_MS = 300_000;
/** A report may be faster than the copy that tells the Message-ID which Exchange gave the mail: until then it may still find its request. */
const ORPHAN_MS = 240_000;
const MAXIMUM_PAGES = 20;
/** One mailbox's reports may take this long in one visit: other mailboxes wait, and the function ends after ten minutes. */
const BUDGET_MS = 45_000;

/**
 * What a report says of the request is a claim. It proves that the mail was submitted, and pauses a mailbox, only if our own
 * organization's Exchange made it, and this tenant was shown to tell such reports from others (`npx graph-mail-queue verify`). Otherwise it is the
 * reason for a look at once.
 */
async function write(context: Context, { stored, shared }: Match, report: Report, item: ReportItem): Promise<boolean> {
  const evidence = evidenceOf(item.itemClass, report);
  const isCredible = evidence === 'exchangeReport' && !shared;
  const proves = isCredible && (await context.proofs.isProven('reports'));
  const failure = isCredible ? ownAccountFailure(report) : undefined;
  if (failure) await accountFailed(context, stored.value, failure, item.receivedDateTime, proves);
  const newest = proves || stored.value.status !== 'inDoubt' ? stored : await afterLook(context, stored);
  return recordReport(context, newest, {
    fact: item.id.slice(-24),
    evidence,
    proves,
    about: (recipients) => recipientReports(report, recipients, evidence, item.receivedDateTime),
  });
}

async function afterLook(context: Context, stored: Stored): Promise<Stored> {
  const settled = await settleDoubt(context, stored, false);
  return settled.kind === 'settled' || settled.kind === 'changed' ? settled.stored : stored;
}

/** `orphan`: nobody's, as far as one can see now. */
async function readReport(context: Context, watched: WatchedMailbox, item: ReportItem): Promise<'written' | 'nothing' | 'orphan'> {
  const { mailbox } = watched;
  const call = { mailbox, clientRequestId: guidOf(context), timeoutMs: context.rules.graphTimeoutMs };
  const mime = await context.graph.getMime(call, item.id);
  if (mime.kind === 'answered' && mime.status === 404) return 'nothing'; // Deleted or moved meanwhile by its owner.
  if (mime.kind !== 'answered' || mime.status !== 200 || !mime.body) throw new MailboxUnreadable('a report', mime);
  const report = await parseReport(mime.body, item.itemClass ? { itemClass: item.itemClass } : {});
  if (report.kind === 'none') return 'nothing';
  const match = await requestOfReport(context, watched, report);
  if (match) return (await write(context, match, report, item)) ? 'written' : 'nothing';
  if (after(item.receivedDateTime, ORPHAN_MS) > nowOf(context)) return 'orphan';
  context.telemetry.event('reportOfNobody', { mailbox, kind: report.kind, evidence: evidenceOf(item.itemClass, report) });
  return 'nothing';
}

export interface ReportsRead {
  /** RFC 3339: the next visit goes on from here. */
  readUntil: string;
  found: number;
  /** More is left than this visit had time for. */
  isCut?: true;
}

/** Reads what came in since the last run. Throws MailboxUnreadable if Graph refuses. */
export async function readReports(context: Context, watched: WatchedMailbox): Promise<ReportsRead> {
  const begun = context.clock.now();
  const started = nowOf(context);
  const since = after(watched.reportsReadUntil ?? after(watched.touchedDateTime, -3_600_000), -OVERLAP_MS);
  let from: { link: string } | { since: string } = { since };
  let readUntil = since;
  let found = 0;
  for (let pages = 0; pages < MAXIMUM_PAGES; pages++) {
    const call = { mailbox: watched.mailbox, clientRequestId: guidOf(context), timeoutMs: context.rules.graphTimeoutMs };
    const answer = await context.graph.listReports(call, from);
    if (answer.kind !== 'answered' || answer.status !== 200 || !answer.body) throw new MailboxUnreadable('the reports', answer);
    for (const item of answer.body.items) {
      if (context.clock.now() - begun > BUDGET_MS) return { readUntil, found, isCut: true };
      readUntil = item.receivedDateTime > readUntil ? item.receivedDateTime : readUntil;
      if (context.recentReports.has(item.id)) continue;
      const said = await readReport(context, watched, item);
      if (said === 'written') found++;
      if (said !== 'orphan') context.recentReports.add(item.id);
    }
    readUntil = answer.body.readUntil ?? readUntil;
    if (!answer.body.nextLink) return { readUntil: started, found };
    from = { link: answer.body.nextLink };
  }
  return { readUntil, found };
}
