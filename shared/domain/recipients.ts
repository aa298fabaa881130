// What reports say about recipients, folded into each one's outcome and into the request's counts.
import type { RecipientEvent } from './lifecycle.ts';
import type { Evidence, Recipient, RecipientCounts, ReportAction } from './send-request.ts';

/** One recipient's line of a report, in RFC 3464's and RFC 8098's words. */
export interface RecipientReport {
  address: string;
  event: RecipientEvent;
  status?: string;
  diagnosticCode?: string;
  remoteMta?: string;
  disposition?: string;
  dateTime: string;
  evidence: Evidence;
}

const ACTIONS: Partial<Record<RecipientEvent, ReportAction>> = {
  recipientFailed: 'failed',
  recipientDelayed: 'delayed',
  recipientDelivered: 'delivered',
  recipientRelayed: 'relayed',
  recipientExpanded: 'expanded',
};

/**
 * Which report replaces which: a higher rank says more. A failure downstream outranks an earlier delivery; a delay never outranks
 * a final report. Equal ranks: the later one by its date.
 */
const RANK: Record<ReportAction, number> = { delayed: 1, expanded: 2, relayed: 3, delivered: 4, failed: 5 };

/** What Exchange itself reports outranks a mail that merely looks like a report. */
const TRUST: Record<Evidence, number> = { mail: 0, messageTrace: 1, exchangeReport: 2 };

const later = (a: string | undefined, b: string): boolean => a === undefined || a <= b;

function replaces(recipient: Recipient, report: RecipientReport, action: ReportAction): boolean {
  if (recipient.action === undefined) return true;
  const trust = TRUST[report.evidence] - TRUST[recipient.evidence ?? 'mail'];
  if (trust < 0 && RANK[recipient.action] > RANK.delayed) return false;
  const rank = RANK[action] - RANK[recipient.action];
  return rank > 0 || (rank === 0 && later(recipient.reportedDateTime, report.dateTime)) || (trust > 0 && action !== 'delayed');
}

const FIELDS = ['action', 'status', 'diagnosticCode', 'remoteMta', 'disposition', 'reportedDateTime', 'evidence'] as const;

const orSame = (before: Recipient, after: Recipient): Recipient =>
  FIELDS.every((field) => before[field] === after[field]) ? before : after;

/** The recipient after the report. The same object comes back where the report adds nothing, so that one read again is recognised. */
export function foldReport(recipient: Recipient, report: RecipientReport): Recipient {
  const action = ACTIONS[report.event];
  if (action === undefined) {
    const said = report.disposition ?? (report.event === 'recipientRead' ? 'displayed' : 'deleted');
    return orSame(recipient, { ...recipient, disposition: said });
  }
  if (!replaces(recipient, report, action)) return recipient;
  const { address, type, disposition } = recipient;
  return orSame(recipient, {
    address,
    type,
    action,
    ...(report.status !== undefined && { status: report.status }),
    ...(report.diagnosticCode !== undefined && { diagnosticCode: report.diagnosticCode }),
    ...(report.remoteMta !== undefined && { remoteMta: report.remoteMta }),
    ...(disposition !== undefined && { disposition }),
    reportedDateTime: report.dateTime,
    evidence: report.evidence,
  });
}

/** Addresses are compared without case: no receiving system in use tells them apart by it (RFC 5321 section 2.4). */
export const sameAddress = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

export function countRecipients(recipients: readonly Recipient[]): RecipientCounts {
  const counts: RecipientCounts = { total: 0, failed: 0, delayed: 0, delivered: 0, relayed: 0, expanded: 0, read: 0, notRead: 0 };
  for (const { action, disposition } of recipients) {
    counts.total++;
    if (action) counts[action]++;
    if (disposition === 'displayed') counts.read++;
    else if (disposition === 'deleted') counts.notRead++;
  }
  return counts;
}

export const everyRecipientFailed = (counts: RecipientCounts): boolean => counts.total > 0 && counts.failed === counts.total;
