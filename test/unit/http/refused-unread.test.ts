// A mail that is answered 429 or 503 before its content is read, and that the client repeats by itself: it is this mail, also if one that
// looks the same was accepted shortly before. The headers are those of the clients (client-repeats.test.ts).

import { setImmediate as nextTurn } from 'node:timers/promises';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { beforeEach, describe, expect, test } from 'vitest';
import { ByteBudget } from '../../../shared/adapters/http/byte-budget.ts';
import type { HttpHandler } from '../../../shared/adapters/http/handler.ts';
import { type MailDependencies, mailHandler } from '../../../shared/adapters/http/mail-handler.ts';
import { Permits } from '../../../shared/adapters/http/permits.ts';
import { RefusedBodies } from '../../../shared/adapters/http/refused-bodies.ts';
import { problems, refused } from '../../../shared/domain/content/problem.ts';
import type { Operation } from '../../../shared/domain/operations.ts';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import { enqueueSendRequest } from '../../../shared/usecases/accept/enqueue-send-request.ts';
import { openAuthorization } from '../../fakes/open-authorization.ts';
import { Stage } from '../usecases/stage.ts';
import { base64, json, MAIL, MIME, mailHttp, mime, type Posted, requestOf } from './http.ts';

const MAILBOX = 'sender@contoso.com';
const TOO_MANY = { status: 429, code: 'TooManyRequests', message: 'too many', retryAfter: 7 };

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});

const handlerOf = (more: Partial<MailDependencies> = {}, operation: Operation = 'sendMail'): HttpHandler =>
  mailHandler(
    operation,
    mailHttp(operation, undefined, {
      clock: stage.clock,
      enqueue: (command) => enqueueSendRequest(stage.context, command),
      rememberRefused: (attempt) => stage.refusedAttempts.remember(attempt),
      ...more,
    }).dependencies,
  );

async function answer(handler: HttpHandler, request: HttpRequest) {
  const { status, headers, body } = await handler(request, new InvocationContext({ functionName: 'test', logHandler: () => undefined }));
  const { id, error } = JSON.parse(String(body)) as { id?: string; error?: { code: string; message: string } };
  return { status, id, error, retryAfter: (headers as Record<string, string>)['retry-after'] };
}

const post = (posted: Posted, headers: Record<string, string> = {}, handler = handlerOf()) =>
  answer(handler, requestOf({ mailbox: MAILBOX, ...posted, headers: { ...posted.headers, ...headers } }));

/** The same in chunks, without Content-Length. */
function chunked({ body, headers = {} }: Posted, chunks: AsyncIterable<Uint8Array> = piecesOf(body)): HttpRequest {
  const request = new HttpRequest({
    method: 'POST',
    url: `http://localhost/v1.0/users/${encodeURIComponent(MAILBOX)}/sendMail`,
    headers,
    params: { mailbox: MAILBOX },
  });
  Object.defineProperty(request, 'body', { value: chunks });
  return request;
}

async function* piecesOf(body: Posted['body'] = ''): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(body as string);
  for (let at = 0; at < bytes.length; at += 20) yield bytes.subarray(at, at + 20);
}

async function* breakingOff(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('{');
  throw new Error('aborted');
}

/** `pulled`: chunks that were read. */
function endless() {
  const seen = { pulled: 0 };
  const chunks = (async function* () {
    for (;;) {
      seen.pulled++;
      yield Buffer.from(' ');
      await nextTurn();
    }
  })();
  return { seen, chunks };
}

const neverComing: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) };

const authorization = (more: object) => Object.assign(openAuthorization(), more);
const unavailable = () => refused(problems.unavailable('down'));
/** All but `room` bytes are held. */
function crowded(room: number): Permits {
  const budget = new ByteBudget(1_000_000, 1);
  budget.tryTake(1_000_000 - room);
  return new Permits({ requests: 5, requestsOfOne: 5 }, budget, 1);
}

const REFUSALS: [string, number, () => Partial<MailDependencies>][] = [
  ['the allowance is spent', 429, () => ({ authorization: authorization({ reserve: async () => TOO_MANY }) })],
  ['there is no permit', 503, () => ({ permits: new Permits({ requests: 0, requestsOfOne: 0 }) })],
  ['there is no room for its bytes', 503, () => ({ permits: crowded(60) })],
  [
    'the keys that check tokens are out of reach',
    503,
    () => ({ authorization: authorization({ authorizeCaller: async () => unavailable() }) }),
  ],
  ['the sender policy is out of reach', 503, () => ({ authorization: authorization({ authorizeSender: async () => unavailable() }) })],
  ['there was no time to read it', 503, () => ({ decode: () => Promise.reject(new StoreUnavailable('no time')) })],
  ['the policy judges that it comes too often', 429, () => ({ authorization: authorization({ judge: () => TOO_MANY }) })],
];

