// A send request as JSON: the first four properties in the 202 answer, all of them to GET.

import { hasFailures } from '../../domain/log/filter.ts';
import type { Recipient, SendRequestRecord, StatusEvent } from '../../domain/log/send-request.ts';
import { countRecipients } from '../../domain/reconcile/recipients.ts';

export interface SendRequestSummary {
  id: string;
  status: string;
  mailbox: string;
  operation: string;
}

export const toSummary = ({ id, status, mailbox, operation }: SendRequestSummary): SendRequestSummary => ({
  id,
  status,
  mailbox,
  operation,
});

export const locationOf = ({ mailbox, id }: { mailbox: string; id: string }): string =>
  `/v1.0/users/${encodeURIComponent(mailbox).replace(/%40/g, '@')}/sendRequests/${id}`;

function toRecipient(recipient: Recipient) {
  const { address, type, action, status, diagnosticCode, remoteMta, disposition, reportedDateTime, evidence } = recipient;
  const { replaces, resentAs } = recipient;
  return { address, type, action, status, diagnosticCode, remoteMta, disposition, reportedDateTime, evidence, replaces, resentAs };
}

/** Properties without a value are left out. The counts are those of the recipients beside them, which were read after the record. */
export function toSendRequestJson(record: SendRequestRecord, recipients: readonly Recipient[], events: readonly StatusEvent[]) {
  const { others } = record.recipientCounts;
  const recipientCounts =
    recipients.length > 0 ? { ...countRecipients(recipients), ...(others !== undefined && { others }) } : record.recipientCounts;
  return {
    ...toSummary(record),
    application: record.application,
    subject: record.subject,
    internetMessageId: record.internetMessageId,
    clientRequestId: record.clientRequestId,
    createdDateTime: record.createdDateTime,
    lastModifiedDateTime: record.lastModifiedDateTime,
    attempts: record.attempts,
    nextAttemptDateTime: record.nextAttemptDateTime,
    sendBefore: record.sendBefore,
    acceptedDateTime: record.acceptedDateTime,
    reportWindowEnds: record.reportWindowEnds,
    draft: record.draft,
    redirectedTo: record.redirectedTo,
    resendOf: record.resendOf,
    resentAs: record.resentAs,
    hasFailures: hasFailures({ recipientCounts }),
    failureClass: record.failureClass,
    recipientCounts,
    recipients: recipients.map(toRecipient),
    error: record.error,
    events: events.map(({ type, dateTime, attempt, recipient, detail }) => ({ type, dateTime, attempt, recipient, detail })),
  };
}
