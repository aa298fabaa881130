// What reports say about recipients, folded into each one's outcome and into the request's counts.
import type { RecipientEvent } from '../log/lifecycle.ts';
import type { Evidence, Recipient, RecipientAction, RecipientCounts } from '../log/send-request.ts';

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

const ACTIONS: Partial<Record<RecipientEvent, RecipientAction>> = {
  recipientFailed: 'failed',
  recipientDelayed: 'delayed',
  recipientDelivered: 'delivered',
  recipientRelayed: 'relayed',
  recipientExpanded: 'expanded',
  recipientQuarantined: 'quarantined',
  recipientFilteredAsSpam: 'filteredAsSpam',
};

/** `new`: the report that comes counts; `old`: the one that is known; `later`: the later one by its date. */
type Order = 'new' | 'old' | 'later';
const COMING = ['delayed', 'expanded', 'relayed', 'quarantined', 'filteredAsSpam', 'delivered', 'failed'] as const;

/**
 * Which of two equally trusted reports counts: rows are the known one, columns the new one. The one that says more counts, in either
 * order: a failure downstream counts after a delivery, a delay never after a final outcome. A mail in quarantine may still be released, or not.
 */
const COUNTS: Record<RecipientAction, readonly Order[]> = {
  delayed: ['later', 'new', 'new', 'new', 'new', 'new', 'new'],
  expanded: ['old', 'later', 'new', 'new', 'new', 'new', 'new'],
  relayed: ['old', 'old', 'later', 'new', 'new', 'new', 'new'],
  quarantined: ['old', 'old', 'old', 'later', 'new', 'new', 'new'],
  filteredAsSpam: ['old', 'old', 'old', 'later', 'later', 'new', 'new'],
  delivered: ['old', 'old', 'old', 'later', 'later', 'later', 'new'],
  failed: ['old', 'old', 'old', 'old', 'old', 'old', 'later'],
};

/** What Exchange itself reports outranks its trace, which outranks a mail that merely looks like a report. */
const TRUST: Record<Evidence, number> = { inferred: 0, mail: 0, messageTrace: 1, exchangeReport: 2 };

/** Exchange itself says it, by a report or its trace. Anybody may have written a mail, and an inferred recipient is no better evidence. */
export const isOfExchange = (evidence: Evidence | undefined): boolean => TRUST[evidence ?? 'mail'] > TRUST.mail;

/** A final outcome that Exchange itself reports. A less trusted report does not change it, and it replaces every less trusted one. */
const isLastWord = (action: RecipientAction | undefined, evidence: Evidence | undefined): boolean =>
  evidence === 'exchangeReport' && (action === 'delivered' || action === 'failed');

function replaces(recipient: Recipient, report: RecipientReport, action: RecipientAction): boolean {
  if (recipient.action === undefined) return true;
  const order = COUNTS[recipient.action][COMING.indexOf(action)];
  const trust = TRUST[report.evidence] - TRUST[recipient.evidence ?? 'mail'];
  if (trust > 0) return order !== 'old' || isLastWord(action, report.evidence);
  if (trust < 0) return order === 'new' && !isLastWord(recipient.action, recipient.evidence);
  return order === 'new' || (order === 'later' && (recipient.reportedDateTime ?? '') <= report.dateTime);
}

const FIELDS = ['action', 'status', 'diagnosticCode', 'remoteMta', 'disposition', 'reportedDateTime', 'evidence'] as const;

const orSame = (before: Recipient, after: Recipient): Recipient =>
  FIELDS.every((field) => before[field] === after[field]) ? before : after;

/** The recipient after the report. The same object comes back if the report adds nothing, so that one read again is recognised. */
export function foldReport(recipient: Recipient, report: RecipientReport): Recipient {
  const action = ACTIONS[report.event];
  if (action === undefined) {
    const said = report.disposition ?? (report.event === 'recipientRead' ? 'displayed' : 'deleted');
    return orSame(recipient, { ...recipient, disposition: said });
  }
  if (!replaces(recipient, report, action)) return recipient;
  const { address, type, disposition, replaces: corrected, resentAs } = recipient;
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
    ...(corrected !== undefined && { replaces: corrected }),
    ...(resentAs !== undefined && { resentAs }),
  });
}

export function countRecipients(recipients: readonly Recipient[]): RecipientCounts {
  const counts: RecipientCounts = { total: 0, failed: 0, delayed: 0, delivered: 0, relayed: 0, expanded: 0, read: 0, notRead: 0 };
  for (const { action, disposition } of recipients) {
    counts.total++;
    if (action) counts[action] = (counts[action] ?? 0) + 1;
    if (disposition === 'displayed') counts.read++;
    else if (disposition === 'deleted') counts.notRead++;
  }
  return counts;
}

export const everyRecipientFailed = (counts: RecipientCounts): boolean => counts.total > 0 && counts.failed === counts.total;
