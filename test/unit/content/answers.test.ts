// The bodies of the operations beside sendMail: replies, forwards, drafts, and the empty one of send.
import { describe, expect, test } from 'vitest';
import { decodeOperation } from '../../../shared/domain/content/decode-operation.ts';
import type { Operation } from '../../../shared/domain/operations.ts';

type Json = Record<string, unknown>;
const at = (...addresses: string[]) => addresses.map((address) => ({ emailAddress: { address } }));
const bytes = (body: unknown): Uint8Array =>
  new TextEncoder().encode(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
const decode = (operation: Operation, body?: unknown) => decodeOperation(operation, 'json', bytes(body), 3);
const decodeMime = (operation: Operation, mime: string) => decodeOperation(operation, 'mime', bytes(btoa(mime)), 3);

function taken(result: ReturnType<typeof decode>) {
  if (!result.ok) throw new Error(`refused: ${result.problem.message}`);
  const { content, recipients, ...rest } = result.value;
  return { ...rest, text: new TextDecoder().decode(content), recipients: recipients.map(({ type, address }) => `${type} ${address}`) };
}
function refused(result: ReturnType<typeof decode>) {
  if (result.ok) throw new Error('it was taken');
  expect(result.problem.status).toBe(400);
  return `${result.problem.code}: ${result.problem.message}`;
}

const REPLIES = ['reply', 'replyAll', 'createReply', 'createReplyAll'] as const;
const FORWARDS = ['forward', 'createForward'] as const;
const DRAFTS = ['createReply', 'createReplyAll', 'createForward'] as const;

describe.each([...REPLIES, ...FORWARDS])('%s in JSON', (operation) => {
  const to = operation === 'forward' ? { toRecipients: at('a@example.com') } : {};

  test('takes a comment, or a body, but not both, not even an empty comment', () => {
    expect(JSON.parse(taken(decode(operation, { comment: 'Thanks', ...to })).text)).toEqual({ comment: 'Thanks', ...to });
    const message = { body: { contentType: 'text', content: 'x' } };
    expect(JSON.parse(taken(decode(operation, { message, ...to })).text)).toEqual({ message, ...to });
    for (const comment of ['Thanks', '']) {
      expect(refused(decode(operation, { comment, message, ...to }))).toMatch(/^ErrorInvalidArgument: Specify either the comment/);
    }
  });

  test('takes parameters with a capital, and nulls, which are left out', () => {
    const body = { Comment: 'Thanks', Message: null, ...to };
    expect(JSON.parse(taken(decode(operation, body)).text)).toEqual({ comment: 'Thanks', ...to });
    expect(JSON.parse(taken(decode(operation, { message: { subject: null }, ...to })).text)).toEqual({ message: {}, ...to });
  });

  test('names the path of what is wrong', () => {
    expect(refused(decode(operation, { message: { colour: 1 } }))).toContain("'message.colour'");
    expect(refused(decode(operation, { saveToSentItems: false }))).toContain(`The parameter 'saveToSentItems'`);
    expect(refused(decode(operation, { comment: 1 }))).toContain("'comment'");
    expect(refused(decode(operation, '{'))).toContain('RequestBodyRead');
  });

  test('tells the log of the message what it says', () => {
    const message = {
      subject: 'S',
      from: at('b@contoso.com')[0],
      internetMessageId: '<own@contoso.com>',
      ccRecipients: at('c@example.com'),
    };
    expect(taken(decode(operation, { message, ...to }))).toMatchObject({
      subject: 'S',
      from: 'b@contoso.com',
      internetMessageId: '<own@contoso.com>',
      recipients: [...(operation === 'forward' ? ['to a@example.com'] : []), 'cc c@example.com'],
    });
  });
});

describe('a body that is empty', () => {
  test.each([...REPLIES, 'createForward'] as const)('is enough for %s', (operation) => {
    expect(taken(decode(operation))).toMatchObject({ text: '{}', recipients: [] });
    expect(taken(decode(operation, {})).text).toBe('{}');
  });

  test('is a forward to nobody', () => {
    for (const body of [undefined, {}, { comment: 'x' }, { message: {} }]) {
      expect(refused(decode('forward', body))).toMatch(/^ErrorInvalidArgument: Specify the toRecipients/);
    }
  });
});

describe.each(FORWARDS)('the recipients of %s', (operation) => {
  test('stand beside the message or in it, but not in both', () => {
    const toRecipients = at('a@example.com');
    expect(taken(decode(operation, { toRecipients })).recipients).toEqual(['to a@example.com']);
    expect(taken(decode(operation, { message: { toRecipients } })).recipients).toEqual(['to a@example.com']);
    expect(refused(decode(operation, { toRecipients, message: { toRecipients } }))).toMatch(/^ErrorInvalidArgument: Specify either/);
  });
});

test.each(FORWARDS)('a recipient of %s beside the message has no line break in its name, as none in it has', (operation) => {
  const toRecipients = [{ emailAddress: { address: 'a@example.com', name: 'a\nb' } }];
  expect(refused(decode(operation, { toRecipients }))).toContain("'toRecipients[0].emailAddress.name' contains a line break");
  expect(refused(decode(operation, { message: { toRecipients } }))).toContain("'message.toRecipients[0].emailAddress.name'");
});

test('the recipients of a mail that goes out are counted together, and are addresses', () => {
  const message = { ccRecipients: at('c@example.com', 'd@example.com') };
  expect(refused(decode('forward', { toRecipients: at('a@example.com', 'b@example.com'), message }))).toContain('the limit is 3');
  for (const operation of ['reply', 'replyAll', 'forward'] as const) {
    const to = operation === 'forward' ? { toRecipients: at('a@example.com') } : {};
    expect(refused(decode(operation, { message: { ccRecipients: at('nobody') }, ...to }))).toContain('"nobody"');
  }
});

test('a forward to an empty list has no recipients', () => {
  expect(refused(decode('forward', { toRecipients: [] }))).toContain('ErrorInvalidRecipients');
});

describe('a draft in JSON', () => {
  test('may be anything from empty to finished', () => {
    expect(taken(decode('createDraft', {}))).toMatchObject({ text: '{}', recipients: [] });
    const message = { subject: 'S', toRecipients: at('a@example.com'), bccRecipients: at('b@example.com') };
    expect(taken(decode('createDraft', message))).toMatchObject({
      text: JSON.stringify(message),
      subject: 'S',
      recipients: ['to a@example.com', 'bcc b@example.com'],
    });
  });

  test('is a bare message: its paths begin there', () => {
    expect(refused(decode('createDraft', { colour: 1 }))).toContain("'colour' does not exist on type 'microsoft.graph.message'");
    expect(refused(decode('createDraft', { message: {} }))).toContain("'message'");
    expect(refused(decode('createDraft', { webLink: 'x' }))).toContain("'webLink' is read-only");
    expect(refused(decode('createDraft', '['))).toContain('RequestBodyRead');
  });

  test.each([...DRAFTS, 'createDraft'] as const)('of %s cannot be deferred', (operation) => {
    const message: Json = { singleValueExtendedProperties: [{ id: 'SystemTime 0x3FEF', value: '2027-01-01T08:00:00Z' }] };
    const body = operation === 'createDraft' ? message : { message };
    expect(refused(decode(operation, body))).toMatch(/^ErrorInvalidParameter: .*Send-At/);
  });
});

describe('in MIME', () => {
  const MIME = 'To: a@example.com\r\nCc: c@example.com\r\nSubject: S\r\n\r\nx';

  test.each(REPLIES)('%s goes to whom the original says', (operation) => {
    expect(taken(decodeMime(operation, MIME))).toMatchObject({ subject: 'S', recipients: [] });
    expect(taken(decodeMime(operation, 'Subject: S\r\n\r\nx')).recipients).toEqual([]);
  });

  test.each(['sendMail', 'forward'] as const)('%s goes to whom it says itself', (operation) => {
    expect(taken(decodeMime(operation, MIME)).recipients).toEqual(['to a@example.com', 'cc c@example.com']);
    expect(refused(decodeMime(operation, 'Subject: S\r\n\r\nx'))).toContain('ErrorInvalidRecipients');
  });

  test.each(['createDraft', 'createForward'] as const)('%s needs nobody yet', (operation) => {
    expect(taken(decodeMime(operation, MIME)).recipients).toHaveLength(2);
    expect(taken(decodeMime(operation, 'Subject: S\r\n\r\nx')).recipients).toEqual([]);
  });
});

describe('send', () => {
  test.each([undefined, {}, ' { } ', 'null', '\r\n'])('has no body, and %j is none', (body) => {
    for (const format of ['json', 'mime'] as const) {
      expect(taken(decodeOperation('send', format, bytes(body), 3))).toMatchObject({ text: '', recipients: [] });
    }
  });

  test.each([{ message: {} }, '[]', ' '.repeat(200), 'x'])('%j is one', (body) => {
    expect(refused(decode('send', body))).toBe("RequestBodyRead: The operation 'send' takes no body.");
  });
});

describe('an attachment', () => {
  const refusal = (attachment: Json) => refused(decode('createDraft', { attachments: [attachment] }));
  const file = { '@odata.type': '#microsoft.graph.fileAttachment', name: 'a' };

  test.each<[string, Json, string]>([
    ['with bad base64', { ...file, contentBytes: 'SGk' }, 'attachments[0].contentBytes'],
    ['without its content', file, 'attachments[0].contentBytes'],
    ['of a type that is none', { ...file, '@odata.type': '#microsoft.graph.cloudAttachment' }, 'attachments[0].@odata.type'],
    ['that is a reference', { '@odata.type': '#microsoft.graph.referenceAttachment', name: 'a' }, 'attachments[0].@odata.type'],
    ['that is an item, without it', { '@odata.type': '#microsoft.graph.itemAttachment', name: 'a' }, 'attachments[0].item'],
  ])('%s is refused by its path', (_, attachment, path) => {
    expect(refusal(attachment)).toContain(`'${path}'`);
  });

  const nested = (depth: number): Json => ({
    '@odata.type': '#microsoft.graph.itemAttachment',
    name: 'a',
    item: { '@odata.type': '#microsoft.graph.message', ...(depth > 1 && { attachments: [nested(depth - 1)] }) },
  });

  test('that is an item in items is taken twenty deep, and refused fifty deep', () => {
    expect(taken(decode('createDraft', { attachments: [nested(20)] })).recipients).toEqual([]);
    expect(refusal(nested(50))).toContain('nested deeper than 100');
  });
});

describe('a large base64 string', () => {
  const large = 'QUJD'.repeat(20_000);

  test('is kept as it is wherever it stands', () => {
    const message = {
      subject: large,
      body: { contentType: 'text', content: `text ${large}` },
      attachments: [{ '@odata.type': '#microsoft.graph.fileAttachment', name: 'a', contentBytes: large }],
    };
    const { text, subject } = taken(decode('createDraft', message));
    expect(JSON.parse(text)).toEqual(message);
    expect(large.startsWith(subject as string)).toBe(true);
  });
});
