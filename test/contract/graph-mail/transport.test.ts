// What transport hands on: MIME untouched below its header, JSON property by property; and the message trace made of it.
import { createHash } from 'node:crypto';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Client, mailbox, simpleMessage, simpleMime, startClient, to } from './support/client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.reset());

async function sendMime(mime: Buffer) {
  expect((await client.user('POST', '/sendMail', mime.toString('base64'))).status).toBe(202);
  await client.emulator.control.settled();
  const record = client.emulator.control.deliveries().at(-1);
  if (record === undefined) throw new Error('nothing was handed on');
  return record;
}

async function sendJson(message: Record<string, unknown>) {
  expect((await client.user('POST', '/sendMail', { message: simpleMessage(message) })).status).toBe(202);
  await client.emulator.control.settled();
  const record = client.emulator.control.deliveries().at(-1);
  if (record === undefined) throw new Error('nothing was handed on');
  return { record, mail: await PostalMime.parse(record.mime) };
}

const rest = (mime: Buffer, mark: string) =>
  createHash('sha256')
    .update(mime.subarray(mime.indexOf(mark)))
    .digest('hex');

test.each([
  ['CRLF', '\r\n'],
  ['LF only', '\n'],
])('a signed mail keeps every byte of its body: %s', async (_name, lineEnd) => {
  const head = [
    'From: sender@contoso.com',
    'To: alice@contoso.com',
    'Bcc: bob@contoso.com,',
    '\tcarl@example.com',
    'Subject: s',
    'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary="b"',
    '',
  ];
  const body = [
    '--b',
    'Content-Type: text/plain; charset=iso-8859-1',
    'Content-Transfer-Encoding: 8bit',
    '',
    'Gr\u00fc\u00dfe  ',
    '.',
    '--b',
    'Content-Type: application/pkcs7-signature',
    '',
    'AAAA',
    '--b--',
    '',
  ];
  const mime = Buffer.from([...head, ...body].join(lineEnd), 'latin1');
  const record = await sendMime(mime);
  expect(rest(record.mime, '--b')).toBe(rest(mime, '--b'));
  expect(record.mime.toString('latin1')).not.toMatch(/^Bcc|carl@/m);
  expect(record.recipients.map(({ address }) => address)).toEqual(['alice@contoso.com', 'bob@contoso.com', 'carl@example.com']);
  const [copy] = client.emulator.control.mails('alice@contoso.com', 'inbox');
  expect(copy?.itemClass).toBe('IPM.Note.SMIME.MultipartSigned');
  expect((await client.emulator.control.source(copy as NonNullable<typeof copy>)).equals(record.mime)).toBe(true);
});

test('the copy in Sent Items keeps its bytes, Bcc included', async () => {
  const lines = simpleMime(['Message-ID: <m@contoso.com>', 'Bcc: bob@contoso.com']);
  await sendMime(Buffer.from(lines.join('\r\n')));
  const [sent] = client.emulator.control.mails(mailbox, 'sentitems');
  expect((await client.user('GET', `/messages/${sent?.id}/$value`)).text).toBe(lines.join('\r\n'));
});

test('a header with a continuation that is not folded goes through as it is', async () => {
  const mime = Buffer.from(
    'Received: from contoso.com (10.194.241.197) by \ncontoso.com (10.194.241.197) with Microsoft \nSMTP Server id 15.1; Mon, 4 Sep 2017 \n03:00:08 -0700\nFrom: sender@contoso.com\nTo: alice@contoso.com\nSubject: This is a test\nMessage-ID: <odd@contoso.com>\n\ntext\n',
  );
  const record = await sendMime(mime);
  expect([record.subject, record.internetMessageId, record.recipients.length]).toEqual(['This is a test', '<odd@contoso.com>', 1]);
  expect(rest(record.mime, 'Received: from contoso')).not.toBe('');
  expect(record.mime.toString()).toContain('by \ncontoso.com (10.194.241.197) with');
});

test('a From that the mailbox has no right to is replaced by its own; with the right it stays', async () => {
  const mime = Buffer.from('From: Alice <alice@contoso.com>\r\nTo: bob@contoso.com\r\nSubject: s\r\n\r\ntext');
  const replaced = await sendMime(mime);
  expect([replaced.from, /^From: .*/m.exec(replaced.mime.toString())?.[0]]).toEqual([mailbox, 'From: sender <sender@contoso.com>']);
  client.emulator.control.putMailbox({ address: mailbox, sendAs: ['alice@contoso.com'] });
  const kept = await sendMime(mime);
  expect([kept.from, /^From: .*/m.exec(kept.mime.toString())?.[0]]).toEqual(['alice@contoso.com', 'From: Alice <alice@contoso.com>']);
});

