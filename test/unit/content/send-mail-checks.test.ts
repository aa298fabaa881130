// sendMail in JSON: recipients, headers, marks, and what must not stand in a header.
import { describe, expect, test } from 'vitest';
import { decodeSendMail } from '../../../shared/domain/content/decode-send-mail.ts';
import { MARK_HEADER, MARK_HEADER_PROPERTY, MARK_PROPERTY } from '../../../shared/domain/doubt/marks.ts';

type Json = Record<string, unknown>;
const at = (...addresses: string[]) => addresses.map((address) => ({ emailAddress: { address } }));
const send = (message: Json, limit = 500) => decodeSendMail(new TextEncoder().encode(JSON.stringify({ message })), limit);
const toOne = (message: Json) => send({ toRecipients: at('customer@example.com'), ...message });

function taken(result: ReturnType<typeof send>) {
  if (!result.ok) throw new Error(`refused: ${result.problem.message}`);
  return result.value;
}
function refused(result: ReturnType<typeof send>, code: string): string {
  if (result.ok) throw new Error('it was taken');
  expect(result.problem.code).toBe(code);
  return result.problem.message;
}

describe('recipients', () => {
  test('are listed in order with their type, trimmed', () => {
    const message = { ccRecipients: at('c@example.com'), bccRecipients: at('b@example.com'), toRecipients: at(' a@example.com ') };
    expect(taken(send(message)).recipients).toEqual([
      { address: 'a@example.com', type: 'to' },
      { address: 'c@example.com', type: 'cc' },
      { address: 'b@example.com', type: 'bcc' },
    ]);
  });

  test('are needed', () => {
    for (const message of [{}, { toRecipients: [] }, { toRecipients: null }, { replyTo: at('a@example.com') }]) {
      expect(refused(send(message), 'ErrorInvalidRecipients')).toContain('contains no recipients');
    }
  });

  test.each([
    [{}],
    [{ emailAddress: null }],
    [{ emailAddress: {} }],
    [{ emailAddress: { name: 'Ada' } }],
    [{ emailAddress: { address: 'ada' } }],
  ])('must have an address: %j has none', (recipient) => {
    refused(send({ toRecipients: [recipient] }), 'ErrorInvalidRecipients');
  });

  test('are named where they cannot be an address', () => {
    expect(refused(send({ toRecipients: at('a@example.com', 'no body') }), 'ErrorInvalidRecipients')).toContain(
      'Recipient "no body" isn\'t resolved',
    );
  });

  test('are counted over to, cc and bcc', () => {
    const message = { toRecipients: at('a@example.com'), ccRecipients: at('b@example.com'), bccRecipients: at('c@example.com') };
    expect(taken(send(message, 3)).recipients).toHaveLength(3);
    expect(refused(send(message, 2), 'ErrorInvalidRecipients')).toContain('3 recipients over to, cc and bcc; the limit is 2');
  });

  test('may be a thousand, but not with addresses that no queue message holds', () => {
    const many = (length: number) => Array.from({ length: 1000 }, (_, i) => `${`${i}`.padStart(length, 'a')}@example.com`);
    expect(taken(send({ toRecipients: at(...many(40)) }, 1000)).recipients).toHaveLength(1000);
    const long = many(60).map((address) => `${address}.${'x'.repeat(60)}`);
    expect(refused(send({ toRecipients: at(...long) }, 1000), 'ErrorMessageSizeExceeded')).toContain('The list of recipients has');
  });

  test('are refused where they are thousands, and by the number of values where they are a hundred thousand', () => {
    const message = (count: number) => ({ toRecipients: at(...Array.from({ length: count }, (_, i) => `${i}@example.com`)) });
    expect(refused(send(message(9_000)), 'ErrorInvalidRecipients')).toContain('9000 recipients');
    expect(refused(send(message(100_000)), 'RequestBodyRead')).toContain('more than 30000 values');
  });
});

