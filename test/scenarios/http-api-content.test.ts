// What is accepted reaches its recipients with the same content, whatever it was: JSON by what it says, MIME byte for byte; and the
// published examples do.
import fc from 'fast-check';
import PostalMime, { type Email } from 'postal-mime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningStack, startRunningStack } from '../support/running-stack.ts';
import { until } from '../support/until.ts';
import { ask, at, base64, json, mime } from './http-api-calls.ts';

let stack: RunningStack;

beforeAll(async () => {
  stack = await startRunningStack({ settings: { GRAPH_TIMEOUT: 'PT10S', IN_DOUBT_GRACE: 'PT12S' } });
});
afterAll(() => stack.close());

interface Delivered {
  mime: Buffer;
  recipients: string[];
}

/** Sends to a mailbox of its own choice, so that mails don't wait for each other, and waits until transport has handed it on. */
async function deliver(request: Parameters<typeof ask>[1]): Promise<Delivered> {
  const answer = await ask(stack, request);
  if (answer.status !== 202) throw new Error(`refused: ${JSON.stringify(answer.body)}`);
  const location = stack.url('functions') + answer.headers.get('location');
  await stack.until(location, 'accepted', ({ status }) => ['accepted', 'sent', 'rejected'].includes(status));
  const path = `deliveries?include=mime&mark=${answer.body['id']}`;
  const transported = () => stack.graph<{ value: { mime: string; recipients: { address: string; type: string }[] }[] }>('GET', path);
  const { value } = await until(`handed on: ${location}`, transported, (found) => found.value.length > 0);
  expect(value).toHaveLength(1);
  const { mime = '', recipients = [] } = value[0] ?? {};
  return { mime: Buffer.from(mime, 'base64'), recipients: recipients.map(({ address, type }) => `${type}:${address}`) };
}

let mailboxes = 0;
const anyMailbox = (): string => `content-${++mailboxes % 6}@contoso.com`;

/** Everything printable that there is, and the line breaks and tabs of a body. */
const words = (maxLength: number) =>
  fc.string({ unit: 'grapheme', maxLength }).map((text) => text.replace(/[\p{Cc}\p{Cs}\p{Cf}\u2028\u2029]/gu, '').trim());
