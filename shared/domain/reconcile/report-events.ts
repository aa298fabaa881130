// What a parsed report says, as events of the life cycle: one line per recipient, with the evidence for it.

import { addressKey } from '../address/address.ts';
import { withoutEncapsulation, withoutXtext } from '../address/reported-address.ts';
import type { RecipientEvent } from '../log/lifecycle.ts';
import type { Evidence, Recipient } from '../log/send-request.ts';
import { isExchangeOnline } from '../reports/exchange-online-server.ts';
import { classifyFailure, isOwn } from '../reports/failure-class.ts';
import type { TenantLimit } from '../reports/failure-rule.ts';
import type { Report, ReportedRecipient } from '../reports/report.ts';
import type { RecipientReport } from './recipients.ts';

const BY_ACTION: Record<NonNullable<ReportedRecipient['action']>, RecipientEvent> = {
  failed: 'recipientFailed',
  delayed: 'recipientDelayed',
  delivered: 'recipientDelivered',
  relayed: 'recipientRelayed',
  expanded: 'recipientExpanded',
};

const BY_KIND: Partial<Record<Report['kind'], RecipientEvent>> = {
  ndr: 'recipientFailed',
  delay: 'recipientDelayed',
  delivered: 'recipientDelivered',
  relayed: 'recipientRelayed',
  expanded: 'recipientExpanded',
};

/** RFC 8098: `displayed` is read; Exchange's not-read notices say `deleted`. Every other disposition says neither. */
const BY_DISPOSITION: Record<string, RecipientEvent> = { displayed: 'recipientRead', deleted: 'recipientNotRead' };

function eventOf(report: Report, recipient: ReportedRecipient): RecipientEvent | undefined {
  if (report.kind === 'mdn') return BY_DISPOSITION[recipient.disposition ?? ''];
  return recipient.action ? BY_ACTION[recipient.action] : BY_KIND[report.kind];
}

/** A report class alone proves nothing: Exchange also sets it from the MIME of a stranger's mail (MS-OXCMAIL 2.2.3.7.1). */
export const evidenceOf = (itemClass: string | undefined, { ofOwnOrganization }: Pick<Report, 'ofOwnOrganization'>): Evidence =>
  ofOwnOrganization && /^REPORT\./i.test(itemClass ?? '') ? 'exchangeReport' : 'mail';

type ByKey = ReadonlyMap<string, Recipient>;

/** A report may name thousands of recipients, and so may the request, so each address is read only once. */
const byKey = (recipients: readonly Recipient[]): ByKey =>
  new Map(recipients.map((recipient) => [addressKey(recipient.address), recipient] as const).reverse());

/** The recipients that a line may mean, the likeliest first: the one that the sender named, the final one, and other readings of these. */
export function namesOf({ address, originalRecipient, decodedAddress }: ReportedRecipient): string[] {
  const named = [originalRecipient, address, decodedAddress].filter((one) => one !== undefined);
  const read = [...named.map(withoutXtext), ...named.map(withoutEncapsulation)].filter((one) => one !== undefined);
  return [...named, ...read];
}

/** The recipient of the request that a line is about. */
function recipientNamed(recipients: ByKey, line: ReportedRecipient): Recipient | undefined {
  const name = namesOf(line).find((one) => recipients.has(addressKey(one)));
  return name === undefined ? undefined : recipients.get(addressKey(name));
}

/** Whether this kind of report may still tell something of it. */
function isOpen({ action, disposition }: Recipient, event: RecipientEvent, said: string | undefined): boolean {
  if (event === 'recipientRead' || event === 'recipientNotRead') return disposition === undefined || disposition === said;
  return action !== 'delivered' && action !== 'failed';
}

/** For a rewritten or forwarded address: the recipient that the report was counted for when it was read before, else the only open one. */
function inferred(
  recipients: readonly Recipient[],
  event: RecipientEvent,
  said: string | undefined,
  dateTime: string,
): Recipient | undefined {
  const before = recipients.find(({ evidence, reportedDateTime }) => evidence === 'inferred' && reportedDateTime === dateTime);
  const open = recipients.filter((recipient) => isOpen(recipient, event, said));
  return before ?? (open.length === 1 ? open[0] : undefined);
}

/** A report that names nobody can only mean the one recipient that there is. */
function namedIn(report: Report, recipients: readonly Recipient[]): readonly ReportedRecipient[] {
  const [only] = recipients;
  return report.recipients.length === 0 && only && recipients.length === 1 ? [{ address: only.address }] : report.recipients;
}

/** The lines of a report, about the recipients of the request that it belongs to. */
export function recipientReports(
  report: Report,
  recipients: readonly Recipient[],
  evidence: Evidence,
  dateTime: string,
): RecipientReport[] {
  const reports: RecipientReport[] = [];
  const lines = namedIn(report, recipients);
  const known = byKey(recipients);
  const isOne = new Set(lines.map(({ address, originalRecipient }) => addressKey(originalRecipient ?? address))).size === 1;
  for (const recipient of lines) {
    const event = eventOf(report, recipient);
    if (!event || !recipient.address) continue;
    const named = recipientNamed(known, recipient);
    const guess = named || !isOne ? undefined : inferred(recipients, event, recipient.disposition, dateTime);
    reports.push({
      address: (named ?? guess ?? recipient).address,
      event,
      dateTime,
      evidence: guess ? 'inferred' : evidence,
      ...(recipient.status !== undefined && { status: recipient.status }),
      ...(recipient.diagnosticCode !== undefined && { diagnosticCode: recipient.diagnosticCode }),
      ...(recipient.remoteMta !== undefined && { remoteMta: recipient.remoteMta }),
      ...(recipient.disposition !== undefined && { disposition: recipient.disposition }),
    });
  }
  return reports;
}

/**
 * Message-IDs that a report may be about, in the order in which they count: In-Reply-To, References, the returned original's. Of References
 * only the last one is the mail itself; those before it are the mails that it answered (RFC 5322 section 3.6.4).
 */
export function candidateMessageIds(report: Report): string[] {
  const { inReplyTo, references, originalMessageId } = report.correlation;
  const all = [...inReplyTo, ...references.slice(-1), originalMessageId, report.originalMessageId];
  return [...new Set(all.filter((id) => id !== undefined))];
}

/** A report with fields that names no remote server speaks for the server that made it, which is Exchange's own. In a report read from text the name may be missing. */
function isMicrosofts({ basis }: Report, { remoteMta = '' }: ReportedRecipient): boolean {
  const named = remoteMta.replace(/^dns;/i, '').trim();
  return named === '' ? basis === 'fields' : isExchangeOnline(remoteMta);
}

/** Our own account, or with `limit` our whole tenant, is the cause of a failure. */
export interface OwnFailure {
  statusCode: string;
  meaning: string;
  limit?: TenantLimit;
}

/** What a report says of our own account or tenant. The cause is not the recipient, so the next mails will fail too. The tenant counts before the account. */
export function ownFailure(report: Report): OwnFailure | undefined {
  const own = report.recipients.filter((recipient) => isOwn(recipient.class) && isMicrosofts(report, recipient));
  const found = own.find((recipient) => recipient.class === 'ownTenant') ?? own[0];
  if (!found) return undefined;
  const { meaning, limit } = classifyFailure(found.status, found.diagnosticCode, found.remoteMta);
  return { statusCode: found.status ?? 'none', meaning, ...(limit && { limit }) };
}
