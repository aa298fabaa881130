// "Not sent" is said only if not a byte of the request can have left: counted by a server of bytes, in the clear and behind TLS.
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { GraphMailClient } from '../../../shared/adapters/graph/graph-mail-client.ts';
import { openConnections } from '../../../shared/adapters/graph/ready-connections.ts';
import type { CallContext, Payload } from '../../../shared/ports/graph-mail.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';

const LARGE: Payload = { contentType: 'text/plain', body: Buffer.alloc(3_000_000, 65) };
const TIMES = { connectMs: 20_000, idleMs: 4_000 };
const clock = { now: () => Date.now() };
const credential = { getToken: async () => ({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }) };
const call = (timeoutMs = 20_000): CallContext => ({ mailbox: 'sender@contoso.com', clientRequestId: 'c', timeoutMs });

let servers: RawServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
async function start(...options: Parameters<typeof startRawServer>): Promise<RawServer> {
  const server = await startRawServer(...options);
  servers = [...servers, server];
  return server;
}
function graphAt(baseUrl: string, times = TIMES, trusted: { ca?: string } = {}): GraphMailClient {
  return new GraphMailClient({ baseUrl, makeCredential: () => credential, clock, connections: openConnections(times, trusted) });
}
const submit = (baseUrl: string, times = TIMES, trusted: { ca?: string } = {}, timeoutMs?: number) =>
  graphAt(baseUrl, times, trusted).submit(call(timeoutMs), 'sendMail', LARGE);

test('a host that is not found, and one where nobody listens: not sent', async () => {
  const gone = await startRawServer();
  await gone.close();
  expect(await submit(gone.url)).toMatchObject({ kind: 'notSent', reason: expect.stringContaining('ECONNREFUSED') });
  expect(await submit('https://graph.invalid')).toMatchObject({ kind: 'notSent' });
});

test('a certificate that is not trusted, or of another name: not sent, and the server saw nothing of it', async () => {
  const [stranger, other] = [makeCertificate('localhost'), makeCertificate('graph.example.com')];
  const untrusted = await start(stranger);
  expect(await submit(untrusted.url)).toMatchObject({ kind: 'notSent', reason: expect.stringContaining('SELF_SIGNED') });
  const misnamed = await start(other);
  const known = await submit(misnamed.url, TIMES, { ca: other.cert });
  expect(known).toMatchObject({ kind: 'notSent', reason: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID') });
  for (const server of [untrusted, misnamed]) {
    await server.reset();
    expect(server.received).toBe(0);
  }
});

test.each<[string, (socket: Socket) => void]>([
  ['is closed', (socket) => void socket.end()],
  ['is reset', (socket) => void socket.resetAndDestroy()],
  ['speaks no TLS', (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['refuses by an alert', (socket) => void socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 40]))],
])('a connection that %s during the handshake: not sent', async (_, behave) => {
  const server = await start();
  server.early = true;
  server.behave = behave;
  expect(await submit(server.url.replace('http:', 'https:'))).toMatchObject({ kind: 'notSent' });
  expect(server.complete).toEqual([]);
});

test('a handshake that does not end: not sent, after the time to connect or that of the call', async () => {
  const silent = (await start()).url.replace('http:', 'https:');
  expect(await submit(silent, { ...TIMES, connectMs: 40 })).toEqual({ kind: 'notSent', reason: 'no connection within 40 ms' });
  expect(await submit(silent, TIMES, {}, 40)).toEqual({ kind: 'notSent', reason: 'no answer within 40 ms' });
});

test('a call that was given up during the handshake writes nothing to its connection later', async () => {
  const certificate = makeCertificate('localhost');
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const server = await start({ ...certificate, SNICallback: (_, done) => void held.then(() => done(null)) });
  const graph = graphAt(server.url, TIMES, { ca: certificate.cert });
  expect(await graph.submit(call(40), 'sendMail', LARGE)).toMatchObject({ kind: 'notSent' });
  goOn();
  server.behave = (socket) => void socket.write('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n');
  expect(await graph.sendDraft(call(), 'id')).toMatchObject({ status: 202 });
  expect(server.complete.map(({ line }) => line)).toEqual([expect.stringContaining('/send')]);
  expect(server.received).toBeLessThan(10_000);
});

test.each(['https', 'http'])('over %s, once a byte may have left, any failure is "no answer"', async (scheme) => {
  const certificate = makeCertificate('localhost');
  const server = await start(...(scheme === 'https' ? [certificate] : []));
  const trusted = { ca: certificate.cert };
  const failures: ((socket: Socket) => void)[] = [
    (socket) => socket.destroy(),
    (socket) => void ('encrypted' in socket ? socket.destroy() : socket.resetAndDestroy()),
    (socket) => void socket.end(),
    (socket) => void socket.end('nonsense\r\n\r\n'),
  ];
  for (const early of [true, false]) {
    for (const behave of failures) {
      await server.reset();
      Object.assign(server, { early, behave });
      expect(await submit(server.url, TIMES, trusted)).toMatchObject({ kind: 'noAnswer' });
      expect(server.received).toBeGreaterThan(0);
      expect(server.complete.length).toBeLessThanOrEqual(1);
    }
  }
  // Closed right after the handshake, maybe before a byte arrived: nobody can tell.
  await server.reset();
  server.connected = (socket) => socket.destroy();
  expect(await submit(server.url, TIMES, trusted)).toMatchObject({ kind: 'noAnswer' });
  expect(server.complete).toEqual([]);
});

test('HTTP/2 is not spoken, also if the server offers it first', async () => {
  const certificate = makeCertificate('localhost');
  const server = await start({ ...certificate, ALPNProtocols: ['h2', 'http/1.1'] });
  const protocols: (string | false | null)[] = [];
  server.connected = (socket) => void protocols.push((socket as TLSSocket).alpnProtocol);
  server.behave = (socket) => void socket.write('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n');
  expect(await submit(server.url, TIMES, { ca: certificate.cert })).toMatchObject({ status: 202 });
  expect(protocols).toHaveLength(1);
  expect(protocols).not.toContain('h2');
  expect(server.complete).toHaveLength(1);
});

test('what cannot be a request is not sent', async () => {
  const graph = graphAt((await start()).url);
  const known = await graph.submit({ ...call(), clientRequestId: 'a\r\nb' }, 'sendMail', LARGE);
  expect(known).toMatchObject({ kind: 'notSent', reason: expect.stringContaining('ERR_INVALID_CHAR') });
});
