// HTTP streaming: with app.setup({enableHttpStream: true}) requests and answers go over the worker's own endpoint. What waits for ever in
// the real host waits here, too; the product's guard ends each of these.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { type RawAnswer, rawRequest } from './raw-request.ts';
import { buildSampleApp, type SampleFolder, type SampleHost, startSampleHost, writeHostJson } from './sample-app.ts';

let sample: SampleFolder;
let host: SampleHost;
let guarded: SampleHost;
let restarts = 0;

/** What the host lets a function run here; the guard has to be quicker. */
const FUNCTION_TIMEOUT_MS = 6_000;
const FUNCTION_TIMEOUT = '00:00:06';

beforeAll(async () => {
  sample = await buildSampleApp();
  const hostJson = writeHostJson(sample, 'short.json', { functionTimeout: '00:00:01', extensions: { http: { routePrefix: '' } } });
  const guardedJson = writeHostJson(sample, 'guarded.json', {
    functionTimeout: FUNCTION_TIMEOUT,
    extensions: { http: { routePrefix: '' } },
  });
  host = await startSampleHost(sample, { hostJson, settings: { SAMPLE_MODE: 'stream' }, onWorkerRestart: () => restarts++ });
  guarded = await startSampleHost(sample, { hostJson: guardedJson, settings: { SAMPLE_MODE: 'stream', SAMPLE_GUARD: 'true' } });
});
afterAll(async () => {
  await Promise.all([host?.close(), guarded?.close()]);
  sample?.remove();
});

const get = (path: string, ...headers: string[]): string =>
  [
    `GET ${path} HTTP/1.1`,
    ...(headers.some((line) => /^host:/i.test(line)) ? [] : ['host: x']),
    'connection: close',
    ...headers,
    '',
    '',
  ].join('\r\n');
const messageOf = ({ body }: RawAnswer): string => (JSON.parse(body) as { error: { message: string } }).error.message;
const stillServes = async ({ url }: SampleHost): Promise<number> => (await rawRequest(url, get('/files/x'))).status;

/** `said`: a part of the answer's text; nothing if the answer is Node's or the host's own. */
interface Hostile {
  name: string;
  bytes: string;
  status: number;
  said?: string;
}

const HOSTILE: readonly Hostile[] = [
  { name: 'an invocation id of the caller', bytes: get('/files/x', 'x-ms-invocation-id: mine'), status: 400, said: 'x-ms-invocation-id' },
  {
    name: 'an invocation id of the caller that looks like the host’s',
    bytes: get('/files/x', 'x-ms-invocation-id: 3f2504e0-4f89-41d3-9a0c-0305e82c3301'),
    status: 400,
    said: 'x-ms-invocation-id',
  },
  { name: 'an empty invocation id', bytes: get('/files/x', 'x-ms-invocation-id:'), status: 400, said: 'x-ms-invocation-id' },
  {
    name: 'an invocation id that hides behind a query parameter',
    bytes: get('/files/x?Headers=1', 'x-ms-invocation-id: 3f2504e0-4f89-41d3-9a0c-0305e82c3302'),
    status: 503,
    said: 'x-ms-invocation-id',
  },
  { name: 'a header value beyond ASCII', bytes: get('/files/x', 'x-name: J\u00fcrgen'), status: 500 },
  { name: 'a control character in a header value', bytes: get('/files/x', 'x-name: a\u0001b'), status: 400 },
  { name: '17 KB of headers', bytes: get('/files/x', `x-name: ${'a'.repeat(17_000)}`), status: 431 },
  { name: 'an expectation that nobody knows', bytes: get('/files/x', 'expect: foo'), status: 417 },
  { name: 'HTTP/1.0 without a host', bytes: 'GET /files/x HTTP/1.0\r\n\r\n', status: 400, said: 'Host header' },
  { name: 'a host that makes no URL', bytes: get('/files/x', 'host: a:99999'), status: 400, said: 'Host header' },
];
const BUGS = ['/throws', '/nothing', '/text', '/answers-with?status=100', '/answers-with?status=600'];