const CLIENTS: [string, (n: number) => Record<string, string>][] = [
  ['Python, TypeScript, .NET 4', (n) => (n ? { 'Retry-Attempt': String(n) } : {})],
  ['Java 6', (n) => ({ 'client-request-id': 'one-per-client', ...(n && { 'Retry-Attempt': n === 1 ? '1' : '1, 2' }) })],
  ['.NET 5', (n) => ({ 'client-request-id': 'call-2', ...(n && { 'Retry-Attempt': String(n) }) })],
];

describe.each(REFUSALS)('a second, equal mail is refused: %s; its repeat', (_, status, why) => {
  test.each(CLIENTS)('is that mail, with the headers of %s', async (_, headers) => {
    const first = await post(json(MAIL));
    expect(await post(json(MAIL), headers(0), handlerOf(why()))).toMatchObject({ status });
    const second = await post(json(MAIL), headers(1));
    expect(second).toMatchObject({ status: 202 });
    expect(second.id).not.toBe(first.id);
    expect((await post(json(MAIL), headers(2))).id).toBe(second.id);
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(2);
  });
});

const tooMany = () => handlerOf({ authorization: authorization({ reserve: async () => TOO_MANY }) });
const noRoom = (room = 60) => handlerOf({ permits: crowded(room) });

describe('a refused mail', () => {
  test('is remembered by what it is unpacked: a Go client packs its first attempt only', async () => {
    const label = { 'content-encoding': 'gzip' };
    const packed = { ...json(MAIL, label), body: gzipSync(JSON.stringify(MAIL)) };
    const first = await post(packed);
    for (const handler of [tooMany(), noRoom(), noRoom(packed.body.length)]) {
      expect((await post(packed, {}, handler)).status).toBeGreaterThanOrEqual(429);
      expect((await post(json(MAIL, label), { 'Retry-Attempt': '1' })).id).not.toBe(first.id);
    }
    expect(stage.queue.queued).toHaveLength(4);
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ])('is remembered in %s, also if it comes in chunks', async (encoding, pack) => {
    const packed = { ...json(MAIL, { 'content-encoding': encoding }), body: pack(JSON.stringify(MAIL)) as Buffer };
    const first = await post(json(MAIL));
    expect(await answer(noRoom(30), chunked(packed))).toMatchObject({ status: 503 });
    expect(await answer(tooMany(), chunked(packed))).toMatchObject({ status: 429 });
    const ids = [await post(packed, { 'Retry-Attempt': '1' }), await post(packed, { 'Retry-Attempt': '1' })].map(({ id }) => id);
    expect(new Set([first.id, ...ids]).size).toBe(3);
  });

  test('that comes in chunks is remembered by all of them', async () => {
    const first = await post(json(MAIL));
    expect(await answer(noRoom(), chunked(json(MAIL)))).toMatchObject({ status: 503 });
    expect((await post(json(MAIL), { 'Retry-Attempt': '1' })).id).not.toBe(first.id);
  });

  test('in MIME, and the sending of a draft, are remembered too', async () => {
    const first = await post(mime(base64(MIME)));
    await post(mime(base64(MIME)), {}, tooMany());
    expect((await post(mime(base64(MIME)), { 'Retry-Attempt': '1' })).id).not.toBe(first.id);
    const down = { checkTarget: () => Promise.reject(new StoreUnavailable('down')) };
    const send = { path: `/v1.0/users/${MAILBOX}/messages/AAMk/send`, params: { mailbox: MAILBOX, message: 'AAMk' } };
    const sent = await post(send, {}, handlerOf({}, 'send'));
    expect(sent).toMatchObject({ status: 202 });
    expect(await post(send, {}, handlerOf(down, 'send'))).toMatchObject({ status: 503 });
    expect((await post(send, { 'Retry-Attempt': '1' }, handlerOf({}, 'send'))).id).not.toBe(sent.id);
  });

  test.each<[string, Posted, Record<string, string>]>([
    ['other content', json({ message: { ...MAIL.message, subject: 'other' } }), {}],
    ['another Send-At', json(MAIL), { 'Send-At': '2099-01-01T00:00:00Z' }],
    ['another mailbox', { ...json(MAIL), mailbox: 'other@contoso.com' }, {}],
    ['another client-request-id', json(MAIL), { 'client-request-id': 'c-2' }],
  ])('leaves a repeat with %s to the mail that it repeats', async (_, posted, headers) => {
    const first = await post(posted, { 'client-request-id': 'c-1', ...headers });
    await post(json(MAIL), { 'client-request-id': 'c-1' }, tooMany());
    expect((await post(posted, { 'client-request-id': 'c-1', ...headers, 'Retry-Attempt': '1' })).id).toBe(first.id);
  });

  test('is one that a repeat of an unknown caller is only taken for with the same token', async () => {
    const [, , , [, , keysDown]] = REFUSALS as never as [never, never, never, [string, number, () => Partial<MailDependencies>]];
    const first = await post(json(MAIL), { authorization: 'Bearer a' });
    await post(json(MAIL), { authorization: 'Bearer b' }, handlerOf(keysDown()));
    expect((await post(json(MAIL), { authorization: 'Bearer a', 'Retry-Attempt': '1' })).id).toBe(first.id);
    expect((await post(json(MAIL), { authorization: 'Bearer b', 'Retry-Attempt': '1' })).id).not.toBe(first.id);
  });

  test('that is a repeat itself, or has a key, or a header that is wrong, is not remembered', async () => {
    const first = await post(json(MAIL));
    await post(json(MAIL), { 'Retry-Attempt': '1' }, tooMany());
    await post(json(MAIL), { 'Idempotency-Key': 'k' }, tooMany());
    const keysDown = handlerOf({ authorization: authorization({ authorizeCaller: async () => unavailable() }) });
    expect(await post(json(MAIL), { 'Send-At': 'x' }, keysDown)).toMatchObject({ status: 503 });
    expect((await post(json(MAIL), { 'Retry-Attempt': '2' })).id).toBe(first.id);
  });
});

