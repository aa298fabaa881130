// One attempt is one request on the wire: every call to Graph against every status and every way of losing the connection, counted at the socket.
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GraphMailClient } from '../../../shared/adapters/graph/graph-mail-client.ts';
import { GraphProbeClient } from '../../../shared/adapters/graph/graph-probe-client.ts';
import { MessageTraceClient } from '../../../shared/adapters/graph/message-trace-client.ts';
import type { CallContext, Payload } from '../../../shared/ports/graph-mail.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';

const JSON_MAIL: Payload = { contentType: 'application/json', body: '{"message":{"subject":"x"}}' };
const MIME_MAIL: Payload = { contentType: 'text/plain', body: Buffer.from('RnJvbTogYUBjb250b3NvLmNvbQ0KDQo=') };
const clock = { now: () => Date.now() };
const credential = { getToken: async () => ({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }) };

let server: RawServer;
beforeAll(async () => {
  server = await startRawServer();
});
afterAll(() => server.close());

const clients = () => {
  const options = { baseUrl: server.url, makeCredential: () => credential, clock };
  return { graph: new GraphMailClient(options), trace: new MessageTraceClient(options), probe: new GraphProbeClient(options) };
};
const call = (timeoutMs = 20_000): CallContext => ({ mailbox: 'sender@contoso.com', clientRequestId: 'c', timeoutMs });

type Clients = ReturnType<typeof clients>;
interface Known {
  kind: 'answered' | 'notSent' | 'noAnswer';
  status?: number;
}
/** Every call that a route makes, and every look. */
const CALLS: Record<string, (clients: Clients, context: CallContext) => Promise<Known>> = {
  'sendMail, JSON': ({ graph }, context) => graph.submit(context, 'sendMail', JSON_MAIL),
  'sendMail, MIME': ({ graph }, context) => graph.submit(context, 'sendMail', MIME_MAIL),
  reply: ({ graph }, context) => graph.submit(context, 'messages/id/reply', JSON_MAIL),
  replyAll: ({ graph }, context) => graph.submit(context, 'messages/id/replyAll', JSON_MAIL),
  forward: ({ graph }, context) => graph.submit(context, 'messages/id/forward', MIME_MAIL),
  'create a draft': ({ graph }, context) => graph.createDraft(context, 'messages', JSON_MAIL),
  'create a reply': ({ graph }, context) => graph.createDraft(context, 'messages/id/createReply', JSON_MAIL),
  'send a draft': ({ graph }, context) => graph.sendDraft(context, 'id'),
  'update a draft': ({ graph }, context) => graph.updateDraft(context, 'id', JSON_MAIL),
  attach: ({ graph }, context) => graph.addAttachment(context, 'id', JSON_MAIL),
  'open an upload session': ({ graph }, context) => graph.createUploadSession(context, 'id', JSON_MAIL),
  'upload a range': ({ graph }, context) =>
    graph.uploadRange(context, `${server.url}/upload`, { from: 0, total: 300_000, bytes: new Uint8Array(300_000) }),
  'ask for the position': ({ graph }, context) => graph.uploadPosition(context, `${server.url}/upload`),
  'get a copy': ({ graph }, context) => graph.getCopy(context, 'id'),
  'get a message': ({ graph }, context) => graph.getMessage(context, 'id'),
  'find by mark': ({ graph }, context) => graph.findByMark(context, 'id'),
  'find by Message-ID': ({ graph }, context) => graph.findByMessageId(context, '<id@contoso.com>'),
  'read Sent Items': ({ graph }, context) => graph.sentItemsDelta(context, { since: '2026-01-15T08:00:00Z' }),
  'list reports': ({ graph }, context) => graph.listReports(context, { since: '2026-01-15T08:00:00Z' }),
  'read a report': ({ graph }, context) => graph.getMime(context, 'id'),
  'read the copy that is sent again': ({ graph }, context) => graph.getWholeMime(context, 'id', 1_000_000),
  'remove a copy': ({ graph }, context) => graph.remove(context, 'id'),
  'message trace': ({ trace }, context) => trace.list(context, { since: '2026-01-15T08:00:00Z', until: '2026-01-15T09:00:00Z' }),
  probe: async ({ probe }) => {
    const { status } = await probe.call({ method: 'POST', path: 'users/a/sendMail', contentType: 'application/json', body: '{}' });
    return status === 0 ? { kind: 'noAnswer' } : { kind: 'answered', status };
  },
};
const NAMES = Object.keys(CALLS);
const callOf = (name: string) => CALLS[name] as (clients: Clients, context: CallContext) => Promise<Known>;