describe('as the host does it', () => {
  test('a chunked body reaches the function whole', async () => {
    const head =
      'POST /v1.0/users/a%40contoso.com/sendMail?x=1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n';
    const answer = await rawRequest(host.url, head, '5\r\nhello\r\n', '0\r\n\r\n');
    expect(answer.status).toBe(200);
    const body = JSON.parse(answer.body.slice(answer.body.indexOf('{'), answer.body.lastIndexOf('}') + 1));
    expect(body).toMatchObject({ query: [['x', '1']], bodyLength: 5, method: 'POST' });
    expect(body.url).toBe('http://x/v1.0/users/a@contoso.com/sendMail?x=1');
  });

  test('of two lengths the chunks count, and Content-Length becomes X-Content-Length', async () => {
    const head =
      'POST /v1.0/users/a/sendMail HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n';
    const answer = await rawRequest(host.url, head, '5\r\nhello\r\n', '0\r\n\r\n');
    const body = JSON.parse(answer.body.slice(answer.body.indexOf('{'), answer.body.lastIndexOf('}') + 1));
    expect(body).toMatchObject({ bodyLength: 5, headers: { 'x-content-length': '2' } });
    expect(body.headers).not.toHaveProperty('content-length');
  });

  test('query parameters are among the route’s values, a name keeps the spelling of the query, and the route’s value wins', async () => {
    const answer = await fetch(`${host.url}/v1.0/users/a/sendRequests/1?MAILBOX=b&more=c&code=d&more=e`);
    expect((await answer.json()) as object).toMatchObject({ params: { MAILBOX: 'a', id: '1', more: 'c,e' } });
  });

  test('a query parameter named Headers takes the place of the headers', async () => {
    const answer = await fetch(`${host.url}/files/x?Headers=${encodeURIComponent('{"x-made":"up"}')}`, { headers: { 'x-real': '1' } });
    expect(((await answer.json()) as { headers: object }).headers).toEqual({ 'x-made': 'up' });
  });

  test('an undecoded %2F is %252F in the URL', async () => {
    const answer = await fetch(`${host.url}/v1.0/users/a%2Fb/sendRequests/1`);
    expect(await answer.json()).toMatchObject({ url: expect.stringContaining('/users/a%252Fb/'), params: { mailbox: 'a%2Fb' } });
  });

  /** On a busy machine an honest request may meet functionTimeout, too, and cost another restart: it is sent again, and counts for nothing. */
  const restartsOnce = async (bytes: string): Promise<void> => {
    const before = restarts;
    expect((await rawRequest(host.url, bytes)).status).toBe(500);
    const restarted = () => Promise.resolve(restarts);
    expect(await until('restarted', restarted, (now) => now > before)).toBe(before + 1);
    await until(
      'serving again',
      () => stillServes(host),
      (status) => status === 200,
    );
  };

  test.each(HOSTILE)('$name: the request waits until functionTimeout, and the worker is restarted', ({ bytes }) => restartsOnce(bytes));

  test.each(BUGS)('%s: the request waits until functionTimeout, and the worker is restarted', (path) => restartsOnce(get(path)));

  test('an invocation id that is the name of an event ends the worker', () => restartsOnce(get('/files/x', 'x-ms-invocation-id: error')));
});

describe('under guard', () => {
  const answered = async (bytes: string): Promise<RawAnswer> => {
    const [worker, started] = [guarded.workerPid(), performance.now()];
    const answer = await rawRequest(guarded.url, bytes);
    expect(performance.now() - started).toBeLessThan(FUNCTION_TIMEOUT_MS);
    expect(await stillServes(guarded)).toBe(200);
    expect(guarded.workerPid()).toBe(worker);
    return answer;
  };

  test.each(HOSTILE)('$name is answered, and the worker lives', async ({ bytes, status, said }) => {
    const answer = await answered(bytes);
    expect(answer.status).toBe(status);
    if (said) expect(messageOf(answer)).toContain(said);
    else expect(answer.body).toMatch(/^(0\r\n\r\n)?$/);
  });

  test.each(BUGS)('%s is answered with 500 in Graph’s envelope', async (path) => {
    const answer = await answered(get(path));
    expect(answer.status).toBe(500);
    expect(messageOf(answer)).toMatch(/unexpected error/);
  });

  test('a header that cannot be sent is answered with 500 in Graph’s envelope', async () => {
    expect((await answered(get('/answers-with?status=200&header=%01'))).status).toBe(500);
  });

  test.each(['error', 'newListener', '__proto__', 'a, b'])('the invocation id %s is refused, and the worker lives', async (id) => {
    expect((await answered(get('/files/x', `x-ms-invocation-id: ${id}`))).status).toBe(400);
  });

  test('what such a request leaves behind is nothing: many at once are all answered, and honest ones beside them', async () => {
    const hostile = Array.from({ length: 40 }, (_, i) => HOSTILE[i % HOSTILE.length] as Hostile).map((one) => ({
      ...one,
      bytes: one.bytes.replace(/3f2504e0-\S+/, randomUUID()),
    }));
    const all = hostile.flatMap(({ bytes, status }) => [
      { bytes, status },
      { bytes: get('/files/x'), status: 200 },
    ]);
    const answers = await Promise.all(all.map(async ({ bytes }) => (await rawRequest(guarded.url, bytes)).status));
    expect(answers).toEqual(all.map(({ status }) => status));
  });

  test('a handler that does not answer in time is answered for, and a body that does not come is 408', async () => {
    const marker = `${sample.folder}/guarded`;
    const silent = await answered(get(`/never-answers?marker=${marker}`));
    expect([silent.status, messageOf(silent)]).toEqual([503, expect.stringContaining('Idempotency-Key')]);
    const head = 'POST /v1.0/users/a/sendMail HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 10\r\n\r\nabc';
    const slow = await answered(head);
    expect([slow.status, messageOf(slow)]).toEqual([408, expect.stringContaining('did not come')]);
  });

  test('route values come from the route alone, headers from the request alone', async () => {
    const answer = await fetch(`${guarded.url}/v1.0/users/a%2Fb/sendRequests/1?MAILBOX=b&more=c&headers=d`, { headers: { 'x-real': '1' } });
    const seen = (await answer.json()) as { params: object; headers: object };
    expect(seen.params).toEqual({ mailbox: 'a%2Fb', id: '1' });
    expect(seen.headers).toMatchObject({ 'x-real': '1' });
  });

  test('a caller that goes away before its request is passed on leaves no invocation behind', async () => {
    const { connect } = await import('node:net');
    const worker = guarded.workerPid();
    const socket = connect(Number(new URL(guarded.url).port), 'localhost');
    await new Promise<void>((resolve) =>
      socket.write('POST /v1.0/users/a/sendMail HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc', () => resolve()),
    );
    socket.destroy();
    await guarded.logged(({ function: name, message }) => name === 'echo-send' && message.includes('Executed'));
    expect(await stillServes(guarded)).toBe(200);
    expect(guarded.workerPid()).toBe(worker);
  });
});