describe('a refused mail whose body cannot be hashed is answered with what no client repeats by itself', () => {
  test('if it is too large', async () => {
    const announced = await post(json(`{"a":"${'x'.repeat(7_100_000)}"}`), {}, tooMany());
    expect(announced).toMatchObject({ status: 413, error: { code: 'ErrorMessageSizeExceeded' } });
    const bomb = { ...json(''), body: gzipSync(Buffer.alloc(20_000_000)) };
    expect(await post(bomb, { 'content-encoding': 'gzip' }, tooMany())).toMatchObject({ status: 413 });
    expect(await post(mime(base64(MIME)), { 'content-encoding': 'zstd' }, tooMany())).toMatchObject({ status: 415 });
  });

  test('if it is damaged, cut off or broken off', async () => {
    expect(await post(json(MAIL), { 'content-encoding': 'br' }, tooMany())).toMatchObject({ status: 400 });
    expect(await post(json(MAIL), { 'content-length': '5' }, tooMany())).toMatchObject({ status: 400 });
    const broken = chunked(json(MAIL), breakingOff());
    expect(await answer(tooMany(), broken)).toMatchObject({ status: 400, error: { code: 'RequestBodyRead' } });
  });

  test.each([{ turnMs: 50 }, { deadlineMs: 50 }, { deadlineMs: 80, turnMs: 50 }])(
    'if it, or its turn, does not come in time: %j',
    async (times) => {
      const refusedBodies = new RefusedBodies({ bodies: 2, packed: 1, ...times });
      const handler = handlerOf({ refusedBodies, authorization: authorization({ reserve: async () => TOO_MANY }) });
      const slow = () => chunked(json(MAIL), neverComing);
      const answers = await Promise.all([answer(handler, slow()), answer(handler, slow())]);
      for (const one of answers) expect(one).toMatchObject({ status: 408, error: { code: 'RequestTimeout' } });
      // Their turn is free again.
      expect(await post(json(MAIL), {}, handler)).toMatchObject({ status: 429, retryAfter: '7' });
    },
  );
});

test('of a refused body that is too slow nothing is read any longer', async () => {
  const { seen, chunks } = endless();
  const refusedBodies = new RefusedBodies({ turnMs: 40, bytesPerSecond: 1_000_000_000 });
  const handler = handlerOf({ refusedBodies, authorization: authorization({ reserve: async () => TOO_MANY }) });
  expect(await answer(handler, chunked(json(MAIL), chunks))).toMatchObject({ status: 408 });
  // The one that was under way.
  await nextTurn();
  const { pulled } = seen;
  for (let turn = 0; turn < 50; turn++) await nextTurn();
  expect(seen.pulled).toBe(pulled);
});