const name = words(20).map((text) =>
  text
    .replace(/["\\<>()[\]:;,@=?]/g, '')
    .replace(/\s+/g, ' ')
    .trim(),
);
const address = fc.tuple(
  fc.stringMatching(/^[a-z0-9!#$&'*+=?^_`{|}~-]{1,20}$/),
  fc.constantFrom('example.com', 'fabrikam.com', 'sub.example.org'),
);
const person = fc.record({ name, address: address.map((parts) => parts.join('@')) });
const people = fc.uniqueArray(person, { maxLength: 4, selector: (one) => one.address });
const file = fc.record({
  name: fc.stringMatching(/^[\wäöü -]{1,20}\.(pdf|txt|bin)$/).map((text) => text.replace(/\s+/g, '_')),
  contentType: fc.constantFrom('application/pdf', 'application/octet-stream', 'image/png'),
  content: fc.uint8Array({ minLength: 1, maxLength: 2_000 }),
});
const aMail = fc.record({
  subject: words(60).map((text) => text.replace(/\s+/g, ' ').trim()),
  isHtml: fc.boolean(),
  content: fc.array(words(80), { maxLength: 5 }).map((lines) => lines.join('\r\n')),
  to: people,
  cc: people,
  bcc: people,
  replyTo: people,
  headers: fc.uniqueArray(fc.stringMatching(/^x-[a-z]{1,10}$/), { maxLength: 5 }),
  files: fc.array(file, { maxLength: 3 }),
  importance: fc.constantFrom('low', 'normal', 'High'),
});
type Mail = typeof aMail extends fc.Arbitrary<infer T> ? T : never;

const resource = (mail: Mail) => ({
  subject: mail.subject,
  body: { contentType: mail.isHtml ? 'HTML' : 'Text', content: mail.content },
  toRecipients: mail.to.map((emailAddress) => ({ emailAddress })),
  ccRecipients: mail.cc.map((emailAddress) => ({ emailAddress })),
  bccRecipients: [...mail.bcc, { name: '', address: 'always@example.com' }].map((emailAddress) => ({ emailAddress })),
  replyTo: mail.replyTo.map((emailAddress) => ({ emailAddress })),
  internetMessageHeaders: mail.headers.map((header) => ({ name: header, value: `value of ${header}` })),
  attachments: mail.files.map(({ content, ...rest }) => ({
    '@odata.type': '#microsoft.graph.fileAttachment',
    ...rest,
    contentBytes: base64(content),
  })),
  importance: mail.importance,
});

const listed = (list: Email['to']): string[] => (list ?? []).map((one) => `${one.name === one.address ? '' : one.name} <${one.address}>`);
const expected = (list: Mail['to']): string[] => list.map((one) => `${one.name} <${one.address}>`);

describe('JSON', () => {
  test('whatever it says arrives: subject, body, people, headers and every byte of its attachments', async () => {
    const mails = fc.sample(aMail, { seed: 20_260_820, numRuns: 24 });
    await Promise.all(
      mails.map(async (mail) => {
        const { mime: bytes, recipients } = await deliver({ ...json({ message: resource(mail) }), mailbox: anyMailbox() });
        const email = await PostalMime.parse(bytes);
        expect(email.subject ?? '').toBe(mail.subject);
        expect((mail.isHtml ? email.html : email.text)?.replace(/\r?\n/g, '\r\n') ?? '').toContain(mail.content);
        expect({ to: listed(email.to), cc: listed(email.cc), replyTo: listed(email.replyTo), bcc: listed(email.bcc) }).toEqual({
          to: expected(mail.to),
          cc: expected(mail.cc),
          replyTo: expected(mail.replyTo),
          bcc: [],
        });
        const typed = (type: string, list: Mail['to']) => list.map((one) => `${type}:${one.address}`);
        expect(recipients).toEqual([...typed('to', mail.to), ...typed('cc', mail.cc), ...typed('bcc', mail.bcc), 'bcc:always@example.com']);
        for (const header of mail.headers) expect(email.headers.find(({ key }) => key === header)?.value).toBe(`value of ${header}`);
        expect(email.attachments.map((one) => [one.filename, one.mimeType, base64(new Uint8Array(one.content as ArrayBuffer))])).toEqual(
          mail.files.map((one) => [one.name, one.contentType, base64(one.content)]),
        );
      }),
    );
  });

  test('a name that comes twice counts as it comes last, for the log and for the mail', async () => {
    const twice = `{"message":{"subject":"first","toRecipients":${JSON.stringify(at('first@example.com'))},"subject":"last","toRecipients":${JSON.stringify(at('last@example.com'))}}}`;
    const { mime: bytes, recipients } = await deliver({ ...json(twice), mailbox: anyMailbox() });
    expect(recipients).toEqual(['to:last@example.com']);
    expect((await PostalMime.parse(bytes)).subject).toBe('last');
  });
});

const lines = (...all: string[]): string => all.join('\r\n');
const TO = 'To: customer@example.com';
const nested = (depth: number): string =>
  Array.from({ length: depth }, (_, i) => lines(`Content-Type: multipart/mixed; boundary=b${i}`, '', `--b${i}`, '')).join('');

const ZOO: [name: string, mime: string | Uint8Array][] = [
  ['without a date, without a body', lines(TO, 'Subject: x', '', '')],
  ['of a header alone', TO],
  ['with a thousand header fields', lines(...Array.from({ length: 1_000 }, (_, i) => `X-Field-${i}: ${i}`), TO, '', 'x')],
  [
    'with header fields of RFC 2047',
    lines('Subject: =?utf-8?B?R3LDvMOfZQ==?= =?iso-8859-1?Q?=DF?=', 'To: =?utf-8?Q?J=C3=BCrgen?= <j@example.com>', '', 'x'),
  ],
  ['with header fields of RFC 6532', lines('Subject: Grüße 你好 🚀', 'To: Jürgen <jürgen@exämple.com>', '', 'Grüße')],
  ['with header bytes of no charset', Buffer.concat([Buffer.from('Subject: Gr\xfc\xdfe\r\n', 'latin1'), Buffer.from(lines(TO, '', 'x'))])],
  ['with two From fields', lines('From: A <content-1@contoso.com>', 'From: B <CONTENT-1@contoso.com>', TO, '', 'x')],
  ['with two Subject fields', lines('Subject: a', 'Subject: b', TO, '', 'x')],
  ['without its closing boundary', lines(TO, 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'x')],
  ['with parts nested to 100', lines(TO, nested(100))],
  ['with bare line feeds', `${TO}\nSubject: x\n\nline\n.\nline\n`],
  ['with mixed line endings', `${TO}\nSubject: x\r\n\nline\r\nline\rline\n\r\n`],
  ['with lines of a megabyte', lines(TO, '', 'x'.repeat(1_000_000))],
  [
    'with NUL and every other byte in its body',
    Buffer.concat([Buffer.from(lines(TO, '', '')), Buffer.from(Uint8Array.from({ length: 512 }, (_, i) => i % 256))]),
  ],
  ['with blanks before a colon and folded names', lines('Subject : x', 'To:', '\tCustomer', ' <customer@example.com>', '', 'x')],
  ['with a group of recipients', lines('To: team: a@example.com, B <b@example.com>;', '', 'x')],
  ['with a Message-ID of its own', lines('Message-ID: <own-4711@contoso.com>', TO, '', 'x')],
];

/** Where the posted message begins in what was handed on: below the lines of transport and ours. */
function expectBelowOurs(bytes: Buffer, posted: Buffer): void {
  expect(bytes.subarray(bytes.length - posted.length).equals(posted)).toBe(true);
  const above = bytes.subarray(0, bytes.length - posted.length).toString('latin1');
  expect(above.toLowerCase().match(/^(x-send-request-id|message-id|received|date|from):/gm)?.length).toBe(above.match(/^\S/gm)?.length);
}

describe('MIME', () => {
  test.each(ZOO)('%s arrives byte for byte below our header lines', async (_, message) => {
    const posted = Buffer.from(message as string);
    const { mime: bytes, recipients } = await deliver({ ...mime(base64(posted)), mailbox: 'content-1@contoso.com' });
    expectBelowOurs(bytes, posted);
    expect(recipients.length).toBeGreaterThan(0);
  });

  test('of any bytes below its header arrives byte for byte', async () => {
    const bodies = fc.sample(fc.uint8Array({ maxLength: 3_000 }), { seed: 20_260_821, numRuns: 12 });
    await Promise.all(
      bodies.map(async (body) => {
        const posted = Buffer.concat([Buffer.from(lines(TO, 'Content-Type: application/octet-stream', '', '')), body]);
        expectBelowOurs((await deliver({ ...mime(base64(posted)), mailbox: anyMailbox() })).mime, posted);
      }),
    );
  });

  test('with a Bcc reaches it, and no copy tells of it', async () => {
    const posted = lines(TO, 'Bcc: hidden@example.com', 'Subject: x', '', 'x');
    const { mime: bytes, recipients } = await deliver({ ...mime(base64(posted)), mailbox: anyMailbox() });
    expect(recipients).toEqual(['to:customer@example.com', 'bcc:hidden@example.com']);
    expectBelowOurs(bytes, Buffer.from(posted.replace('Bcc: hidden@example.com\r\n', '')));
  });
});

interface ObjectSchema {
  required: string[];
  properties: Record<string, unknown>;
}
const expectAsDescribed = (body: object, { required, properties }: ObjectSchema): void => {
  expect(Object.keys(body)).toEqual(expect.arrayContaining(required));
  expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(body)));
};

test('each example of /openapi.json is answered as it says, and goes out', async () => {
  const { paths, components } = (await ask(stack, { method: 'GET', path: '/openapi.json' })).body as never as {
    paths: Record<
      string,
      {
        post: {
          requestBody: { content: Record<string, { examples: Record<string, { value: unknown }> }> };
          responses: Record<string, { content: Record<string, { schema: ObjectSchema }> }>;
        };
      }
    >;
    components: { schemas: Record<string, ObjectSchema> };
  };
  const { requestBody, responses } = paths['/v1.0/users/{mailbox}/sendMail']!.post;
  let sent = 0;
  for (const [type, { examples }] of Object.entries(requestBody.content)) {
    for (const { value } of Object.values(examples)) {
      const body = typeof value === 'string' ? value : JSON.stringify(value);
      const answer = await ask(stack, { body, headers: { 'content-type': type } });
      expectAsDescribed(answer.body, responses[answer.status]!.content['application/json']!.schema);
      const request = await stack.untilStatus(stack.url('functions') + answer.headers.get('location'), 'sent');
      expectAsDescribed(request, components.schemas['sendRequest']!);
      for (const recipient of request.recipients) expectAsDescribed(recipient, components.schemas['sendRequestRecipient']!);
      for (const event of request.events) expectAsDescribed(event, components.schemas['sendRequestEvent']!);
      sent++;
    }
  }
  expect(sent).toBeGreaterThan(2);
});
