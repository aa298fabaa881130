// Steps 3, 5 and 7: reads the reports that came in, and writes what they say of each recipient.
import { after } from '../../domain/duration.ts';
import { evidenceOf, ownFailure, recipientReports } from '../../domain/reconcile/report-events.ts';
import { beginOf, GIVE_UP_MS, positionAfter, type ReportPosition } from '../../domain/reconcile/report-position.ts';
import { parseReport } from '../../domain/reports/parse-report.ts';
import type { Report } from '../../domain/reports/report.ts';
import type { GraphAnswer, ReportItem, ReportPage } from '../../ports/graph-mail.ts';
import type { WatchedMailbox } from '../../ports/mailbox-registry.ts';
import type { Context } from '../context.ts';
import { guidOf, nowOf } from '../context.ts';
import { settleDoubt } from '../doubt/settle-doubt.ts';
import { limitReported } from '../limits/limit-reported.ts';
import type { Stored } from '../log/write-log.ts';
import { accountFailed } from '../submit/pause-account.ts';
import { type Match, requestOfReport } from './correlate.ts';
import { MailboxUnreadable } from './mailbox-unreadable.ts';
import { recordReport } from './record-report.ts';
import { suppressAddresses } from './suppress-addresses.ts';

/** A report may be faster than the copy that tells the Message-ID which Exchange gave the mail: until then it may still find its request. */
const ORPHAN_MS = 240_000;
const MAXIMUM_PAGES = 20;
/** One mailbox's reports may take this long in one visit: other mailboxes wait. */
const BUDGET_MS = 45_000;
/** One report may take this long: its beginning is read, a few megabytes at most. */
const REPORT_TIMEOUT_MS = 20_000;

/**
 * What a report says of the request is a claim. It proves that the mail was submitted, and pauses a mailbox, only if our own
 * organization's Exchange made it, and this tenant was shown to tell such reports from others (`npx graph-mail-queue verify`). Otherwise it is the
 * reason for a look at once.
 */
