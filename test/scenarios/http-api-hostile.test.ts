// What no honest client sends: every answer is a clear 4xx or a clean 202, the worker stays alive, and only what was accepted is queued.
import { connect } from 'node:net';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RawAnswer, rawRequest } from '../contract/functions-host/raw-request.ts';
import { HAS_PROC, peakMegabytes } from '../support/peak-memory.ts';
import { type RunningStack, startRunningStack, WHEN_TOLD } from '../support/running-stack.ts';
import { ask, at, base64, json, mail, mime, type Request, traces } from './http-api-calls.ts';

let stack: RunningStack;
let worker: number | undefined;
let accepted = 0;

beforeAll(async () => {
  stack = await startRunningStack({ settings: { RECONCILE_SCHEDULE: WHEN_TOLD } });
  worker = stack.stack.pids()['worker'];
});
afterAll(() => stack.close());

const MAIL = JSON.stringify(mail());
const MIME = 'To: bob@contoso.com\r\nSubject: x\r\n\r\nHello';

const raw = async (path: string, headers: string[], ...body: (string | Buffer)[]): Promise<RawAnswer> => {
  const head = [`POST ${path} HTTP/1.1`, 'host: localhost', 'connection: close', 'content-type: application/json', ...headers, '', ''];
  const answer = await rawRequest(stack.url('functions'), head.join('\r\n'), ...body);
  if (answer.status === 202) accepted++;
  return answer;
};
const lengthOf = (body: string | Buffer): string => `content-length: ${Buffer.byteLength(body)}`;
const toSender = (headers: string[], ...body: (string | Buffer)[]) => raw('/v1.0/users/sender@contoso.com/sendMail', headers, ...body);
const codeOf = ({ body }: RawAnswer): string => (body ? (JSON.parse(body) as { error: { code: string } }).error.code : '');

async function post(request: Request) {
  const answer = await ask(stack, request);
  if (answer.status === 202) accepted++;
  return answer;
}

describe('a mailbox name', () => {
  test.each([
    ['SENDER@Contoso.COM', 'sender@contoso.com'],
    ['sender%40contoso.com', 'sender@contoso.com'],
    ["o'brien@contoso.com", "o'brien@contoso.com"],
    ['a+b@contoso.com', 'a+b@contoso.com'],
    ['gr%C3%BC%C3%9Fe@contoso.com', 'grüße@contoso.com'],
    ['gru%CC%88%C3%9Fe@contoso.com', 'grüße@contoso.com'],
    ['8D0E1F2A-0000-4000-8000-0123456789AB', '8d0e1f2a-0000-4000-8000-0123456789ab'],
  ])('%s is %s', async (name, canonical) => {
    const answer = await raw(`/v1.0/users/${name}/sendMail`, [lengthOf(MAIL)], MAIL);
    expect(answer.status).toBe(202);
    expect(JSON.parse(answer.body)).toMatchObject({ mailbox: canonical });
    expect(answer.head).toMatch(/^location: \/v1\.0\/users\/[\x21-\x7e]+\/sendRequests\/\w+$/im);
  });

  test.each([
    ['me', 404],
    ['nobody', 404],
    ['..', 400],
    ['%2e%2e', 400],
    ['..%2F..%2Fhealth', 404],
    ['a%2Fb@contoso.com', 404],
    ['a%252Fb@contoso.com', 404],
    ['a%5Cb@contoso.com', 404],
    ['a%3Fb@contoso.com', 404],
    ['a%23b@contoso.com', 404],
    ['$metadata', 404],
    ['$a@contoso.com', 404],
    ['a%20b@contoso.com', 404],
    ['a@contoso.com;b@contoso.com', 404],
    ['a%00@contoso.com', 400],
    ['a%01@contoso.com', 404],
    ['a%0D%0Ab@contoso.com', 404],
    ['a%C2%85@contoso.com', 404],
    ['a%E2%80%AEb@contoso.com', 404],
    ['a%E2%80%8Bb@contoso.com', 404],
    ['a%FF@contoso.com', 404],
    ['%F0%9F@contoso.com', 404],
  ])('%j is refused', async (name, status) => {
    const answer = await raw(`/v1.0/users/${name}/sendMail`, [lengthOf(MAIL)], MAIL);
    expect({ status: answer.status, code: codeOf(answer) }).toEqual({
      status,
      code: expect.stringMatching(status === 404 ? 'ErrorInvalidUser' : /^(BadRequest)?$/),
    });
    expect(answer.body.length).toBeLessThan(1_000);
  });
});

