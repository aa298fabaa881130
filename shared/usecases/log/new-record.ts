// The first record of a send request, made from its queue message: by the enqueuer, or by the worker if the log was out of reach.
import type { TimelineEvent } from '../../domain/log/apply-event.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { countRecipients } from '../../domain/reconcile/recipients.ts';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';

export function newRecord(message: QueueMessage): SendRequestRecord {
  return {
    schemaVersion: 1,
    id: message.id,
    mailbox: message.mailbox,
    operation: message.operation,
    format: message.content.format,
    application: message.application,
    ...(message.subject !== undefined && { subject: message.subject }),
    ...(message.from !== undefined && { from: message.from }),
    internetMessageId: message.internetMessageId,
    ...(message.callerSetMessageId && { callerSetMessageId: true }),
    ...(message.clientRequestId !== undefined && { clientRequestId: message.clientRequestId }),
    contentHash: message.contentHash,
    ...(message.notBefore !== undefined && { sendAt: message.notBefore }),
    ...(message.retryAttempt !== undefined && { lastRetryAttempt: { number: message.retryAttempt, dateTime: message.createdDateTime } }),
    ...(message.traceparent !== undefined && { traceparent: message.traceparent }),
    ...(message.redirectedTo !== undefined && { redirectedTo: message.redirectedTo }),
    ...(message.resendOf !== undefined && { resendOf: message.resendOf }),
    createdDateTime: message.createdDateTime,
    lastModifiedDateTime: message.createdDateTime,
    status: 'queued',
    step: 0,
    attempts: message.attempts ?? 0,
    lane: message.lane,
    ...(message.notBefore !== undefined && { nextAttemptDateTime: message.notBefore }),
    sendBefore: message.sendBefore,
    saveToSentItems: message.saveToSentItems,
    ...(message.targetMessageId !== undefined && { targetMessageId: message.targetMessageId }),
    recipientCounts: countRecipients(message.recipients),
    ...(message.content.kind === 'claimCheck' && { content: message.content.claimCheck }),
  };
}

function detailOf({ resendOf, redirectedTo }: SendRequestRecord): { detail?: string } {
  const details = [
    resendOf && `sends ${resendOf} again`,
    redirectedTo && `goes to ${redirectedTo} in place of recipients that get no mail from here`,
  ];
  const detail = details.filter(Boolean).join('; ');
  return detail ? { detail } : {};
}

export const enqueuedEvent = (record: SendRequestRecord): TimelineEvent => ({
  key: '0000-enqueued',
  type: 'enqueued',
  dateTime: record.createdDateTime,
  ...detailOf(record),
});