/** No request is on the wire twice. (Listing reports asks for the folder first, which is another request.) */
function expectOnce(most = 1): void {
  const lines = server.complete.map(({ line }) => line);
  expect(new Set(lines).size).toBe(lines.length);
  if (!lines.some((line) => line.includes('sentitems?'))) expect(lines.length).toBeLessThanOrEqual(most);
}

const head = (status: number, ...fields: string[]) => [`HTTP/1.1 ${status} Words`, ...fields, '', ''].join('\r\n');
const answer = (status: number, ...fields: string[]) => head(status, 'Content-Length: 0', ...fields);

const STATUSES = [
  ...[200, 201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 304, 305, 307, 308],
  ...[400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428],
  ...[429, 431, 449, 451, 500, 501, 502, 503, 504, 505, 507, 508, 509, 511, 520, 599],
];

describe.each(NAMES)('%s', (name) => {
  test('puts one request on the wire, whatever status comes back, and reports that status', async () => {
    for (const status of STATUSES) {
      for (const more of [[], ['Connection: close']]) {
        await server.reset();
        const fields = [`Location: ${server.url}/elsewhere`, 'Retry-After: 0', 'Upgrade: h2c', 'WWW-Authenticate: Basic'];
        server.behave = (socket) => void socket.write(answer(status, ...fields, ...more));
        const known = await callOf(name)(clients(), call());
        expect(server.complete.length).toBeGreaterThan(0);
        expectOnce();
        expect(server.complete.some(({ line }) => line.includes('elsewhere'))).toBe(false);
        if (known.kind === 'answered') expect(known.status).toBe(status);
        else expect(known.kind).toBe('noAnswer');
      }
    }
  });

  test.each<[string, (socket: Socket) => void]>([
    ['is closed without an answer', (socket) => void socket.end()],
    ['is reset without an answer', (socket) => void socket.resetAndDestroy()],
    ['is closed in the status line', (socket) => void socket.end('HTTP/1.1 20')],
    ['is reset in the header', (socket) => void socket.write('HTTP/1.1 202 Accepted\r\nContent-Le', () => socket.resetAndDestroy())],
    ['is closed in the header', (socket) => void socket.end('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n')],
    ['is closed after an interim answer', (socket) => void socket.end(head(100))],
    ['is switched to another protocol', (socket) => void socket.write(head(101, 'Upgrade: h2c', 'Connection: Upgrade'))],
    ['carries something that is not HTTP', (socket) => void socket.end('\u0000\u0000\u0012\u0004'.repeat(20))],
    ['carries a header that is too long', (socket) => void socket.write(`HTTP/1.1 202 Accepted\r\nX: ${'a'.repeat(100_000)}`)],
  ])('puts one request on the wire if the connection %s, and says that no answer came', async (_, behave) => {
    await server.reset();
    server.behave = behave;
    expect((await callOf(name)(clients(), call())).kind).toBe('noAnswer');
    expect(server.complete.length).toBeGreaterThan(0);
    expectOnce();
  });

  test('puts one request on the wire if the body of the answer breaks off', async () => {
    for (const status of [200, 201, 202, 421, 503]) {
      await server.reset();
      server.behave = (socket) => void socket.write(`${head(status, 'Content-Length: 100')}{`, () => socket.resetAndDestroy());
      const known = await callOf(name)(clients(), call());
      expect(known.kind === 'noAnswer' || known.status === status).toBe(true);
      expectOnce();
    }
  });

  test('puts one request on the wire if the pooled connection is closed under it', async () => {
    const lose: ((socket: Socket) => void)[] = [(socket) => socket.end(), (socket) => void socket.resetAndDestroy()];
    for (const loss of lose) {
      await server.reset();
      const mine = clients();
      // A first call, which leaves its connection in the pool.
      server.behave = (socket) => void socket.write(answer(404));
      await callOf(name)(mine, call());
      const [before, connections] = [server.complete.splice(0).length, server.connections];
      expect(before).toBeGreaterThan(0);
      server.early = true;
      server.behave = loss;
      expect((await callOf(name)(mine, call())).kind).toBe('noAnswer');
      expectOnce();
      // Listing reports asks for the folder on the lost connection, and lists on a new one. A probe is one call of another kind.
      if (name !== 'list reports') expect(server.connections).toBe(connections);
    }
  });

  test('puts at most one request on the wire if the server closes the idle connection as the request is written', async () => {
    await server.reset();
    const mine = clients();
    let pooled: Socket | undefined;
    server.behave = (socket) => {
      pooled = socket;
      socket.write(answer(404));
    };
    await callOf(name)(mine, call());
    server.complete.splice(0);
    pooled?.end();
    const known = await callOf(name)(mine, call());
    expectOnce();
    expect(known.kind === 'noAnswer' || known.status === 404).toBe(true);
  });
});

