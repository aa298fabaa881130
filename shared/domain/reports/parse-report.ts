// Reads a mail as a report: the entry of this folder. Never throws; `none` is the answer for everything that is no report.

import { parseDeliveryStatus } from './delivery-status-notification.ts';
import { readItemClass } from './exchange-report.ts';
import { classifyFailure } from './failure-class.ts';
import { fieldValue } from './header-fields.ts';
import { type MailParts, readMailParts } from './mail-parts.ts';
import { parseDispositionNotification } from './message-disposition-notification.ts';
import { readMessageIds } from './message-id.ts';
import { readOriginalMessage } from './original-message.ts';
import { normaliseAddress } from './recipient-address.ts';
import type { Correlation, Report, ReportedRecipient, ReportKind } from './report.ts';

type Finding = {
  kind: ReportKind;
  basis: Report['basis'];
  recipients: ReportedRecipient[];
  reportingMta?: string;
  originalMessageId?: string;
};

const NOTHING: Finding = { kind: 'none', basis: 'none', recipients: [] };

export async function parseReport(raw: Uint8Array, options: { itemClass?: string } = {}): Promise<Report> {
  const parts = await readMailParts(raw);
  const finding = parts.feedbackReport ? NOTHING : (fromDisposition(parts) ?? fromDeliveryStatus(parts) ?? NOTHING);
  const correlation = correlate(parts, finding.originalMessageId);
  const messageId = readMessageIds(fieldValue(parts.headers, 'message-id'))[0];
  const from = normaliseAddress(fieldValue(parts.headers, 'from') ?? '');
  const subject = fieldValue(parts.headers, 'subject');
  return {
    kind: readItemClass(options.itemClass)?.kind ?? finding.kind,
    recipients: finding.recipients.map(withClass),
    correlation,
    basis: finding.basis,
    ...(correlation.originalMessageId ? { originalMessageId: correlation.originalMessageId } : {}),
    ...(finding.reportingMta ? { reportingMta: finding.reportingMta } : {}),
    ...(messageId ? { messageId } : {}),
    ...(from ? { from } : {}),
    ...(subject ? { subject } : {}),
    hints: { exchangeNdrHeader: parts.headers.some((field) => field.name === 'x-ms-exchange-message-is-ndr') },
  };
}

function withClass(recipient: ReportedRecipient): ReportedRecipient {
  if (recipient.action !== 'failed' && recipient.action !== 'delayed') return recipient;
  return { ...recipient, class: classifyFailure(recipient.status, recipient.diagnosticCode).class };
}

function fromDisposition(parts: MailParts): Finding | undefined {
  const notification = parts.dispositionNotifications.map(parseDispositionNotification).find((found) => found.recipient);
  if (!notification?.recipient) return undefined;
  const { recipient, originalMessageId } = notification;
  return { kind: 'mdn', basis: 'fields', recipients: [recipient], ...(originalMessageId ? { originalMessageId } : {}) };
}

function fromDeliveryStatus(parts: MailParts): Finding | undefined {
  const statuses = parts.deliveryStatuses.map(parseDeliveryStatus);
  const recipients = statuses.flatMap((status) => status.recipients);
  if (recipients.length === 0) return undefined;
  const reportingMta = statuses.find((status) => status.reportingMta)?.reportingMta;
  return { kind: kindOf(recipients), basis: 'fields', recipients, ...(reportingMta ? { reportingMta } : {}) };
}

/** The most severe action names the report, as MS-OXCMAIL 2.2.3.7.1 orders them. */
function kindOf(recipients: readonly ReportedRecipient[]): ReportKind {
  const actions = new Set(recipients.map((recipient) => recipient.action));
  if (actions.has('failed')) return 'ndr';
  if (actions.has('delayed')) return 'delay';
  if (actions.has('relayed')) return 'relayed';
  if (actions.has('delivered')) return 'delivered';
  return actions.has('expanded') ? 'expanded' : 'ndr';
}

function correlate(parts: MailParts, reported: string | undefined): Correlation {
  const originals = parts.originals.map(readOriginalMessage);
  const originalMessageId = reported ?? originals.find((original) => original.messageId)?.messageId;
  const sendRequestHeader = originals.find((original) => original.sendRequestHeader)?.sendRequestHeader;
  return {
    inReplyTo: readMessageIds(fieldValue(parts.headers, 'in-reply-to')),
    references: readMessageIds(fieldValue(parts.headers, 'references')),
    ...(originalMessageId ? { originalMessageId } : {}),
    ...(sendRequestHeader ? { sendRequestHeader } : {}),
  };
}
