// The programs of docs/emulators.md, as they stand there, in a process of their own, against the emulators.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GraphMailEmulator, startGraphMailEmulator } from '../../emulators/graph-mail/index.ts';
import { type ServiceBusEmulator, startServiceBusEmulator } from '../../emulators/service-bus/index.ts';
import { blocksOf, ROOT } from '../../support/documents.ts';
import { PATIENCE_MS } from '../../support/until.ts';

const run = promisify(execFile);
const programs = blocksOf('docs/emulators.md').filter(({ language }) => language === 'js');
const folder = join(ROOT, 'dist', 'documented-emulators');

let graph: GraphMailEmulator;
let serviceBus: ServiceBusEmulator;
beforeAll(async () => {
  graph = await startGraphMailEmulator({ port: 0, control: true, stageDelay: 0 });
  serviceBus = await startServiceBusEmulator({
    port: 0,
    config: { UserConfig: { Namespaces: [{ Name: 'local', Queues: [{ Name: 'send-requests', Properties: { RequiresSession: true } }] }] } },
  });
  // Within the checkout, so that the programs find the packages.
  mkdirSync(folder, { recursive: true });
});
afterAll(async () => {
  await graph?.close();
  await serviceBus?.close();
});

async function printed(name: string, code: string): Promise<string> {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, code);
  const env = { ...process.env, GRAPH: graph.url, SERVICE_BUS: serviceBus.connectionString };
  return (await run(process.execPath, [path], { env, timeout: PATIENCE_MS })).stdout;
}

test('there are two', () => expect(programs.length).toBe(2));

test('Graph: a mail to nobody comes back as a report', async () => {
  expect(await printed('bounce', programs[0]?.text ?? '')).toBe('Undeliverable: To nobody\n');
});

test('Service Bus: a message goes through a session', async () => {
  expect(await printed('queue', programs[1]?.text ?? '')).toBe('hello\n');
});
