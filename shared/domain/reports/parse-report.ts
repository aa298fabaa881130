// Reads a mail as a report: the entry of this folder. Never throws; `none` is the answer for everything that is no report.

import { addressIn } from '../address/reported-address.ts';
import { parseDeliveryStatus } from './delivery-status-notification.ts';
import { type ItemClass, readItemClass } from './exchange-report.ts';
import { classifyFailure } from './failure-class.ts';
import { fieldValue } from './header-fields.ts';
import { readHumanTexts } from './human-text.ts';
import { MAXIMUM_RECIPIENTS } from './limits.ts';
import { type MailParts, readMailParts } from './mail-parts.ts';
import { parseDispositionNotification } from './message-disposition-notification.ts';
import { readMessageIds } from './message-id.ts';
import { readOriginalMessage } from './original-message.ts';
import { isOfOwnOrganization } from './own-organization.ts';
import type { Correlation, Report, ReportedRecipient, ReportKind } from './report.ts';
import { actionOf, kindOf } from './report-kind.ts';
import { meets, readTextBounce } from './text-bounce.ts';
import { NO_REPORT_SUBJECT_RULES } from './text-bounce-signs.ts';

type Finding = {
  kind: ReportKind;
  basis: Report['basis'];
  recipients: ReportedRecipient[];
  reportingMta?: string;
  originalMessageId?: string;
};

const NOTHING: Finding = { kind: 'none', basis: 'none', recipients: [] };

export async function parseReport(raw: Uint8Array, options: { itemClass?: string } = {}): Promise<Report> {
  const outer = await readMailParts(raw);
  const parts = (await readWrappedReport(outer)) ?? outer;
  const itemClass = readItemClass(options.itemClass);
  const finding = findReport(parts, itemClass);
  const correlation = correlate(outer, parts, finding);
  const messageId = readMessageIds(fieldValue(outer.headers, 'message-id'))[0];
  const from = addressIn(fieldValue(outer.headers, 'from') ?? '');
  return {
    kind: itemClass?.kind ?? finding.kind,
    recipients: finding.recipients.map(withClass),
    correlation,
    basis: finding.basis,
    ...(correlation.originalMessageId ? { originalMessageId: correlation.originalMessageId } : {}),
    ...(finding.reportingMta ? { reportingMta: finding.reportingMta } : {}),
    ...(messageId ? { messageId } : {}),
    ...(from ? { from } : {}),
    ...(outer.subject ? { subject: outer.subject } : {}),
    ofOwnOrganization: isOfOwnOrganization(outer.headers),
    hints: { exchangeNdrHeader: outer.headers.some((field) => field.name === 'x-ms-exchange-message-is-ndr') },
  };
}

/** Gateways wrap a whole report into a mail of the same sender and subject, as if it were the returned original. */
async function readWrappedReport(outer: MailParts): Promise<MailParts | undefined> {
  const [wrapped] = outer.originals;
  if (wrapped === undefined || outer.deliveryStatuses.length > 0) return undefined;
  const inner = readOriginalMessage(wrapped);
  const same = inner.from === fieldValue(outer.headers, 'from') && inner.subject === fieldValue(outer.headers, 'subject');
  if (!same || inner.from === undefined) return undefined;
  const parts = await readMailParts(new TextEncoder().encode(wrapped));
  return parts.deliveryStatuses.length > 0 ? parts : undefined;
}

function findReport(parts: MailParts, itemClass: ItemClass | undefined): Finding {
  if (parts.feedbackReport || (!itemClass && isForwarded(parts))) return NOTHING;
  return (
    fromDisposition(parts) ??
    fromItemClass(parts, itemClass) ??
    fromDeliveryStatus(parts, itemClass) ??
    fromText(parts, itemClass) ??
    NOTHING
  );
}

/** People forward reports, parts and all; a report of its own is a multipart/report, whatever its subject. */
function isForwarded(parts: MailParts): boolean {
  const contentType = fieldValue(parts.headers, 'content-type') ?? '';
  return !/^multipart\/report\b/i.test(contentType) && meets(NO_REPORT_SUBJECT_RULES, parts.subject);
}

function fromDisposition(parts: MailParts): Finding | undefined {
  const notification = parts.dispositionNotifications.map(parseDispositionNotification).find((found) => found.recipient);
  if (!notification?.recipient) return undefined;
  const { recipient, originalMessageId } = notification;
  return { kind: 'mdn', basis: 'fields', recipients: [recipient], ...(originalMessageId ? { originalMessageId } : {}) };
}

/** A read or not-read notice that the store gives without its fields: it is from the one who read. */
function fromItemClass(parts: MailParts, itemClass: ItemClass | undefined): Finding | undefined {
  if (!itemClass?.disposition) return undefined;
  const address = addressIn(fieldValue(parts.headers, 'from') ?? '');
  return { kind: 'mdn', basis: 'fields', recipients: address ? [{ address, disposition: itemClass.disposition }] : [] };
}

function fromDeliveryStatus(parts: MailParts, itemClass: ItemClass | undefined): Finding | undefined {
  const statuses = parts.deliveryStatuses.map(parseDeliveryStatus);
  const action = itemClass && actionOf(itemClass.kind);
  const recipients = statuses
    .flatMap((status) => status.recipients)
    .slice(0, MAXIMUM_RECIPIENTS)
    .map((recipient) => ({ ...(action ? { action } : {}), ...recipient }));
  if (recipients.length === 0) return undefined;
  const reportingMta = statuses.find((status) => status.reportingMta)?.reportingMta;
  return { kind: kindOf(recipients), basis: 'fields', recipients, ...(reportingMta ? { reportingMta } : {}) };
}

function fromText(parts: MailParts, itemClass: ItemClass | undefined): Finding | undefined {
  const bounce = readTextBounce(parts, itemClass && actionOf(itemClass.kind));
  return bounce && { ...bounce, basis: 'text' };
}

function withClass(recipient: ReportedRecipient): ReportedRecipient {
  if (recipient.action !== 'failed' && recipient.action !== 'delayed') return recipient;
  return { ...recipient, class: classifyFailure(recipient.status, recipient.diagnosticCode, recipient.remoteMta).class };
}

function correlate(outer: MailParts, parts: MailParts, finding: Finding): Correlation {
  const inText = finding.kind === 'none' ? [] : readHumanTexts(parts).map(({ original }) => original);
  const originals = [...parts.originals, ...inText, ...outer.originals].map(readOriginalMessage);
  const originalMessageId = finding.originalMessageId ?? originals.find((original) => original.messageId)?.messageId;
  const sendRequestHeader = originals.find((original) => original.sendRequestHeader)?.sendRequestHeader;
  return {
    inReplyTo: readMessageIds(fieldValue(outer.headers, 'in-reply-to')),
    references: readMessageIds(fieldValue(outer.headers, 'references')),
    ...(originalMessageId ? { originalMessageId } : {}),
    ...(sendRequestHeader ? { sendRequestHeader } : {}),
  };
}
