// After Graph refused a token every call replaces it: with the real libraries, against the managed identity's endpoint and Entra's.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type GraphMailEmulator, startGraphMailEmulator } from '../../emulators/graph-mail/index.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { compiledScript } from '../../support/compiled-script.ts';
import type { ClientOrder } from '../../support/graph-client-process.ts';

const INTERVAL_MS = 5_000;
const AUTHORITY = 'login.microsoftonline.com';
let client: string;
let emulator: GraphMailEmulator;
let child: ChildProcess | undefined;

beforeAll(async () => {
  client = await compiledScript('test/support/graph-client-process.ts');
  emulator = await startGraphMailEmulator();
});
afterAll(() => emulator.close());
afterEach(async () => {
  if (child?.kill()) await once(child, 'exit');
  emulator.control.reset();
});

async function startClient(settings: Record<string, string>): Promise<void> {
  const { PATH = '' } = process.env;
  child = fork(client, [emulator.url], { env: { PATH, ...settings } });
  expect(await once(child, 'message')).toEqual(['ready', undefined]);
}

async function ask(order: ClientOrder): Promise<unknown[]> {
  child?.send(order);
  const [answers] = await once(child as ChildProcess, 'message');
  return answers as unknown[];
}

const MAIL = {
  contentType: 'application/json',
  body: JSON.stringify({ message: { subject: 'x', toRecipients: [{ emailAddress: { address: 'alice@contoso.com' } }] } }),
};
const DRAFT = { contentType: 'application/json', body: JSON.stringify({ subject: 'x' }) };
/** Every call that carries our token; ids of nothing, since only the token matters. */
const CALLS: ClientOrder['calls'] = [
  ['submit', 'sendMail', MAIL],
  ['createDraft', 'messages', DRAFT],
  ['sendDraft', 'id'],
  ['updateDraft', 'id', DRAFT],
  ['addAttachment', 'id', DRAFT],
  ['createUploadSession', 'id', DRAFT],
  ['getCopy', 'id'],
  ['getMessage', 'id'],
  ['getMime', 'id'],
  ['getWholeMime', 'id', 1_000_000],
  ['remove', 'id'],
  ['findByMark', 'id'],
  ['findByMessageId', '<id@contoso.com>'],
  ['sentItemsDelta', { since: '2026-01-15T08:00:00Z' }],
  ['listReports', { since: '2026-01-15T08:00:00Z' }],
];

/** Rotates the keys before each kind of call: it is refused, and the next call is not. Returns how many tokens were asked for. */
async function refuseEach(endpoint: string): Promise<number> {
  const asked = () => emulator.control.stats().totals[endpoint] ?? 0;
  expect(await ask({ advance: 0, calls: [['submit', 'sendMail', MAIL]] })).toEqual([202]);
  const before = asked();
  for (const call of CALLS) {
    await emulator.control.rotateKeys({ forgetOld: true });
    // Listing reports asks for a folder first: that is refused, and the list itself has the next token already.
    const status = call[0] === 'listReports' ? 200 : 401;
    expect([call[0], await ask({ advance: INTERVAL_MS, calls: [call] })]).toEqual([call[0], [status]]);
    expect([call[0], await ask({ advance: 0, calls: [['submit', 'sendMail', MAIL]] })]).toEqual([call[0], [202]]);
  }
  return asked() - before;
}

describe('the managed identity, at the endpoint that App Service and Functions have', () => {
  const identity = (): Record<string, string> => ({
    IDENTITY_ENDPOINT: emulator.identityEndpoint,
    IDENTITY_HEADER: emulator.identityHeader,
    MANAGED_CLIENT_ID: '1d2f7c52-7a31-4a0e-8b5f-3a1c0f6d9e11',
  });

  test('a token that was refused to any call is replaced by the next one, and asked for once each time', async () => {
    await startClient(identity());
    expect(await refuseEach('token')).toBe(CALLS.length);
  });

  test('many calls that are refused at the same time ask for one token; a refusal that no token mends asks every five seconds', async () => {
    await startClient(identity());
    const many: ClientOrder['calls'] = Array.from({ length: 4 }, () => ['submit', 'sendMail', MAIL]);
    const asked = () => emulator.control.stats().totals['token'];
    expect(await ask({ advance: 0, calls: many })).toEqual(many.map(() => 202));
    expect(asked()).toBe(1);
    emulator.control.faults.set([{ operation: 'sendMail', times: null, answer: { status: 401 } }]);
    for (let times = 0; times < 5; times++) expect(await ask({ advance: 0, calls: many })).toEqual(many.map(() => 401));
    expect(asked()).toBe(2);
    await ask({ advance: INTERVAL_MS, calls: many });
    expect(asked()).toBe(3);
    emulator.control.faults.set([]);
    expect(await ask({ advance: INTERVAL_MS, calls: many })).toEqual(many.map(() => 202));
  });
});

describe('a client secret of the environment, at Entra', () => {
  const certificate = makeCertificate(AUTHORITY);
  const trusted = join(tmpdir(), `authority-${process.pid}.pem`);
  const tls = createTlsServer(certificate, (socket) => {
    const inner = connect(Number(new URL(emulator.url).port), 'localhost');
    socket.pipe(inner).pipe(socket);
    for (const end of [socket, inner]) end.on('error', () => end.destroy());
  });
  const proxy = createHttpServer().on('connect', ({ url }, socket) => {
    expect(url).toBe(`${AUTHORITY}:443`);
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    tls.emit('connection', socket);
  });

  beforeAll(async () => {
    writeFileSync(trusted, certificate.cert);
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    proxy.close();
    rmSync(trusted);
  });

  test('a token that was refused to any call is replaced by the next one, and asked for once each time', async () => {
    const application = emulator.control.applications.put({ name: 'laptop', roles: { '*': ['Mail.Send', 'Mail.ReadWrite'] } });
    await startClient({
      AZURE_TENANT_ID: emulator.tenantId,
      AZURE_CLIENT_ID: application.clientId,
      AZURE_CLIENT_SECRET: application.secret,
      HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      NODE_EXTRA_CA_CERTS: trusted,
    });
    expect(await refuseEach('tenantToken')).toBe(CALLS.length);
  });
});
