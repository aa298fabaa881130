// sendMail in JSON: the shape of Graph's message, property by property, and the path of what is wrong.
import { describe, expect, test } from 'vitest';
import { decodeSendMail } from '../../../shared/domain/content/decode-send-mail.ts';

type Json = Record<string, unknown>;
const TO = [{ emailAddress: { address: 'customer@example.com' } }];
const decode = (body: unknown) => decodeSendMail(new TextEncoder().encode(JSON.stringify(body)), 500);
const send = (message: Json) => decode({ message: { toRecipients: TO, ...message } });

function taken(result: ReturnType<typeof decode>) {
  if (!result.ok) throw new Error(`refused: ${result.problem.message}`);
  return { ...result.value, message: (JSON.parse(Buffer.from(result.value.content).toString()) as { message: Json }).message };
}
function refused(result: ReturnType<typeof decode>): string {
  if (result.ok) throw new Error('it was taken');
  expect(result.problem).toMatchObject({ status: 400, code: 'RequestBodyRead' });
  return result.problem.message;
}

const person = { emailAddress: { name: 'Ada', address: 'ada@contoso.com' } };
const file = { '@odata.type': '#microsoft.graph.fileAttachment', name: 'a.txt', contentBytes: 'SGk=' };

/** Every property that Graph's message may carry when it is sent. */
const WRITABLE: [string, unknown][] = [
  ['subject', 'Invoice'],
  ['body', { contentType: 'HTML', content: '<p>Hello</p>' }],
  ['body', { contentType: 'text', content: 'Hello\r\nthere' }],
  ['ccRecipients', [person]],
  ['bccRecipients', [person, person]],
  ['replyTo', [person]],
  ['from', person],
  ['sender', person],
  ['importance', 'High'],
  ['inferenceClassification', 'focused'],
  ['categories', ['Red', 'Blue']],
  ['flag', { flagStatus: 'Flagged', dueDateTime: { dateTime: '2026-09-01T08:00:00', timeZone: 'UTC' } }],
  ['internetMessageId', '<4711@contoso.com>'],
  ['internetMessageHeaders', [{ name: 'x-invoice', value: '4711' }]],
  ['isDeliveryReceiptRequested', true],
  ['isReadReceiptRequested', false],
  ['isRead', true],
  ['conversationId', 'AAQk'],
  ['conversationIndex', 'AQHX'],
  [
    'attachments',
    [{ ...file, contentType: 'text/plain', contentId: 'a1', contentLocation: 'http://contoso.com/a', isInline: true, size: 2 }],
  ],
  ['attachments', [{ ...file, contentBytes: 'SGV\r\nsbG8=\n', '@odata.type': 'microsoft.graph.fileAttachment' }]],
  ['attachments', [{ ...file, contentBytes: 'QQ==', '@odata.mediaContentType': 'text/plain' }]],
  [
    'attachments',
    [{ '@odata.type': '#microsoft.graph.itemAttachment', name: 'i', item: { '@odata.type': 'microsoft.graph.event', x: 1 } }],
  ],
  ['extensions', [{ '@odata.type': 'microsoft.graph.openTypeExtension', extensionName: 'Com.Contoso.Order', number: 4711 }]],
  ['singleValueExtendedProperties', [{ id: 'String 0x1042', value: '<4710@contoso.com>' }]],
  ['multiValueExtendedProperties', [{ id: 'StringArray {00020329-0000-0000-C000-000000000046} Name Tags', value: ['a'] }]],
  ['@odata.type', '#microsoft.graph.message'],
  ['@odata.etag', 'W/"1"'],
  ['categories@odata.type', '#Collection(String)'],
];