describe('what the log keeps', () => {
  test('is the subject, cut and in whole characters', () => {
    expect(taken(toOne({ subject: 'Invoice' })).subject).toBe('Invoice');
    expect(taken(toOne({ subject: '' })).subject).toBeUndefined();
    expect(taken(toOne({ subject: `${'a'.repeat(254)}😀` })).subject).toBe(`${'a'.repeat(254)} `);
  });

  test('is the From address, or else the Sender', () => {
    const [from, sender] = at('ada@contoso.com', 'bob@contoso.com');
    expect(taken(toOne({ from, sender })).from).toBe('ada@contoso.com');
    expect(taken(toOne({ sender })).from).toBe('bob@contoso.com');
    for (const nobody of [{ emailAddress: { name: 'Ada' } }, { emailAddress: { address: ' ' } }, {}]) {
      expect(refused(toOne({ from: nobody }), 'ErrorInvalidRecipients')).toContain("'message.from' has no address");
      expect(refused(toOne({ sender: nobody }), 'ErrorInvalidRecipients')).toContain("'message.sender' has no address");
    }
    expect(refused(toOne({ replyTo: [{ emailAddress: { name: 'Ada' } }] }), 'RequestBodyRead')).toContain('message.replyTo[0]');
    expect(refused(toOne({ from: at('ada')[0] }), 'RequestBodyRead')).toContain('message.from.emailAddress.address');
    expect(refused(toOne({ sender: at('bob')[0] }), 'RequestBodyRead')).toContain('message.sender.emailAddress.address');
  });

  test("is the caller's Message-ID, if it is one", () => {
    expect(taken(toOne({ internetMessageId: '<4711@contoso.com>' })).internetMessageId).toBe('<4711@contoso.com>');
    for (const internetMessageId of ['4711@contoso.com', '<47 11@contoso.com>', '<>', `<${'a'.repeat(1000)}@b>`]) {
      expect(refused(toOne({ internetMessageId }), 'RequestBodyRead')).toContain('message.internetMessageId');
    }
  });
});

describe('custom headers', () => {
  const headers = (...names: string[]) => ({ internetMessageHeaders: names.map((name) => ({ name, value: 'v' })) });

  test('may be five', () => {
    expect(taken(toOne(headers('x-a', 'X-B', 'x-c', 'x-d', 'x-e')))).toBeDefined();
    refused(toOne(headers('x-a', 'x-b', 'x-c', 'x-d', 'x-e', 'x-f')), 'InvalidInternetMessageHeaderCollection');
  });

  test.each(['Subject', 'x-', 'x-a:b', 'x-a b', 'x-ä', '', 'xa'])('may not be named %j', (name) => {
    refused(toOne(headers(name)), 'InvalidInternetMessageHeader');
  });

  test('and properties that are our marks are refused', () => {
    expect(refused(toOne(headers(MARK_HEADER.toUpperCase())), 'RequestBodyRead')).toContain('is reserved');
    for (const id of [MARK_PROPERTY, MARK_PROPERTY.toUpperCase(), ` ${MARK_HEADER_PROPERTY.replace(' Name', '  Name')}`]) {
      const message = {
        singleValueExtendedProperties: [
          { id: 'Integer 0x36', value: '1' },
          { id, value: 'x' },
        ],
      };
      expect(refused(toOne(message), 'RequestBodyRead')).toContain('is reserved');
    }
  });
});

const file = { '@odata.type': '#microsoft.graph.fileAttachment', name: 'a', contentBytes: 'QQ==' };
const BROKEN = 'x\r\nBcc: other@example.com';

