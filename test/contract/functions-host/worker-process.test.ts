// Two processes, as in Azure: what happens when the worker dies, hangs, or can't load the app.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FunctionsHostOptions } from '../../emulators/functions-host/index.ts';
import { buildSampleApp, readEcho, type SampleFolder, type SampleHost, startSampleHost, writeHostJson } from './sample-app.ts';

let sample: SampleFolder;
let host: SampleHost | undefined;

beforeAll(async () => {
  sample = await buildSampleApp();
});
afterEach(async () => {
  await host?.close();
  host = undefined;
});
afterAll(() => sample?.remove());

async function start(options: Partial<FunctionsHostOptions> = {}): Promise<SampleHost> {
  host = await startSampleHost(sample, options);
  return host;
}

async function fileExists(file: string): Promise<void> {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('functions run in another process than the host', async () => {
  const { url, workerPid } = await start();
  const { pid } = await readEcho(await fetch(`${url}/files/x`));
  expect(pid).toBe(workerPid());
  expect(pid).not.toBe(process.pid);
});

test('when the worker is killed, the request in flight is 500 and the next one is served by a new worker', async () => {
  const restarted: number[] = [];
  const { url, workerPid, killWorker } = await start({ onWorkerRestart: (pid) => restarted.push(pid) });
  const marker = join(sample.folder, 'in-flight');
  const pending = fetch(`${url}/never-answers?marker=${marker}`);
  await fileExists(marker);
  const first = workerPid();
  killWorker();
  const response = await pending;
  expect([response.status, await response.text()]).toEqual([500, '']);
  const { pid } = await readEcho(await fetch(`${url}/files/x`));
  expect(pid).not.toBe(first);
  expect(restarted).toEqual([pid]);
});

test('an exception outside of any handler ends the worker, and a new one takes over', async () => {
  const { url, workerPid, logged } = await start();
  const first = workerPid();
  expect((await fetch(`${url}/crashes`)).status).toBe(500);
  expect((await logged((entry) => entry.message.includes('outside of the handler'))).level).toBe('error');
  expect((await fetch(`${url}/files/x`)).status).toBe(200);
  expect(workerPid()).not.toBe(first);
});

test('a function that runs longer than functionTimeout fails and costs the worker its life', async () => {
  const { url, workerPid, logged } = await start({
    hostJson: writeHostJson(sample, 'short.json', { functionTimeout: '00:00:01', extensions: { http: { routePrefix: '' } } }),
  });
  const first = workerPid();
  expect((await fetch(`${url}/never-answers?marker=${join(sample.folder, 'timeout')}`)).status).toBe(500);
  await logged((entry) => entry.message.includes('Timeout value of 1000 ms was exceeded'));
  expect((await fetch(`${url}/files/x`)).status).toBe(200);
  expect(workerPid()).not.toBe(first);
});

test('an app that throws while it is loaded keeps the host from starting, with the app’s own error', async () => {
  await expect(start({ settings: { SAMPLE_MODE: 'broken' } })).rejects.toThrow('SAMPLE_MODE is broken: not a valid setting');
});

test('the worker sees the settings, and Development where nothing else is set', async () => {
  const marker = join(sample.folder, 'settings');
  const { url } = await start({ settings: { MARKER: marker } });
  await fetch(`${url}/settings?name=MARKER`);
  expect(await (await fetch(`${url}/settings?name=MARKER`)).text()).toBe(marker);
  expect(await (await fetch(`${url}/settings?name=AZURE_FUNCTIONS_ENVIRONMENT`)).text()).toBe('Development');
  expect(await (await fetch(`${url}/settings?name=WEBSITE_HOSTNAME`)).text()).toBe(new URL(url).host);
});

test('closing lets a running request finish', async () => {
  const { url, close } = await start();
  const marker = join(sample.folder, 'drain');
  const pending = fetch(`${url}/waits-for-file?marker=${marker}`);
  await fileExists(`${marker}.started`);
  const closed = close();
  const { writeFileSync } = await import('node:fs');
  writeFileSync(marker, '');
  expect(await (await pending).text()).toBe('finished');
  await closed;
});

test('the log file has a JSON line for each line of a function’s log', async () => {
  const logFile = join(sample.folder, 'host.log');
  const { url, logged } = await start({ logFile });
  await fetch(`${url}/throws`);
  await logged((entry) => entry.message === 'about to throw');
  const lines = readFileSync(logFile, 'utf8').trim().split('\n');
  const own = lines.map((line) => JSON.parse(line)).find((entry) => entry.message === 'about to throw');
  expect(own).toEqual({
    time: expect.any(String),
    function: 'throws',
    invocationId: expect.any(String),
    level: 'error',
    message: 'about to throw',
  });
});