describe('a message', () => {
  test.each(WRITABLE)('may have %s', (name, value) => {
    expect(taken(send({ [name]: value })).message[name]).toEqual(value);
  });

  test.each(WRITABLE.filter(([name]) => !name.includes('@') && name !== 'toRecipients').map(([name]) => name))(
    'may have null for %s, which is left out',
    (name) => {
      expect(taken(send({ [name]: null })).message).toEqual({ toRecipients: TO });
    },
  );

  test.each(['id', 'bodyPreview', 'changeKey', 'createdDateTime', 'hasAttachments', 'isDraft', 'lastModifiedDateTime', 'parentFolderId'])(
    'may not have %s, which Exchange sets',
    (name) => {
      expect(refused(send({ [name]: null }))).toBe(`The property 'message.${name}' is read-only: Exchange sets it. Leave it out.`);
    },
  );

  test.each<[unknown, string, string]>([
    [{ Subject: 'x' }, 'message.Subject', 'message'],
    [{ foo: 1 }, 'message.foo', 'message'],
    [JSON.parse('{"__proto__":{"a":1}}'), 'message.__proto__', 'message'],
    [{ constructor: 1 }, 'message.constructor', 'message'],
    [{ body: { text: 'x' } }, 'message.body.text', 'itemBody'],
    [{ ccRecipients: [person, { address: 'a@example.com' }] }, 'message.ccRecipients[1].address', 'recipient'],
    [{ from: { emailAddress: { id: 'x' } } }, 'message.from.emailAddress.id', 'emailAddress'],
    [{ flag: { dueDateTime: { dateTime: 'x', zone: 'y' } } }, 'message.flag.dueDateTime.zone', 'dateTimeTimeZone'],
    [{ attachments: [{ ...file, contentType2: 'x' }] }, 'message.attachments[0].contentType2', 'attachment'],
    [{ internetMessageHeaders: [{ name: 'x-a', value: 'b', c: 1 }] }, 'message.internetMessageHeaders[0].c', 'internetMessageHeader'],
  ])('may not have the unknown property of %j', (message, path, type) => {
    expect(refused(send(message as Json))).toContain(`The property '${path}' does not exist on type 'microsoft.graph.${type}'.`);
  });

  test.each<[Json, string]>([
    [{ subject: 5 }, 'message.subject'],
    [{ body: 'text' }, 'message.body'],
    [{ body: { contentType: 'markdown' } }, 'message.body.contentType'],
    [{ importance: 'urgent' }, 'message.importance'],
    [{ ccRecipients: {} }, 'message.ccRecipients'],
    [{ ccRecipients: ['a@example.com'] }, 'message.ccRecipients[0]'],
    [{ isRead: 'true' }, 'message.isRead'],
    [{ categories: 'Red' }, 'message.categories'],
    [{ '@odata.type': '#microsoft.graph.event' }, 'message.@odata.type'],
    [{ attachments: [{ name: 'a', contentBytes: 'SGk=' }] }, 'message.attachments[0].@odata.type'],
    [{ attachments: [{ '@odata.type': '#microsoft.graph.referenceAttachment' }] }, 'message.attachments[0].@odata.type'],
    [{ attachments: [{ '@odata.type': '#microsoft.graph.fileAttachment', name: 'a' }] }, 'message.attachments[0].contentBytes'],
    [{ attachments: [{ ...file, contentBytes: 'SGk' }] }, 'message.attachments[0].contentBytes'],
    [{ attachments: [{ ...file, contentBytes: 'SG-_' }] }, 'message.attachments[0].contentBytes'],
    [{ attachments: [{ '@odata.type': '#microsoft.graph.itemAttachment' }] }, 'message.attachments[0].item'],
    [{ singleValueExtendedProperties: [{ id: 'String 0x1042' }] }, 'message.singleValueExtendedProperties[0].value'],
  ])('is refused by the path where %j has a wrong value', (message, path) => {
    expect(refused(send(message))).toContain(`The property '${path}' has a wrong value`);
  });
});

describe('the parameters of sendMail', () => {
  test.each([
    [undefined, true],
    [null, true],
    [true, true],
    [false, false],
    ['true', true],
    ['false', false],
    ['False', false],
  ])('saveToSentItems may be %j', (saveToSentItems, expected) => {
    expect(taken(decode({ message: { toRecipients: TO }, saveToSentItems })).saveToSentItems).toBe(expected);
  });

  test('are named with a capital too, as in Graph', () => {
    expect(taken(decode({ Message: { toRecipients: TO }, SaveToSentItems: false })).saveToSentItems).toBe(false);
  });

  test('are refused where they are unknown or of another type', () => {
    expect(refused(decode({ message: { toRecipients: TO }, comment: 'x' }))).toContain("The parameter 'comment'");
    expect(refused(decode({ message: { toRecipients: TO }, saveToSentItems: 'no' }))).toContain("'saveToSentItems'");
    expect(refused(decode({ message: 'x' }))).toContain("'message'");
  });

  test('must have a message: a bare one is not wrapped', () => {
    for (const body of [{}, { message: null }, { subject: 'bare', toRecipients: TO }]) {
      expect(decode(body)).toMatchObject({ ok: false, problem: { code: 'ErrorInvalidParameter' } });
    }
  });

  test('may carry annotations', () => {
    expect(taken(decode({ '@odata.context': 'x', message: { toRecipients: TO } })).recipients).toHaveLength(1);
  });
});

test('a body that ends within a string is refused', () => {
  const cut = new TextEncoder().encode('{"message": {"subject": "cut off \\"');
  expect(refused(decodeSendMail(cut, 500))).toContain('not valid JSON');
});