test('MIME of every kind is read: encoded words, groups, 8-bit headers, no Date, nesting, a boundary that never ends', async () => {
  const samples = [
    'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nTo: team: alice@contoso.com, bob@contoso.com;\r\n\r\nx',
    'Subject: Grüße\r\nTo: alice@contoso.com\r\n\r\nx',
    'To: alice@contoso.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx',
    `To: alice@contoso.com\r\n${Array.from({ length: 1000 }, (_one, number) => `X-H${number}: v\r\n`).join('')}\r\nx`,
    `To: alice@contoso.com\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n${Array.from({ length: 100 }, (_one, level) => `--b${level}\r\nContent-Type: multipart/mixed; boundary=b${level + 1}\r\n\r\n`).join('')}x`,
  ];
  for (const sample of samples) expect((await sendMime(Buffer.from(sample))).recipients.length).toBeGreaterThan(0);
  expect(
    client.emulator.control
      .deliveries()
      .slice(0, 2)
      .map(({ subject }) => subject),
  ).toEqual(['Grüße', 'Grüße']);
});

test('JSON reaches the recipient property by property', async () => {
  const { mail, record } = await sendJson({
    subject: 'Grüße 😀',
    body: { contentType: 'html', content: '<p>Hällo</p>' },
    toRecipients: [{ emailAddress: { name: 'Älice', address: 'alice@contoso.com' } }],
    ccRecipients: to('carl@example.com'),
    bccRecipients: to('bob@contoso.com'),
    replyTo: to('alerts@contoso.com'),
    importance: 'high',
    isReadReceiptRequested: true,
    isDeliveryReceiptRequested: true,
    internetMessageHeaders: [{ name: 'x-app', value: 'a b' }],
    singleValueExtendedProperties: [
      { id: 'String {00020386-0000-0000-C000-000000000046} Name x-named', value: 'n' },
      { id: 'String {00020329-0000-0000-C000-000000000046} Name X-Queue-Id', value: 'secret' },
      { id: 'String 0x1042', value: '<before@contoso.com>' },
    ],
  });
  const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value;
  expect([mail.subject, mail.to?.[0], mail.cc?.[0]?.address, mail.bcc, mail.replyTo?.[0]?.address]).toEqual([
    'Grüße 😀',
    { name: 'Älice', address: 'alice@contoso.com' },
    'carl@example.com',
    undefined,
    'alerts@contoso.com',
  ]);
  expect([header('importance'), header('x-app'), header('x-named'), mail.inReplyTo]).toEqual(['high', 'a b', 'n', '<before@contoso.com>']);
  expect([header('disposition-notification-to'), header('return-receipt-to')]).toEqual([mailbox, mailbox]);
  expect(mail.html).toContain('<p>Hällo</p>');
  expect(mail.text).toContain('Hällo');
  expect(record.mime.toString()).not.toContain('secret');
  expect(record.marks.properties['String {00020329-0000-0000-c000-000000000046} Name X-Queue-Id']).toBe('secret');
});

test('the message trace shows each recipient, in a window, with details', async () => {
  await sendJson({
    toRecipients: to('alice@contoso.com', 'unknown-user@contoso.com', 'quarantined@example.org', 'filtered-as-spam@example.org'),
    internetMessageId: '<t@contoso.com>',
  });
  const traces = (query = '') => client.graph('GET', `/admin/exchange/tracing/messageTraces${query}`);
  const all = (await traces(`?$filter=${encodeURIComponent("messageId eq '<t@contoso.com>'")}`)).json.value;
  expect(all.map(({ recipientAddress, status }: Record<string, string>) => [recipientAddress?.split('@')[0], status]).sort()).toEqual([
    ['alice', 'delivered'],
    ['filtered-as-spam', 'filteredAsSpam'],
    ['quarantined', 'quarantined'],
    ['unknown-user', 'failed'],
  ]);
  const failed = (await traces(`?$filter=${encodeURIComponent("status eq 'failed' and senderAddress eq 'sender@contoso.com'")}`)).json
    .value;
  expect(failed).toHaveLength(1);
  const details = await client.graph(
    'GET',
    `/admin/exchange/tracing/messageTraces/${failed[0].id}/getDetailsByRecipient(recipientAddress='unknown-user@contoso.com')`,
  );
  expect(details.json.value.map(({ event }: { event: string }) => event)).toEqual(['Receive', 'Fail']);
  const pages = await traces('?$top=3');
  expect((await client.graph('GET', pages.json['@odata.nextLink'].split('/v1.0')[1])).json.value).toHaveLength(1);
  expect(
    (
      await traces(
        `?$filter=${encodeURIComponent('receivedDateTime ge 2020-01-01T00:00:00Z and receivedDateTime le 2020-02-01T00:00:00Z')}`,
      )
    ).status,
  ).toBe(400);
  const token = await client.emulator.control.token({ claims: { roles: ['Mail.Read'] } });
  expect((await client.graph('GET', '/admin/exchange/tracing/messageTraces', undefined, { Authorization: `Bearer ${token}` })).status).toBe(
    403,
  );
});