async function write(context: Context, { stored, shared }: Match, report: Report, item: ReportItem): Promise<boolean> {
  const evidence = evidenceOf(item.itemClass, report);
  const isCredible = evidence === 'exchangeReport' && !shared;
  const proves = isCredible && (await context.proofs.isProven('reports'));
  const failure = isCredible ? ownFailure(report) : undefined;
  if (failure) await accountFailed(context, stored.value, failure, item.receivedDateTime, proves);
  if (proves) await suppressAddresses(context, stored.value, report, item.receivedDateTime);
  if (failure && proves) await limitReported(context, stored.value, failure.statusCode, item.receivedDateTime);
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

/** Graph does not show this mail. Whether another one is worth trying is seen from the answer. */
type Statement = 'written' | 'nothing' | 'orphan' | { unreadable: MailboxUnreadable };

/** The failure concerns the whole mailbox or all of Graph, so no other mail of it can be read now. */
const concernsAll = (answer: GraphAnswer<unknown>): boolean =>
  answer.kind === 'notSent' || (answer.kind === 'answered' && [401, 403, 429, 503].includes(answer.status));

/** `orphan`: nobody's, as far as one can see now. Throws MailboxUnreadable. */
async function readReport(context: Context, watched: WatchedMailbox, item: ReportItem): Promise<Statement> {
  const { mailbox } = watched;
  const timeoutMs = Math.min(context.rules.graphTimeoutMs, REPORT_TIMEOUT_MS);
  const mime = await context.graph.getMime({ mailbox, clientRequestId: guidOf(context), timeoutMs }, item.id);
  if (mime.kind === 'answered' && mime.status === 404) return 'nothing'; // Deleted or moved meanwhile by its owner.
  if (mime.kind !== 'answered' || mime.status !== 200 || !mime.body) {
    const unreadable = new MailboxUnreadable('a report', mime);
    if (concernsAll(mime)) throw unreadable;
    return { unreadable };
  }
  const report = await parseReport(mime.body, item.itemClass ? { itemClass: item.itemClass } : {});
  if (report.kind === 'none') return 'nothing';
  const match = await requestOfReport(context, watched, report);
  if (match) return (await write(context, match, report, item)) ? 'written' : 'nothing';
  if (after(item.receivedDateTime, ORPHAN_MS) > nowOf(context)) return 'orphan';
  context.telemetry.event('reportOfNobody', { mailbox, kind: report.kind, evidence: evidenceOf(item.itemClass, report) });
  return 'nothing';
}

/** One visit's reading of one mailbox, and how far it has come. */
class Visit {
  readonly #context: Context;
  readonly #watched: WatchedMailbox;
  readonly #begun: number;
  #readUntil: string;
  #earliestUnread: { receivedDateTime: string; why: MailboxUnreadable } | undefined;
  #items = 0;

  constructor(context: Context, watched: WatchedMailbox, since: string) {
    this.#context = context;
    this.#watched = watched;
    this.#begun = context.clock.now();
    this.#readUntil = since;
  }

  get position(): ReportPosition {
    return positionAfter(new Date(this.#begun).toISOString(), this.#readUntil, this.#earliestUnread?.receivedDateTime);
  }

  /** Why a mail could not be read that is tried again. */
  get unread(): MailboxUnreadable | undefined {
    return this.#earliestUnread?.why;
  }

  /** Whether it has looked at any mail. */
  get hasLooked(): boolean {
    return this.#items > 0;
  }

  /** Whether its time is used up. Each visit reads at least one mail, so it makes progress even if Graph is slow. */
  get isOver(): boolean {
    return this.hasLooked && this.#context.clock.now() - this.#begun > BUDGET_MS;
  }

  /** False if the time was used up before all of them were read. */
  async read({ items, readUntil }: ReportPage): Promise<boolean> {
    for (const item of items) {
      if (this.#context.recentReports.has(item.id)) continue;
      if (this.isOver) return false;
      this.#items++;
      await this.#readItem(item);
      this.#readOn(item.receivedDateTime);
    }
    this.#readOn(readUntil);
    return true;
  }

  /** Nothing is left: all that had come in when the visit began has been read. */
  readAll(): void {
    this.#readUntil = new Date(this.#begun).toISOString();
  }

  #readOn(until = this.#readUntil): void {
    if (Date.parse(until) > Date.parse(this.#readUntil)) this.#readUntil = until;
  }

  async #readItem(item: ReportItem): Promise<void> {
    const said = await readReport(this.#context, this.#watched, item);
    if (said === 'orphan') return;
    if (typeof said === 'string') this.#context.recentReports.add(item.id);
    else if (after(item.receivedDateTime, GIVE_UP_MS) > nowOf(this.#context)) {
      this.#earliestUnread ??= { receivedDateTime: item.receivedDateTime, why: said.unreadable };
    }
  }
}

export interface ReportsRead {
  position: ReportPosition;
  /** Why a mail could not be read that is tried again. */
  unread: MailboxUnreadable | undefined;
  /** If it has looked at no mail, it has changed no request. */
  hasLooked: boolean;
}

/**
 * Reads what came in since the last visit, for a while. Calls `saved` with the position after each page and at the end, so that a run that dies or
 * fails keeps what it has read. Throws MailboxUnreadable if Graph refuses.
 */
export async function readReports(
  context: Context,
  watched: WatchedMailbox,
  saved: (position: ReportPosition) => Promise<void>,
): Promise<ReportsRead> {
  const since = beginOf(watched, watched.touchedDateTime);
  const visit = new Visit(context, watched, since);
  let from: { link: string } | { since: string } = { since };
  for (let pages = 0; pages < MAXIMUM_PAGES && !visit.isOver; pages++) {
    const call = { mailbox: watched.mailbox, clientRequestId: guidOf(context), timeoutMs: context.rules.graphTimeoutMs };
    const answer = await context.graph.listReports(call, from);
    if (answer.kind !== 'answered' || answer.status !== 200 || !answer.body) throw new MailboxUnreadable('the reports', answer);
    const { nextLink } = answer.body;
    const isWhole = await visit.read(answer.body);
    if (isWhole && !nextLink) visit.readAll();
    if (!isWhole || !nextLink) break;
    await saved(visit.position);
    from = { link: nextLink };
  }
  return { position: visit.position, unread: visit.unread, hasLooked: visit.hasLooked };
}