// A probe names no time-out of its own.
describe.each(NAMES.filter((name) => name !== 'probe'))('%s', (name) => {
  test('puts one request on the wire if nothing comes back, and the time-out ends it', async () => {
    await server.reset();
    for (const beginning of ['', 'HTTP/1.1 202 Acc', head(103, 'Link: </x>')]) {
      server.behave = (socket) => void socket.write(beginning);
      // On a busy machine a short time-out may end before the connection is there: then nothing was sent, and a longer one shows it.
      for (const timeoutMs of [60, 600, 6_000]) {
        const known = await callOf(name)(clients(), call(timeoutMs));
        if (known.kind === 'notSent' && server.received === 0) continue;
        expect(known).toMatchObject({ kind: 'noAnswer', reason: `no answer within ${timeoutMs} ms` });
        break;
      }
      expect(server.complete.length).toBeGreaterThan(0);
      expectOnce();
      await server.reset();
    }
  });
});

test('interim answers do not end a call: the final one does', async () => {
  await server.reset();
  server.behave = (socket) => void socket.write(head(100) + head(102) + head(103, 'Link: </x>') + answer(202));
  expect(await clients().graph.submit(call(), 'sendMail', JSON_MAIL)).toMatchObject({ status: 202 });
  expectOnce();
});

test('a header sent twice is read whole: of two times to wait the longer one counts', async () => {
  await server.reset();
  server.behave = (socket) => void socket.write(answer(429, 'Retry-After: 3', 'Retry-After: 5'));
  expect(await clients().graph.submit(call(), 'sendMail', JSON_MAIL)).toMatchObject({ status: 429, retryAfterMs: 5_000 });
});

test('an answer that comes before the body was taken ends the call, and its connection is not used again', async () => {
  await server.reset();
  const { graph } = clients();
  let reading = true;
  server.connected = (socket) => void socket.once('data', () => reading || socket.pause());
  server.early = true;
  server.behave = (socket) => {
    if (reading) socket.pause();
    socket.write(answer(413));
  };
  const large = { contentType: 'text/plain', body: Buffer.alloc(20_000_000, 65) } as const;
  expect(await graph.submit(call(), 'sendMail', large)).toMatchObject({ status: 413 });
  reading = false;
  expect(server.complete).toEqual([]);
  server.early = false;
  server.behave = (socket) => void socket.write(answer(202));
  expect(await graph.submit(call(), 'sendMail', JSON_MAIL)).toMatchObject({ status: 202 });
  expect(server.connections).toBe(2);
  expectOnce();
});

test('an endless body of an error, or of an answer, is not read to its end', async () => {
  await server.reset();
  const endless = (status: number) => (socket: Socket) => {
    const pour = () => {
      while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 97)));
    };
    socket.on('drain', pour);
    socket.write(head(status, 'Transfer-Encoding: identity'), pour);
  };
  server.behave = endless(500);
  expect(await clients().graph.submit(call(), 'sendMail', JSON_MAIL)).toEqual({ kind: 'answered', status: 500 });
  await server.reset();
  server.behave = endless(200);
  expect(await clients().graph.getMessage(call(), 'id')).toMatchObject({
    kind: 'noAnswer',
    reason: expect.stringContaining('larger than'),
  });
  await server.reset();
  server.behave = endless(200);
  expect(await clients().graph.getWholeMime(call(), 'id', 1_000_000)).toMatchObject({
    kind: 'noAnswer',
    reason: expect.stringContaining('larger than 1000000 bytes'),
  });
  await server.reset();
  server.behave = endless(200);
  const mime = await clients().graph.getMime(call(), 'id');
  expect(mime).toMatchObject({ kind: 'answered', status: 200 });
  expect(mime.kind === 'answered' && mime.body?.length).toBe(4 * 1024 * 1024);
});
