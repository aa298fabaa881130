// Odd and hostile requests: a clear answer, never a 5xx, and the emulator goes on.
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Client, mailbox, simpleMessage, simpleMime, startClient } from './support/client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
  client.emulator.control.setSwitches({
    requestLimit: { count: 1_000_000, perMilliseconds: 1000 },
    uploadLimit: { bytes: 1e12, perMilliseconds: 1000 },
  });
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.faults.reset());

test.each([
  ['control characters', '%00%0d%0aX-Evil:1@contoso.com', 404],
  ['dots and slashes', '..%2F..%2Fcontrol', 404],
  ['a broken percent sign', '%E0%A4%A', 400],
  ['a quote', "o'brien@contoso.com", 404],
  ['ten thousand characters', 'a'.repeat(10_000), 404],
  ['Unicode', 'j%C3%B6rg@contoso.com', 404],
])('a mailbox name with %s', async (_name, name, status) => {
  expect((await client.graph('GET', `/users/${name}/messages`)).status).toBe(status);
});

test('JSON that is deep, has keys twice, a byte order mark or broken UTF-8', async () => {
  const json = (body: string | Buffer) =>
    client.raw('POST', `${client.emulator.url}/v1.0/users/${mailbox}/sendMail`, body, { ...headers, 'Content-Type': 'application/json' });
  const headers = { Authorization: `Bearer ${await client.emulator.control.token()}` };
  const message = JSON.stringify(simpleMessage());
  expect((await json(`{"message":${'{"attachments":['.repeat(10_000)}${']}'.repeat(10_000)}}`)).status).toBe(400);
  expect((await json(`{"message":{},"message":${message}}`)).status).toBe(202);
  expect((await json(`\uFEFF{"message":${message}}`)).status).toBe(202);
  expect((await json(Buffer.concat([Buffer.from('{"message":{"subject":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}}')]))).status).toBe(
    400,
  );
  expect((await json('')).status).toBe(400);
  expect((await json('[]')).status).toBe(400);
  expect((await client.user('POST', '/sendMail', { message: simpleMessage() }, { 'Content-Encoding': 'gzip' })).status).toBe(415);
});

test('base64 may be wrapped and blank here and there', async () => {
  const base64 = Buffer.from(simpleMime().join('\n')).toString('base64');
  const wrapped = ` ${base64.replace(/.{76}/g, '$&\r\n\t')}\n`;
  expect((await client.user('POST', '/sendMail', wrapped)).status).toBe(202);
});

test('a request that breaks off in the middle of its body is not applied', async () => {
  const before = client.emulator.control.mails(mailbox).length;
  const socket = connect(client.emulator.port, 'localhost');
  await once(socket, 'connect');
  const token = await client.emulator.control.token();
  socket.write(
    `POST /v1.0/users/${mailbox}/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"subject":`,
  );
  while ((client.emulator.control.stats().totals['createDraft'] ?? 0) === 0) await new Promise(setImmediate);
  socket.destroy();
  await once(socket, 'close');
  expect((await client.user('GET', '/messages')).status).toBe(200);
  expect(client.emulator.control.mails(mailbox).length).toBe(before);
});

test('any JSON value in any property of a message is accepted or refused, never an internal error', async () => {
  const names = [
    'subject',
    'body',
    'from',
    'toRecipients',
    'importance',
    'flag',
    'attachments',
    'internetMessageHeaders',
    'singleValueExtendedProperties',
    'categories',
    'sentDateTime',
    'extra',
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 3 }), async (name, value) => {
      const { status } = await client.user('POST', '/messages', { [name]: value });
      expect([201, 400]).toContain(status);
    }),
    { numRuns: 150, seed: 7 },
  );
});

test('any bytes as MIME are accepted or refused, never an internal error', async () => {
  const sample = Buffer.from(simpleMime(['Content-Transfer-Encoding: quoted-printable', 'Bcc: bob@contoso.com']).join('\r\n'));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(sample.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), async (flips) => {
      const mime = Buffer.from(sample);
      for (const [at, value] of flips) mime[at] = value;
      const { status } = await client.user('POST', '/sendMail', mime.toString('base64'));
      expect([202, 400]).toContain(status);
    }),
    { numRuns: 150, seed: 7 },
  );
  await client.emulator.control.settled();
});

test('any filter is answered or refused, never an internal error', async () => {
  const word = fc.constantFrom(
    'subject',
    'eq',
    'and',
    'or',
    'not',
    '(',
    ')',
    "'x'",
    'isDraft',
    'true',
    'ge',
    '2025-01-01T00:00:00Z',
    'any',
    '/',
    ':',
    'ep',
    ',',
    'startswith',
    'singleValueExtendedProperties',
    '5',
    'null',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 12 }), async (words) => {
      const { status } = await client.user('GET', `/messages?$filter=${encodeURIComponent(words.join(' '))}`);
      expect([200, 400, 501]).toContain(status);
    }),
    { numRuns: 150, seed: 7 },
  );
});
