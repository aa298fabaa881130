// What reaches the function of a request, and what of its answer reaches the caller.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rawRequest } from './raw-request.ts';
import { buildSampleApp, readEcho, type SampleFolder, type SampleHost, startSampleHost } from './sample-app.ts';

let sample: SampleFolder;
let host: SampleHost;
const bodyLimit = 1_000_000;

beforeAll(async () => {
  sample = await buildSampleApp();
  host = await startSampleHost(sample, {
    settings: { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: String(bodyLimit) },
    functionKeys: {
      masterKey: 'master',
      hostKeys: { default: 'for-all' },
      functionKeys: { 'needs-key': { default: 'own' }, rest: { default: 'other' } },
    },
  });
});
afterAll(async () => {
  await host?.close();
  sample?.remove();
});

const sendMail = () => `${host.url}/v1.0/users/adele/sendMail`;
const echo = async (init: RequestInit, query = '') => readEcho(await fetch(`${sendMail()}${query}`, { method: 'POST', ...init }));

describe('request bodies', () => {
  test('a text/plain body arrives as the bytes that were sent', async () => {
    const bytes = Buffer.from([0, 0xff, 0xfe, 0x80, 0x0d, 0x0a, 0x41]);
    const seen = await echo({ headers: { 'content-type': 'text/plain' }, body: bytes });
    expect(seen.bodyBase64).toBe(bytes.toString('base64'));
  });
  test('a JSON body arrives as the bytes that were sent, also where it does not parse', async () => {
    const text = '{"a": 1, "a": 2, ';
    const seen = await echo({ headers: { 'content-type': 'application/json' }, body: text });
    expect(Buffer.from(seen.bodyBase64, 'base64').toString()).toBe(text);
  });
  test('a chunked body without Content-Length reaches the function empty', async () => {
    const head = 'POST /v1.0/users/adele/sendMail HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n';
    const answer = await rawRequest(host.url, head, '5\r\nhello\r\n0\r\n\r\n');
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ bodyLength: 0, headers: { 'transfer-encoding': 'chunked' } });
  });
  test('a body of exactly the limit passes, one byte more is 413 without the function being called', async () => {
    expect((await echo({ body: Buffer.alloc(bodyLimit) })).bodyLength).toBe(bodyLimit);
    const before = host.entries.length;
    const head = `POST /v1.0/users/adele/sendMail HTTP/1.1\r\nhost: x\r\ncontent-length: ${bodyLimit + 1}\r\n\r\n`;
    expect(await rawRequest(host.url, head)).toMatchObject({ status: 413, body: '' });
    expect(host.entries.slice(before)).toEqual([]);
  });
  test('a body that is cut off never reaches the function', async () => {
    const before = host.entries.length;
    const { connect } = await import('node:net');
    const socket = connect(Number(new URL(host.url).port), 'localhost');
    socket.end('POST /v1.0/users/adele/sendMail HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc');
    await new Promise((resolve) => socket.on('close', resolve).resume());
    expect((await fetch(`${host.url}/nothing`)).status).toBe(204);
    expect(host.entries.slice(before).map((entry) => entry.function)).not.toContain('echo-send');
  });
  test('the body of a GET is dropped', async () => {
    const head = 'GET /v1.0/users/adele/sendRequests/1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc';
    expect(JSON.parse((await rawRequest(host.url, head)).body).bodyLength).toBe(0);
  });
});

describe('request headers and query', () => {
  test('header names arrive in lower case, repeated ones joined by a comma', async () => {
    const head =
      'POST /v1.0/users/adele/sendMail HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Two: a\r\nX-TWO: b\r\nContent-Length: 0\r\n\r\n';
    expect(JSON.parse((await rawRequest(host.url, head)).body).headers['x-two']).toBe('a,b');
  });
  test('header values are read as UTF-8; what isn’t UTF-8 is 400', async () => {
    const send = (bytes: Buffer) =>
      rawRequest(
        host.url,
        Buffer.concat([Buffer.from('GET /files/x HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-name: '), bytes, Buffer.from('\r\n\r\n')]),
      );
    expect(JSON.parse((await send(Buffer.from('Jürgen'))).body).headers['x-name']).toBe('Jürgen');
    expect((await send(Buffer.from([0xff]))).status).toBe(400);
    // Beyond Latin-1 the library itself can't make a request of it.
    expect((await send(Buffer.from('Łódź'))).status).toBe(500);
  });
  test('repeated query names become one, joined by a comma', async () => {
    expect((await echo({}, '?a=1&b=&a=2')).query).toEqual([
      ['a', '1,2'],
      ['b', ''],
    ]);
  });
  test('the caller’s trace goes on under a new span', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const { traceParent } = await echo({ headers: { traceparent: `00-${trace}-b7ad6b7169203331-01` } });
    expect(traceParent).toMatch(new RegExp(`^00-${trace}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`));
    expect((await echo({})).traceParent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });
  test('a request line above 8 KB is 414, more than 100 headers are 431', async () => {
    const long = `GET /${'a'.repeat(8200)} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`;
    expect((await rawRequest(host.url, long)).status).toBe(414);
    const many = `GET /nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${'x-a: 1\r\n'.repeat(100)}\r\n`;
    expect((await rawRequest(host.url, many)).status).toBe(431);
  });
});

describe('answers', () => {
  test('status, headers and JSON body of the function arrive', async () => {
    const response = await fetch(sendMail(), { method: 'POST' });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-function')).toBe('echo-send');
  });
  test('a cookie arrives as Set-Cookie', async () => {
    const response = await fetch(`${host.url}/cookie`);
    expect(response.headers.getSetCookie()).toEqual(['a=b; path=/x; samesite=Lax; httponly']);
  });
  test('a function that returns nothing is 204', async () => {
    expect((await fetch(`${host.url}/nothing`)).status).toBe(204);
  });
  test('a function that throws is 500 with an empty body, and the log has function, invocation and error', async () => {
    const response = await fetch(`${host.url}/throws`);
    expect([response.status, await response.text()]).toEqual([500, '']);
    const own = await host.logged((entry) => entry.message === 'about to throw');
    expect(own).toMatchObject({ function: 'throws', level: 'error' });
    const failure = await host.logged((entry) => entry.message.includes('thrown on purpose'));
    expect(failure.invocationId).toBe(own.invocationId);
  });
  test('HEAD is answered where the function has it among its methods', async () => {
    const response = await fetch(`${host.url}/with-head`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });
});

describe('function keys', () => {
  const status = async (query: string, headers: Record<string, string> = {}) =>
    (await fetch(`${host.url}/needs-key${query}`, { headers })).status;

  test('a function of level function wants its own key, a host key, or the master key', async () => {
    expect(await status('')).toBe(401);
    expect(await status('?code=other')).toBe(401);
    expect(await status('?code=own')).toBe(200);
    expect(await status('', { 'x-functions-key': 'for-all' })).toBe(200);
    expect(await status('', { 'x-functions-key': 'master' })).toBe(200);
  });
  test('the admin API wants the master key', async () => {
    expect((await fetch(`${host.url}/admin/host/status`)).status).toBe(401);
    const response = await fetch(`${host.url}/admin/host/status`, { headers: { 'x-functions-key': 'master' } });
    expect(await response.json()).toMatchObject({ state: 'Running' });
  });
});
