// The body on its way in: compressed, cut off, chunked, lying about its length, or unfolding into gigabytes.
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { HttpRequest } from '@azure/functions';
import { describe, expect, test } from 'vitest';
import { readBody } from '../../../shared/adapters/http/read-body.ts';
import { requestOf } from './http.ts';

const LIMIT = 1_000_000;
const TEXT = 'Grüße '.repeat(100);
const read = (body: Uint8Array | string | undefined, headers: Record<string, string> = {}) =>
  readBody(requestOf({ headers, ...(body !== undefined && { body }) }), LIMIT);

async function problemOf(...args: Parameters<typeof read>) {
  const result = await read(...args);
  if (result.ok) throw new Error('it was taken');
  return result.problem;
}

describe('a compressed body', () => {
  test.each([
    ['gzip', gzipSync(TEXT)],
    ['GZIP ', gzipSync(TEXT)],
    ['x-gzip', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['deflate', deflateRawSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['identity', Buffer.from(TEXT)],
  ])('in %s is read', async (encoding, bytes) => {
    const result = await read(bytes, { 'content-encoding': encoding });
    expect(result.ok && Buffer.from(result.value).toString()).toBe(TEXT);
  });

  test.each(['zstd', 'gzip, gzip', 'constructor', 'toString', '__proto__'])('in %j is refused', async (encoding) => {
    const problem = await problemOf(gzipSync(TEXT), { 'content-encoding': encoding });
    expect(problem).toMatchObject({ status: 415, code: 'UnsupportedMediaType' });
  });

  test.each([
    ['gzip', gzipSync(TEXT).subarray(0, 30)],
    ['gzip', Buffer.from(TEXT)],
    ['deflate', Buffer.from(TEXT)],
    ['deflate', deflateSync(TEXT).subarray(0, 20)],
    ['br', brotliCompressSync(TEXT).subarray(0, 10)],
  ])('in %s that is damaged is refused', async (encoding, bytes) => {
    const problem = await problemOf(bytes, { 'content-encoding': encoding });
    expect(problem).toMatchObject({
      status: 400,
      code: 'RequestBodyRead',
      message: expect.stringContaining(`The header Content-Encoding says ${encoding}, but the body is not valid ${encoding}.`),
    });
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ])('in %s that unfolds beyond the limit is refused', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(10_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    const problem = await problemOf(bomb, { 'content-encoding': encoding });
    expect(problem).toMatchObject({ status: 413, code: 'ErrorMessageSizeExceeded' });
    expect(problem.message).toContain('The decompressed body is larger than the limit of 1000000 bytes');
  });
});

describe("a plain body that is labelled gzip, as Microsoft's Go client repeats it,", () => {
  test.each(['{"message":{}}', ' \r\n{"a":1}', '\ufeff{}', 'RnJvbTogYQ==', `${'QUJD'.repeat(19)}\r\nQQ==\r\n`])(
    'is read as it is: %j',
    async (text) => {
      for (const encoding of ['gzip', 'x-gzip', 'GZIP']) {
        const result = await read(text, { 'content-encoding': encoding });
        expect(result.ok && Buffer.from(result.value).toString()).toBe(text);
      }
    },
  );

  test.each(['deflate', 'br'])('is refused if the label is %s, whose bytes may begin so', async (encoding) => {
    expect((await problemOf('{"message":{}}', { 'content-encoding': encoding })).status).toBe(400);
  });

  test('is no longer than the limit', async () => {
    expect(await problemOf(`{"a":"${'x'.repeat(LIMIT)}"}`, { 'content-encoding': 'gzip' })).toMatchObject({ status: 413 });
  });

  test('is refused if it is neither, and an empty one too', async () => {
    for (const text of ['<html>', 'Hello, world!', '']) expect((await problemOf(text, { 'content-encoding': 'gzip' })).status).toBe(400);
  });
});

describe('a body', () => {
  test('is empty only where it was not chunked: a chunked one reaches a function empty', async () => {
    expect(await read('')).toEqual({ ok: true, value: Buffer.alloc(0) });
    expect(await read(undefined)).toEqual({ ok: true, value: Buffer.alloc(0) });
    const problem = await problemOf(undefined, { 'transfer-encoding': 'chunked' });
    expect(problem).toMatchObject({ status: 400, code: 'RequestBodyRead' });
    expect(problem.message).toContain('Content-Length');
  });

  test('is taken without a Content-Length where it came all the same', async () => {
    const request = requestOf({ body: TEXT });
    request.headers.delete('content-length');
    const result = await readBody(request, LIMIT);
    expect(result.ok && Buffer.from(result.value).toString()).toBe(TEXT);
  });

  test('that was cut off, or has a length that lies, is refused', async () => {
    for (const said of ['700', '599', 'x']) {
      const problem = await problemOf('a'.repeat(600), { 'content-length': said });
      expect(problem).toMatchObject({ status: 400, code: 'RequestBodyRead' });
      expect(problem.message).toContain('600 arrived');
    }
  });

  test('beyond the limit is refused by what it says, and by what comes', async () => {
    expect((await problemOf('x', { 'content-length': '2000000' })).message).toContain('has 2000000 bytes');
    let pulled = 0;
    const endless = {
      headers: new Headers(),
      body: {
        async *[Symbol.asyncIterator]() {
          for (;;) {
            pulled++;
            yield new Uint8Array(300_000);
          }
        },
      },
    };
    const result = await readBody(endless as unknown as HttpRequest, LIMIT);
    expect(result).toMatchObject({ ok: false, problem: { status: 413 } });
    expect(pulled).toBe(4);
  });

  test('whose caller goes away is refused, and is no error of ours', async () => {
    const broken = {
      headers: new Headers({ 'content-length': '600' }),
      body: {
        async *[Symbol.asyncIterator]() {
          yield new Uint8Array(100);
          throw new Error('aborted');
        },
      },
    };
    const result = await readBody(broken as unknown as HttpRequest, LIMIT);
    expect(result).toMatchObject({ ok: false, problem: { status: 400, message: 'The body broke off after 100 bytes.' } });
  });

  test('that comes in pieces is put together', async () => {
    const pieces = { headers: new Headers(), body: [Buffer.from('a'), Buffer.from('bc')] };
    expect(await readBody(pieces as unknown as HttpRequest, LIMIT)).toEqual({ ok: true, value: Buffer.from('abc') });
  });
});