describe('a line break', () => {
  test.each<[string, Json]>([
    ['subject', { subject: BROKEN }],
    ['toRecipients[0].emailAddress.name', { toRecipients: [{ emailAddress: { name: BROKEN, address: 'a@example.com' } }] }],
    ['ccRecipients[1].emailAddress.address', { ccRecipients: at('a@example.com', BROKEN) }],
    ['bccRecipients[0].emailAddress.name', { bccRecipients: [{ emailAddress: { name: BROKEN } }] }],
    ['replyTo[0].emailAddress.address', { replyTo: at(BROKEN) }],
    ['from.emailAddress.name', { from: { emailAddress: { name: BROKEN } } }],
    ['sender.emailAddress.name', { sender: { emailAddress: { name: BROKEN } } }],
    ['internetMessageHeaders[0].value', { internetMessageHeaders: [{ name: 'x-a', value: BROKEN }] }],
    ['categories[0]', { categories: [BROKEN] }],
    ['attachments[0].name', { attachments: [{ ...file, name: BROKEN }] }],
    ['attachments[1].contentId', { attachments: [file, { ...file, contentId: BROKEN }] }],
    ['attachments[0].contentType', { attachments: [{ ...file, contentType: BROKEN }] }],
    ['attachments[0].contentLocation', { attachments: [{ ...file, contentLocation: BROKEN }] }],
    ['singleValueExtendedProperties[0].value', { singleValueExtendedProperties: [{ id: 'String 0x1042', value: BROKEN }] }],
    [
      'singleValueExtendedProperties[0].value',
      { singleValueExtendedProperties: [{ id: 'String {00020386-0000-0000-C000-000000000046} Name X-A', value: BROKEN }] },
    ],
  ])('in %s is refused: it would make a header', (path, message) => {
    expect(refused(toOne(message), 'RequestBodyRead')).toContain(`'message.${path}' contains a line break`);
  });

  test('may stand in a body, and in a property that is no header', () => {
    const singleValueExtendedProperties = [{ id: 'String {00020329-0000-0000-C000-000000000046} Name Note', value: BROKEN }];
    expect(taken(toOne({ body: { contentType: 'text', content: BROKEN }, singleValueExtendedProperties }))).toBeDefined();
  });
});

describe("Exchange's deferred-send properties", () => {
  const deferred = (...properties: [string, string][]) => ({
    singleValueExtendedProperties: [...properties.map(([id, value]) => ({ id, value })), { id: 'Integer 0x36', value: '1' }],
  });

  test.each([
    ['SystemTime 0x3FEF', '2026-09-01T08:00:00Z', '2026-09-01T08:00:00.000Z'],
    ['systemtime 0x3fef', '2026-09-01T08:00:00', '2026-09-01T08:00:00.000Z'],
    ['SystemTime 0x000F', '2026-09-01T10:00:00+02:00', '2026-09-01T08:00:00.000Z'],
    [' SystemTime  0xF ', ' 2026-09-01T08:00:00 ', '2026-09-01T08:00:00.000Z'],
  ])('%s is taken as Send-At and removed', (id, value, sendAt) => {
    const { content, ...decoded } = taken(toOne(deferred([id, value])));
    expect(decoded.sendAt).toBe(sendAt);
    const { message } = JSON.parse(Buffer.from(content).toString()) as { message: Json };
    expect(message['singleValueExtendedProperties']).toEqual([{ id: 'Integer 0x36', value: '1' }]);
  });

  test('are both obeyed: the later one counts', () => {
    const both = deferred(['SystemTime 0x3FEF', '2026-09-01T08:00:00Z'], ['SystemTime 0x000F', '2026-09-02T08:00:00Z']);
    expect(taken(toOne(both)).sendAt).toBe('2026-09-02T08:00:00.000Z');
  });

  test('are refused where they hold no time', () => {
    expect(refused(toOne(deferred(['SystemTime 0x3FEF', 'tomorrow'])), 'RequestBodyRead')).toContain('deferred-send property');
  });
});

test.each(['', ' \r\n'])('a file attachment whose contentBytes are %j is refused, as Graph would', (contentBytes) => {
  const file = (bytes: string) => ({ '@odata.type': '#microsoft.graph.fileAttachment', name: 'a.txt', contentBytes: bytes });
  const message = refused(toOne({ attachments: [file('QQ=='), file(contentBytes)] }), 'ErrorRequiredPropertyMissing');
  expect(message).toContain('message.attachments[1].contentBytes');
});

test('attachments are as many as Exchange takes, and no more', () => {
  const files = (count: number) =>
    Array.from({ length: count }, () => ({ '@odata.type': '#microsoft.graph.fileAttachment', name: 'a', contentBytes: 'AAAA' }));
  expect(toOne({ attachments: files(250) }).ok).toBe(true);
  expect(refused(toOne({ attachments: files(251) }), 'ErrorMessageSizeExceeded')).toContain('251 attachments');
});
