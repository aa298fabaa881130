// Queue messages: everything survives the way over the queue, and what is no queue message of ours is told apart with a reason.
import { describe, expect, it } from 'vitest';
import { fromQueueMessage, toQueueMessage } from '../../../shared/adapters/service-bus/queue-message-codec.ts';
import type { QueueMessage } from '../../../shared/domain/submit/queue-message.ts';
import { queueMessage, recipient } from '../../support/samples.ts';

const at = '2026-01-15T08:00:00.000Z';
const full: Required<QueueMessage> = {
  ...queueMessage('a@contoso.com'),
  notBefore: at,
  callerSetMessageId: true,
  subject: 'Grüße',
  from: 'b@contoso.com',
  targetMessageId: 'AAMk=',
  clientRequestId: 'c',
  retryAttempt: 2,
  redirectedTo: 'test-mail@contoso.com',
  resendOf: '01kf0c2v00abcdefghjkmnpqrstv',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  content: { format: 'mime', kind: 'claimCheck', claimCheck: { name: 'm/i/h', length: 5 } },
  known: {
    outcome: 'unknown',
    nonce: 'n',
    doubt: { since: at, graceUntil: at },
    claim: { nonce: 'n', startedDateTime: at, callsUntil: at, route: 'draft', draftId: 'AAMk', sendIssued: true },
  },
  recipients: [
    {
      ...recipient(),
      action: 'failed',
      status: '5.1.1',
      diagnosticCode: 'smtp;550',
      remoteMta: 'dns;mx',
      disposition: 'displayed',
      reportedDateTime: at,
      evidence: 'mail',
    },
  ],
  attempts: 2,
  reservation: { at: 1_768_464_000_000, accounts: { bulk: 1, 'application app': 0 }, minutes: ['bulk'], tenantBucket: 3 },
  holds: 1,
  suppressionHold: true,
  waits: 3,
};

const others: QueueMessage[] = [
  queueMessage('a@contoso.com'),
  { ...full, known: { outcome: 'accepted', nonce: 'n', dateTime: at } },
  { ...full, known: { outcome: 'deferred', nonce: 'n', dateTime: at, error: { code: 'c', message: 'm' } } },
];

describe('queue message codec', () => {
  it.each([full, ...others])('a message comes back whole, as object, as text and as bytes', (message) => {
    const { body } = toQueueMessage(message);
    const text = Buffer.from(body).toString();
    for (const form of [body, text, JSON.parse(text)]) expect(fromQueueMessage(form)).toEqual({ kind: 'message', message });
  });

  it('a message that is scheduled says so, and its session is its mailbox and lane', () => {
    expect(toQueueMessage(full, at)).toMatchObject({
      messageId: `${full.id}/0`,
      sessionId: 'a@contoso.com/0',
      scheduledEnqueueTimeUtc: new Date(at),
    });
    expect(toQueueMessage(full)).not.toHaveProperty('scheduledEnqueueTimeUtc');
  });

  it('a message of a newer version is told apart from one that cannot be read', () => {
    const newer = fromQueueMessage({ ...full, schemaVersion: 2, somethingNew: true });
    expect(newer).toEqual({ kind: 'newer', reason: 'The queue message has schemaVersion 2, this version knows 1' });
  });

  it.each([
    ['text', 'hello', 'not JSON'],
    ['nothing', undefined, 'not a JSON object'],
    ['null', null, 'not a JSON object'],
    ['a number', '5', 'not a JSON object'],
    ['bytes', Uint8Array.of(0xff, 0xfe), 'not JSON'],
    ['an empty object', {}, 'schemaVersion'],
    ['a broken id', { ...full, id: 'nope' }, 'not the id of a send request'],
    ['a broken date', { ...full, sendBefore: 'tomorrow' }, 'not a date'],
    ['content of an unknown kind', { ...full, content: { kind: 'fax' } }, 'content'],
  ])('%s is unreadable, with a reason', (_, body, reason) => {
    expect(fromQueueMessage(body)).toEqual({ kind: 'unreadable', reason: expect.stringContaining(reason) });
  });
});
