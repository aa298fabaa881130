// Who may use what runs on a developer's machine: programs of this machine, and no page of another site.
import { execFileSync } from 'node:child_process';
import { request } from 'node:http';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GraphMailEmulator, startGraphMailEmulator } from '../../emulators/graph-mail/index.ts';
import { startStack } from '../../emulators/local-stack/stack.ts';
import { type ServiceBusEmulator, startServiceBusEmulator } from '../../emulators/service-bus/index.ts';
import { buildSampleApp, type SampleFolder, type SampleHost, startSampleHost } from '../functions-host/sample-app.ts';

let sample: SampleFolder;
let host: SampleHost;
let graph: GraphMailEmulator;
let bus: ServiceBusEmulator;

beforeAll(async () => {
  sample = await buildSampleApp();
  const config = { UserConfig: { Namespaces: [{ Name: 'sbemulatorns', Queues: [{ Name: 'q', Properties: {} }] }] } };
  [host, graph, bus] = await Promise.all([
    startSampleHost(sample, { control: true }),
    startGraphMailEmulator({ control: true }),
    startServiceBusEmulator({ config, controlPort: 0 }),
  ]);
});
afterAll(async () => {
  await Promise.all([host?.close(), graph?.close(), bus?.close()]);
  sample?.remove();
});

/** A control call of each that only looks, and the ports on which each listens. */
const EMULATORS = {
  'the Functions host': () => ({ call: `${host.url}/admin/host/status`, ports: [new URL(host.url).port] }),
  'Graph mail': () => ({ call: `${graph.controlUrl}/stats`, ports: [String(graph.port)] }),
  'Service Bus': () => ({ call: `${bus.controlUrl}/status`, ports: [String(bus.port), new URL(String(bus.controlUrl)).port] }),
};
type Name = keyof typeof EMULATORS;
const NAMES = Object.keys(EMULATORS) as Name[];

const statusOf = (url: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    request(url, { headers, agent: false }, (answer) => resolve(answer.resume().statusCode ?? 0))
      .on('error', reject)
      .end();
  });

describe.each(NAMES)('%s', (name) => {
  test('takes control calls under each name of this machine', async () => {
    const { call } = EMULATORS[name]();
    const { port } = new URL(call);
    for (const authority of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'LOCALHOST'])
      expect([authority, await statusOf(call, { host: authority })]).toEqual([authority, 200]);
    expect(await statusOf(call, { host: `localhost:${port}`, origin: `http://localhost:${port}` })).toBe(200);
  });

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'localhost@evil.example', '10.0.0.1', 'localhost:0x50'])(
    'refuses them under the name %j: a rebound name leads here',
    async (authority) => {
      expect(await statusOf(EMULATORS[name]().call, { host: authority })).toBe(403);
    },
  );

  test.each([
    'http://evil.example',
    'https://localhost',
    'null',
    'http://localhost',
    'http://127.0.0.1:1',
    'http://localhost.evil.example',
  ])('refuses them from a page of %s', async (origin) => {
    const { call } = EMULATORS[name]();
    expect(await statusOf(call, { host: new URL(call).host, origin })).toBe(403);
  });

  test('listens at this machine’s own address only', async () => {
    for (const port of EMULATORS[name]().ports) {
      // Also this address is of this machine; who listens everywhere can be reached there.
      const reached = await new Promise<boolean>((resolve) => {
        const socket = connect(Number(port), '127.0.0.2', () => resolve(true)).on('error', () => resolve(false));
        socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')));
        socket.on('connect', () => socket.destroy());
      });
      expect(reached).toBe(false);
    }
  });
});

test('the worker’s own servers listen at this machine’s address only, as the library opens them', () => {
  const loopback = fileURLToPath(new URL('../../emulators/functions-host/worker/loopback.ts', import.meta.url));
  const program = `
    import { createServer } from 'node:http';
    import { listenOnLoopback } from ${JSON.stringify(loopback)};
    listenOnLoopback();
    const open = (...args) => new Promise((done) => { const server = createServer().listen(...args, () => { done(server.address()); server.close(); }); });
    const first = await open();
    const addresses = [first, await open(first.port), await open(0, '127.0.0.3'), await open({ port: 0, host: '127.0.0.4' })];
    console.log(addresses.map(({ address }) => address).join());`;
  const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], { encoding: 'utf8' });
  expect(output.trim()).toBe('127.0.0.1,127.0.0.1,127.0.0.3,127.0.0.4');
});

describe('another Graph than an emulator', () => {
  const start = (graphUrl: string, settings: Record<string, string> = {}) =>
    startStack({ port: 0, bundle: '/nowhere/main.cjs', graph: graphUrl, settings, log: () => undefined });

  test.each([
    ['https://graph.microsoft.com', {}],
    ['https://graph.microsoft.com', { CALLER_AUTH: 'none' }],
    // The local host has no keys.
    ['https://graph.microsoft.us', { CALLER_AUTH: 'function-key' }],
    ['http://localhost.evil.example', {}],
    ['http://127.0.0.1@graph.example', {}],
  ])('%s is refused with %j: anybody could send as any mailbox', async (url, settings) => {
    await expect(start(url, settings)).rejects.toThrow('Set CALLER_AUTH=entra');
  });
});
