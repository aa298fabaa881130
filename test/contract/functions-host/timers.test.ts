// Timer functions in the running host: start-up runs, past-due runs, runs by the admin API.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FunctionsHostOptions, LogEntry } from '../../emulators/functions-host/index.ts';
import { buildSampleApp, type SampleFolder, type SampleHost, startSampleHost } from './sample-app.ts';

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

const ranTimer = (name: string) => (entry: LogEntry) => entry.function === name && entry.message.startsWith('timer ');
const timerOf = (entry: LogEntry) => JSON.parse(entry.message.slice('timer '.length));

test('runOnStartup runs a timer at once, and others wait for their time', async () => {
  const { logged, entries } = await start();
  const timer = timerOf(await logged(ranTimer('at-start')));
  expect(timer).toMatchObject({
    isPastDue: false,
    schedule: { adjustForDST: true },
    scheduleStatus: { next: expect.stringMatching(/-01-01T00:00:00/) },
  });
  expect(entries.some(ranTimer('once-a-year'))).toBe(false);
});

test('a timer whose stored next occurrence has passed runs at once, with isPastDue', async () => {
  const status = { Last: '2020-01-01T00:00:00Z', Next: '2021-01-01T00:00:00Z', LastUpdated: '2020-01-01T00:00:00Z' };
  const { logged } = await start({ scheduleStatus: { 'past-due': status } });
  expect(timerOf(await logged(ranTimer('past-due')))).toMatchObject({ isPastDue: true, scheduleStatus: { next: status.Next } });
});

test('a schedule from a setting fires by itself; below a minute there is no schedule status', async () => {
  const { logged } = await start({ settings: { SAMPLE_SCHEDULE: '* * * * * *' } });
  expect(timerOf(await logged(ranTimer('on-schedule')))).toEqual({
    schedule: { adjustForDST: true },
    scheduleStatus: null,
    isPastDue: false,
  });
});

test('the admin API runs a timer function at once: 202', async () => {
  const { url, logged } = await start();
  const response = await fetch(`${url}/admin/functions/once-a-year`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  expect([response.status, await response.text()]).toEqual([202, '']);
  await logged(ranTimer('once-a-year'));
  expect((await fetch(`${url}/admin/functions/no-such`, { method: 'POST' })).status).toBe(404);
});

test('invokeTimer resolves when the run is over', async () => {
  const { invokeTimer, logged } = await start();
  await invokeTimer('once-a-year');
  await logged(ranTimer('once-a-year'));
});

test('a schedule that is none puts only its function in error', async () => {
  const { functions, logged } = await start({ settings: { SAMPLE_SCHEDULE: '@hourly' } });
  expect(functions.map(({ name }) => name)).not.toContain('on-schedule');
  await logged((entry) => entry.message.includes("The schedule expression '@hourly' was not recognized"));
});

test('an authority over http breaks the host’s storage client: timers whose status it keeps do not start', async () => {
  const settings = { AZURE_AUTHORITY_HOST: 'http://localhost:8025', SAMPLE_SCHEDULE: '* * * * * *' };
  const { functions, logged } = await start({ settings });
  expect(functions.filter(({ type }) => type === 'timerTrigger').map(({ name }) => name)).toEqual(['on-schedule']);
  await logged(({ message }) => message.startsWith("The 'once-a-year' function is in error: Authority host"));
  await logged(ranTimer('on-schedule'));
});
