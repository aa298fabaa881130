// What goes to Graph for a send request, on either route.

import { describe, expect, test } from 'vitest';
import { MARK_HEADER, MARK_PROPERTY } from '../../../shared/domain/marks.ts';
import { planOf } from '../../../shared/domain/submission-plan.ts';
import { record } from '../../support/samples.ts';

const MAILBOX = 'sender@contoso.com';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const message = { subject: 'Grüße', toRecipients: [{ emailAddress: { address: 'person@example.com' } }] };

describe('sendMail as JSON', () => {
  const request = record(MAILBOX);
  const plan = planOf(request, bytes(JSON.stringify({ message })));
  const marked = {
    ...message,
    internetMessageId: request.internetMessageId,
    singleValueExtendedProperties: [{ id: MARK_PROPERTY, value: request.id }],
    internetMessageHeaders: [{ name: MARK_HEADER, value: request.id }],
  };

  test('goes in one POST to sendMail, or as a bare message to messages', () => {
    expect([plan.submitPath, plan.draftPath]).toEqual(['sendMail', 'messages']);
    expect([plan.direct.contentType, plan.draft.contentType]).toEqual(['application/json', 'application/json']);
    expect(JSON.parse(plan.direct.body)).toEqual({ message: marked });
    expect(JSON.parse(plan.draft.body)).toEqual(marked);
  });

  test('never tells Graph not to save the copy: it is the proof, and is removed afterwards', () => {
    const unsaved = planOf(record(MAILBOX, { saveToSentItems: false }), bytes(JSON.stringify({ message })));
    expect(Object.keys(JSON.parse(unsaved.direct.body))).toEqual(['message']);
  });
});

test('a draft as JSON is the bare message with its marks', () => {
  const plan = planOf(record(MAILBOX, { operation: 'createDraft' }), bytes(JSON.stringify(message)));
  expect([plan.submitPath, plan.draftPath]).toEqual(['messages', 'messages']);
  expect(JSON.parse(plan.direct.body)).toEqual(JSON.parse(plan.draft.body));
  expect(JSON.parse(plan.draft.body)).toMatchObject(message);
});

describe('MIME', () => {
  const mime = (length = 10): Uint8Array => bytes(`Subject: x\r\nTo: person@example.com\r\n\r\n${'é'.repeat(length)}`);
  const decoded = (body: string): Buffer => Buffer.from(body, 'base64');

  test('goes as base64 with our header lines on top and not a byte below them changed', () => {
    const request = record(MAILBOX, { format: 'mime' });
    const plan = planOf(request, mime());
    expect(plan.direct).toEqual(plan.draft);
    expect(plan.direct.contentType).toBe('text/plain');
    const sent = decoded(plan.direct.body);
    const top = `${MARK_HEADER}: ${request.id}\r\nMessage-ID: ${request.internetMessageId}\r\n`;
    expect(sent.subarray(0, top.length).toString()).toBe(top);
    expect(sent.subarray(top.length).equals(mime())).toBe(true);
  });

  test('keeps the Message-ID that its caller set', () => {
    const request = record(MAILBOX, { format: 'mime', callerSetMessageId: true, internetMessageId: '<own@contoso.com>' });
    const sent = decoded(planOf(request, bytes('Message-ID: <own@contoso.com>\nSubject: x\n\ny')).direct.body).toString();
    expect(sent).toBe(`${MARK_HEADER}: ${request.id}\nMessage-ID: <own@contoso.com>\nSubject: x\n\ny`);
  });

  test('of any size is whole', () => {
    const large = mime(100_000);
    const sent = decoded(planOf(record(MAILBOX, { format: 'mime' }), large).direct.body);
    expect(sent.subarray(sent.length - large.length).equals(large)).toBe(true);
  });
});

test('an operation without a plan is a bug that names it', () => {
  expect(() => planOf(record(MAILBOX, { operation: 'reply' }), bytes('{}'))).toThrow('there is no plan for reply');
});
