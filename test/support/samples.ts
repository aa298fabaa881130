// Made-up send requests, the same in every run.

import type { Recipient, SendRequestRecord } from '../../shared/domain/log/send-request.ts';
import { makeSendRequestId } from '../../shared/domain/log/send-request-id.ts';
import type { QueueMessage } from '../../shared/domain/submit/queue-message.ts';
import type { KeyedEvent } from '../../shared/ports/status-log.ts';

const START = Date.UTC(2026, 0, 15, 8, 0, 0);
let made = 0;

/** A mailbox that no other test of the run uses. */
export const newMailbox = (): string => `mailbox-${++made}@contoso.com`;

/** A new id for the mailbox; later ones are younger by a minute. */
export const newId = (mailbox: string): string =>
  makeSendRequestId(
    START + ++made * 60_000,
    mailbox,
    Uint8Array.from({ length: 14 }, (_, i) => made + i),
  );

export const recipient = (index = 1): Recipient => ({ address: `person-${index}@example.com`, type: 'to' });

export const recipients = (count: number): Recipient[] => Array.from({ length: count }, (_, index) => recipient(index + 1));

export function record(mailbox: string, more: Partial<SendRequestRecord> = {}): SendRequestRecord {
  const id = more.id ?? newId(mailbox);
  return {
    schemaVersion: 1,
    id,
    mailbox,
    operation: 'sendMail',
    format: 'json',
    application: '11111111-2222-3333-4444-555555555555',
    subject: 'Grüße, “quoted” <&> \\ 你好 🚀',
    internetMessageId: `<${id}@contoso.com>`,
    contentHash: 'a'.repeat(64),
    createdDateTime: '2026-01-15T08:00:00.000Z',
    lastModifiedDateTime: '2026-01-15T08:00:00.000Z',
    status: 'queued',
    step: 0,
    attempts: 0,
    lane: '0',
    sendBefore: '2026-01-17T08:00:00.000Z',
    saveToSentItems: true,
    recipientCounts: { total: 1, failed: 0, delayed: 0, delivered: 0, relayed: 0, expanded: 0, read: 0, notRead: 0 },
    ...more,
  };
}

export const event = (key: string, more: Partial<KeyedEvent> = {}): KeyedEvent => ({
  key,
  type: 'enqueued',
  dateTime: '2026-01-15T08:00:00.000Z',
  ...more,
});

export function queueMessage(mailbox: string, more: Partial<QueueMessage> = {}): QueueMessage {
  const id = more.id ?? newId(mailbox);
  return {
    schemaVersion: 1,
    id,
    step: 0,
    mailbox,
    lane: '0',
    operation: 'sendMail',
    application: '11111111-2222-3333-4444-555555555555',
    createdDateTime: '2026-01-15T08:00:00.000Z',
    sendBefore: '2026-01-17T08:00:00.000Z',
    internetMessageId: `<${id}@contoso.com>`,
    recipients: [recipient()],
    saveToSentItems: true,
    contentHash: 'a'.repeat(64),
    content: { format: 'json', kind: 'inline', text: '{"message":{}}' },
    ...more,
  };
}
