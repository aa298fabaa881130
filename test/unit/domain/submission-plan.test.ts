// What goes to Graph for a send request, on either route.

import { describe, expect, test } from 'vitest';
import { MAXIMUM_REQUEST_BYTES } from '../../../shared/domain/content/graph-limits.ts';
import { takeApart } from '../../../shared/domain/content/take-apart.ts';
import { MARK_HEADER, MARK_PROPERTY } from '../../../shared/domain/doubt/marks.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import {
  draftCalls,
  goesToOriginal,
  isAssembled,
  type Plan,
  type PlannedPayload,
  planOf,
} from '../../../shared/domain/submit/submission-plan.ts';
import { record } from '../../support/samples.ts';

const MAILBOX = 'sender@contoso.com';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const message = { subject: 'Grüße', toRecipients: [{ emailAddress: { address: 'person@example.com' } }] };
const marksOf = ({ id, internetMessageId }: SendRequestRecord) => ({
  internetMessageId,
  singleValueExtendedProperties: [{ id: MARK_PROPERTY, value: id }],
  internetMessageHeaders: [{ name: MARK_HEADER, value: id }],
});

function mailOf(plan: Plan): Extract<Plan, { kind: 'mail' }> {
  if (plan.kind !== 'mail') throw new Error(JSON.stringify(plan));
  return plan;
}
const planned = async (request: SendRequestRecord, content: unknown, target = '') =>
  mailOf(await planOf(request, content instanceof Uint8Array ? content : bytes(JSON.stringify(content)), target, takeApart));
const jsonOf = (payload: PlannedPayload | undefined) => JSON.parse(payload?.body ?? '{}') as Record<string, unknown>;
const ofJson = (plan: Extract<Plan, { kind: 'mail' }>) => jsonOf(plan.draft.create.payload());

describe('sendMail as JSON', () => {
  const request = record(MAILBOX);

  test('goes in one POST to sendMail, or as a bare message to messages', async () => {
    const { direct, draft } = await planned(request, { message });
    expect([direct?.path, draft.create.path]).toEqual(['sendMail', 'messages']);
    expect([direct?.payload().contentType, draft.create.payload().contentType]).toEqual(['application/json', 'application/json']);
    expect(jsonOf(direct?.payload())).toEqual({ message: { ...message, ...marksOf(request) } });
    expect(jsonOf(draft.create.payload())).toEqual({ ...message, ...marksOf(request) });
  });

  test('never tells Graph not to save the copy: it is the proof, and is removed afterwards', async () => {
    const { direct } = await planned(record(MAILBOX, { saveToSentItems: false }), { message });
    expect(Object.keys(jsonOf(direct?.payload()))).toEqual(['message']);
  });
});

test('a draft as JSON is the bare message with its marks, and has no direct route', async () => {
  const request = record(MAILBOX, { operation: 'createDraft' });
  const plan = await planned(request, message);
  expect(plan.direct).toBeUndefined();
  expect([plan.draft.create.path, ofJson(plan)]).toEqual(['messages', { ...message, ...marksOf(request) }]);
});

describe('answers as JSON', () => {
  test.each([
    ['reply', 'createReply'],
    ['replyAll', 'createReplyAll'],
    ['forward', 'createForward'],
    ['createReply', 'createReply'],
    ['createReplyAll', 'createReplyAll'],
    ['createForward', 'createForward'],
  ] as const)('%s goes through %s, with the marks in its message and the comment to be seen', async (operation, name) => {
    const request = record(MAILBOX, { operation });
    const plan = await planned(request, { comment: 'Thanks', toRecipients: [] }, 'AAMk=');
    expect(plan.direct).toBeUndefined();
    expect(plan.draft.create.path).toBe(`messages/AAMk%3D/${name}`);
    expect(ofJson(plan)).toEqual({ comment: 'Thanks', toRecipients: [], message: marksOf(request) });
    expect(plan.draft.comment).toBe('Thanks');
    expect([isAssembled(plan), draftCalls(plan)]).toEqual([true, 4]);
  });

  test('without a comment nothing is to be seen in the draft', async () => {
    for (const body of [{}, { comment: '' }]) {
      const plan = await planned(record(MAILBOX, { operation: 'reply' }), body, 'x');
      expect([plan.draft.comment, isAssembled(plan), draftCalls(plan)]).toEqual([undefined, false, 2]);
    }
  });

  test('only replies go to whom the original says', () => {
    const operations = ['reply', 'replyAll', 'createReply', 'createReplyAll', 'forward', 'sendMail', 'send'] as const;
    expect(operations.map(goesToOriginal)).toEqual([true, true, true, true, false, false, false]);
  });
});

test('send takes the draft that is there', async () => {
  const plan = await planOf(record(MAILBOX, { operation: 'send', format: 'none' }), new Uint8Array(), 'AAMk=', takeApart);
  expect(plan).toEqual({ kind: 'existingDraft', id: 'AAMk=' });
  expect([isAssembled(plan), draftCalls(plan)]).toEqual([false, 2]);
});