test.each(['/v1.0/users//sendMail', '/v1.0//pauses', '//v1.0/pauses', '/v1.0/pauses//', '/health//live', '//'])(
  'a path with an empty segment, %s, is 404',
  async (path) => {
    expect((await raw(path, [lengthOf(MAIL)], MAIL)).status).toBe(404);
    const get = `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`;
    expect((await rawRequest(stack.url('functions'), get)).status).toBe(404);
  },
);

test('a mailbox name of any length is refused', async () => {
  for (const [length, status] of [
    [400, 404],
    [3_000, 404],
    [10_000, 414],
    [50_000, 431],
  ] as const) {
    const answer = await raw(`/v1.0/users/${'a'.repeat(length)}@contoso.com/sendMail`, [lengthOf(MAIL)], MAIL);
    expect({ length, status: answer.status }).toEqual({ length, status });
  }
});

describe('a body', () => {
  test('in chunks is taken whole', async () => {
    const answer = await toSender(['transfer-encoding: chunked'], `${MAIL.length.toString(16)}\r\n${MAIL}\r\n0\r\n\r\n`);
    expect(answer.status).toBe(202);
  });

  test('that comes byte by byte is taken', async () => {
    const { hostname, port } = new URL(stack.url('functions'));
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      let text = '';
      socket
        .setNoDelay(true)
        .on('data', (data) => (text += data))
        .on('error', reject)
        .on('close', () => resolve(text));
      const bytes = `POST /v1.0/users/sender@contoso.com/sendMail HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n${lengthOf(MAIL)}\r\n\r\n${MAIL}`;
      const write = (at: number): unknown => at < bytes.length && socket.write(bytes.charAt(at), () => setImmediate(write, at + 1));
      socket.on('connect', () => write(0));
    });
    expect(answer).toContain(' 202 ');
    accepted++;
  });

  test('that is cut off is answered 4xx or not at all', async () => {
    const { hostname, port } = new URL(stack.url('functions'));
    for (const end of ['end', 'destroy'] as const) {
      const answer = await new Promise<string>((resolve) => {
        const socket = connect(Number(port), hostname);
        let text = '';
        socket
          .on('data', (data) => (text += data))
          .on('error', () => {})
          .on('close', () => resolve(text));
        const head = `POST /v1.0/users/sender@contoso.com/sendMail HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${lengthOf(MAIL)}\r\n\r\n`;
        socket.write(head + MAIL.slice(0, -5), () => socket[end]());
      });
      expect(answer).toMatch(/^$|^HTTP\/1\.1 4\d\d /);
    }
  });

  test.each([
    ['shorter than it is', ['content-length: 40'], 400],
    ['in words', ['content-length: all'], 400],
    ['below zero', ['content-length: -1'], 400],
    ['twice', ['content-length: 40', lengthOf(MAIL)], 400],
    ['and comes in chunks', [lengthOf(MAIL), 'transfer-encoding: chunked'], 400],
    ['beyond the host’s limit', ['content-length: 999999999999'], 413],
  ])('whose length is said %s is refused', async (_, headers, status) => {
    expect((await toSender(headers, MAIL)).status).toBe(status);
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', (bytes: Buffer | string) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ])('in %s is taken, and a bomb refused', async (encoding, compress: (bytes: Buffer | string) => Buffer) => {
    const send = (bytes: Buffer) => post(json(bytes, { 'content-encoding': encoding }));
    expect((await send(compress(MAIL))).status).toBe(202);
    expect(await send(compress(Buffer.alloc(60_000_000, 0x20)))).toMatchObject({
      status: 413,
      error: { code: 'ErrorMessageSizeExceeded' },
    });
    expect(await send(compress(MAIL).subarray(0, 20))).toMatchObject({ status: 400, error: { code: 'RequestBodyRead' } });
  });
});