describe('MIME', () => {
  const mime = (length = 10): Uint8Array => bytes(`Subject: x\r\nTo: person@example.com\r\n\r\n${'é'.repeat(length)}`);
  const decoded = (payload: PlannedPayload | undefined): Buffer => Buffer.from(payload?.body ?? '', 'base64');

  test('goes as base64 with our header lines on top and not a byte below them changed', async () => {
    const request = record(MAILBOX, { format: 'mime' });
    const { direct, draft } = await planned(request, mime());
    expect(direct?.payload()).toEqual(draft.create.payload());
    expect(direct?.payload().contentType).toBe('text/plain');
    const sent = decoded(direct?.payload());
    const top = `${MARK_HEADER}: ${request.id}\r\nMessage-ID: ${request.internetMessageId}\r\n`;
    expect(sent.subarray(0, top.length).toString()).toBe(top);
    expect(sent.subarray(top.length).equals(mime())).toBe(true);
  });

  test('keeps the Message-ID that its caller set', async () => {
    const request = record(MAILBOX, { format: 'mime', callerSetMessageId: true, internetMessageId: '<own@contoso.com>' });
    const { direct } = await planned(request, bytes('Message-ID: <own@contoso.com>\nSubject: x\n\ny'));
    expect(decoded(direct?.payload()).toString()).toBe(`${MARK_HEADER}: ${request.id}\nMessage-ID: <own@contoso.com>\nSubject: x\n\ny`);
  });

  test('of any size that Graph takes in one request is whole', async () => {
    const large = mime(100_000);
    const sent = decoded((await planned(record(MAILBOX, { format: 'mime' }), large)).direct?.payload());
    expect(sent.subarray(sent.length - large.length).equals(large)).toBe(true);
  });

  test.each([
    ['reply', 'messages/x/reply', 'messages/x/createReply'],
    ['forward', 'messages/x/forward', 'messages/x/createForward'],
    ['createForward', undefined, 'messages/x/createForward'],
  ] as const)('%s goes to its own path', async (operation, direct, draft) => {
    const plan = await planned(record(MAILBOX, { operation, format: 'mime' }), mime(), 'x');
    expect([plan.direct?.path, plan.draft.create.path]).toEqual([direct, draft]);
  });
});

describe('what is too large for one request', () => {
  const file = (size: number, name = 'a.bin') => ({
    '@odata.type': '#microsoft.graph.fileAttachment',
    name,
    contentBytes: Buffer.alloc(size, 7).toString('base64'),
  });
  const names = (list: unknown) => ((list ?? []) as { name: string }[]).map(({ name }) => name);

  test('goes with as many attachments as fit, the others follow', async () => {
    const attachments = [file(3_200_000, 'large'), file(100, 'small'), file(3_150_000, 'second')];
    const plan = await planned(record(MAILBOX), { message: { ...message, attachments } });
    expect(plan.direct).toBeUndefined();
    expect(names(ofJson(plan)['attachments'])).toEqual(['small']);
    expect(names(plan.draft.attachments.map(({ properties }) => properties))).toEqual(['large', 'second']);
    // Removing a leftover, creating, two sessions of one range each, sending.
    expect([isAssembled(plan), draftCalls(plan)]).toEqual([true, 7]);
  });

  test('cannot go where it is no attachment that is too large', async () => {
    const body = { contentType: 'text', content: 'x'.repeat(MAXIMUM_REQUEST_BYTES) };
    const plan = await planOf(record(MAILBOX), bytes(JSON.stringify({ message: { ...message, body } })), '', takeApart);
    expect(plan).toMatchObject({ kind: 'impossible', answer: { status: 413, code: 'ErrorMessageSizeExceeded' } });
    const mime = await planOf(record(MAILBOX, { format: 'mime' }), bytes(`Subject: x\r\n\r\n${'x'.repeat(5_000_000)}`), '', takeApart);
    expect(mime).toMatchObject({ kind: 'impossible', answer: { status: 413 } });
  });

  const largeMime = bytes(
    [
      'Subject: Large',
      'To: person@example.com',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'Text',
      '--b',
      'Content-Type: application/pdf; name=a.pdf',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.alloc(4_000_000, 7).toString('base64'),
      '--b--',
      '',
    ].join('\r\n'),
  );

  test('is taken apart where it is MIME, with our marks in the draft', async () => {
    const request = record(MAILBOX, { format: 'mime' });
    const plan = await planned(request, largeMime);
    expect(plan.direct).toBeUndefined();
    expect(ofJson(plan)).toMatchObject({ subject: 'Large', ...marksOf(request), toRecipients: message.toRecipients });
    expect(plan.draft.attachments).toHaveLength(1);
    expect(plan.draft.attachments[0]?.size).toBe(4_000_000);
  });

  test('goes, as a reply, to nobody but whom the original says', async () => {
    const reply = await planned(record(MAILBOX, { format: 'mime', operation: 'reply' }), largeMime, 'x');
    expect(ofJson(reply)['message']).not.toHaveProperty('toRecipients');
    const forward = await planned(record(MAILBOX, { format: 'mime', operation: 'forward' }), largeMime, 'x');
    expect(ofJson(forward)['message']).toMatchObject({ toRecipients: message.toRecipients });
  });
});

describe('what the HTTP API took and cannot be submitted all the same', () => {
  const refusalOf = (plan: Plan) => (plan.kind === 'impossible' && plan.answer.kind === 'answered' ? plan.answer : undefined);

  test('is refused with the reason: JSON that cannot be read', async () => {
    expect(refusalOf(await planOf(record(MAILBOX), bytes('{"message":'), '', takeApart))).toMatchObject({ code: 'RequestBodyRead' });
  });

  test('is refused with the reason: large MIME that is too large without its attachments', async () => {
    const mime = bytes(`Subject: x\r\n\r\n${'x'.repeat(MAXIMUM_REQUEST_BYTES)}`);
    const request = record(MAILBOX, { format: 'mime' });
    const text = { subject: 'x', body: { contentType: 'text', content: 'x'.repeat(MAXIMUM_REQUEST_BYTES) } };
    const plan = await planOf(request, mime, '', async () => ({ ok: true, value: { message: text, files: [] } }));
    expect(refusalOf(plan)).toMatchObject({ status: 413, code: 'ErrorMessageSizeExceeded' });
  });
});