const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `person-${i}@example.com`);

describe('JSON', () => {
  test.each<[string, string | Buffer, number, string]>([
    ['10,000 levels deep', `{"message":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 400, 'nested deeper'],
    ['10,000,000 levels deep', '{"a":'.repeat(10_000_000), 400, 'nested deeper'],
    ['of 15 million values', `{"message":{"toRecipients":[${'{},'.repeat(15_000_000)}{}]}}`, 400, 'values'],
    ['to 9,000 recipients', JSON.stringify(mail({ toRecipients: at(...many(9_000)) })), 400, '9000 recipients'],
    ['to 100,000 recipients', JSON.stringify(mail({ toRecipients: at(...many(100_000)) })), 400, 'values'],
    ['in invalid UTF-8', Buffer.from(MAIL.replace('"x"', '"\xff"'), 'latin1'), 400, 'UTF-8'],
    ['in UTF-16', Buffer.from(`\ufeff${MAIL}`, 'utf16le'), 400, 'UTF-8'],
    ['with a property named __proto__', MAIL.replace('{"subject"', '{"__proto__":{"subject":"y"},"subject"'), 400, '__proto__'],
    ['with a byte order mark', `\ufeff${MAIL}`, 202, ''],
    ['with a name twice', MAIL.replace('"subject"', '"subject":"first","subject"'), 202, ''],
    ['with half a surrogate pair', MAIL.replace('"x"', '"\\ud800"'), 202, ''],
  ])('%s', async (_, body, status, words) => {
    const answer = await post(json(body));
    expect(answer.status).toBe(status);
    expect(answer.error?.message ?? '').toContain(words);
  });
});

describe('MIME', () => {
  const encoded = base64(MIME);
  const wrapped = encoded.replace(/.{20}/g, '$&\r\n');
  test.each<[string, string, number, string]>([
    ['in wrapped lines', wrapped, 202, ''],
    ['with blanks and tabs', ` \t${encoded.replace(/.{8}/g, '$& \t')}\n`, 202, ''],
    ['with a byte order mark', `\ufeff${encoded}`, 202, ''],
    ['with an extra pad', `${encoded}=`, 400, 'ErrorMimeContentInvalidBase64String'],
    ['with a missing pad', base64(`${MIME}!`).replace(/=+$/, ''), 400, 'ErrorMimeContentInvalidBase64String'],
    ['with a letter after the pad', `${base64(`${MIME}!`)}A`, 400, 'ErrorMimeContentInvalidBase64String'],
    [
      'in the URL-safe alphabet',
      base64(`${MIME}\xfb\xff\xbf`).replace(/\+/g, '-').replace(/\//g, '_'),
      400,
      'ErrorMimeContentInvalidBase64String',
    ],
    ['to 100,000 recipients', base64(`To: ${many(100_000).join(',\r\n ')}\r\n\r\n`), 400, 'ErrorMimeContentInvalid'],
    ['to 5,000 recipients', base64(`To: ${many(5_000).join(',\r\n ')}\r\n\r\n`), 400, 'ErrorInvalidRecipients'],
    ['of one endless header line', base64(`To: ${'a'.repeat(2_000_000)}`), 400, 'ErrorMimeContentInvalid'],
    ['of quotation marks', base64(`To: ${'"'.repeat(200_000)}\r\n\r\n`), 400, 'ErrorInvalidRecipients'],
  ])('%s', async (_, body, status, code) => {
    const answer = await post(mime(body));
    expect({ status: answer.status, code: answer.error?.code ?? '' }).toEqual({ status, code });
  });
});

test('the worker has lived through it all in bounded memory, and only what was answered 202 is queued', async () => {
  expect(stack.stack.pids()['worker']).toBe(worker);
  expect((await traces(stack)).requests).toBe(accepted);
  if (HAS_PROC) expect(peakMegabytes(worker)).toBeLessThan(600);
});
