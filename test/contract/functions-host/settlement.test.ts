// What a function does with its message, and with the session of it, by the settlement service of the host.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FunctionsHostOptions } from '../../emulators/functions-host/index.ts';
import { buildSampleApp, type SampleFolder, writeHostJson } from './sample-app.ts';
import { type SampleBus, startSampleBus } from './sample-bus.ts';

let sample: SampleFolder;
let bus: SampleBus;

beforeAll(async () => {
  sample = await buildSampleApp();
});
afterEach(() => bus?.close());
afterAll(() => sample?.remove());

/** One slot, which an idle session keeps for longer than a test lasts. */
async function start(options: Partial<FunctionsHostOptions> = {}): Promise<void> {
  const extensions = { http: { routePrefix: '' }, serviceBus: { maxConcurrentSessions: 1, sessionIdleTimeout: '00:10:00' } };
  bus = await startSampleBus(sample, { hostJson: writeHostJson(sample, 'settlement.json', { extensions }), ...options });
}

const counters = () => [...bus.emulator.broker.queues()].find(({ name }) => name === 'sessions')!.counters;
const ids = () => bus.deliveries().map(({ metadata }) => metadata['messageId']);
const send = (messageId: string, sessionId: string, body: object) => bus.send('sessions', { messageId, sessionId, body });
const said = (text: string) => bus.host.logged(({ message }) => message.includes(text));

test('a session that is released after its message was completed leaves its slot to the next one at once', async () => {
  await start();
  await send('first', 'a', { settle: ['Complete', 'ReleaseSession'] });
  await bus.done('first');
  await send('second', 'b', { settle: ['Complete', 'ReleaseSession'] });
  await bus.done('second');
  await send('third', 'a', { settle: ['Complete', 'ReleaseSession'] });
  await bus.done('third');
  expect(counters()).toMatchObject({ completes: 3, abandons: 0, deliveries: 3, sessionAccepts: 3 });
});

test('a released session that has more messages is taken again, and its messages stay in order, one at a time', async () => {
  await start();
  const names = Array.from({ length: 6 }, (_, n) => `m${n}`);
  await bus.send(
    'sessions',
    names.map((messageId, n) => ({ messageId, sessionId: n % 2 ? 'even' : 'odd', body: { settle: ['Complete', 'ReleaseSession'] } })),
  );
  await Promise.all(names.map((name) => bus.done(name)));
  expect(ids().filter((id) => ['m0', 'm2', 'm4'].includes(String(id)))).toEqual(['m0', 'm2', 'm4']);
  expect(ids().filter((id) => ['m1', 'm3', 'm5'].includes(String(id)))).toEqual(['m1', 'm3', 'm5']);
  expect(counters()).toMatchObject({ completes: 6, deliveries: 6, abandons: 0 });
});

test('a release alone gives up the message of a function that has succeeded, until it is dead-lettered', async () => {
  await start();
  await send('uncompleted', 'a', { settle: ['ReleaseSession'] });
  await bus.done('uncompleted');
  // The slot is free: the next message passes only after the last delivery of this one, which is given out first.
  await send('next', 'b', { settle: ['Complete', 'ReleaseSession'] });
  await bus.done('next');
  await said('The operation was canceled');
  await bus.delivered(({ metadata }) => metadata['messageId'] === 'uncompleted' && metadata['deliveryCount'] === 3);
  await expect.poll(() => counters().deadLetters).toBe(1);
  expect(counters()).toMatchObject({ abandons: 3, completes: 1 });
});

test.each([
  ['its function fails afterwards', 'fail', ['Complete', 'ReleaseSession']],
  ['its worker dies before the release', 'killWorker', ['Complete']],
  ['its worker dies after the release', 'killWorker', ['Complete', 'ReleaseSession']],
])('a message that was completed does not come again: %s', async (_what, atEnd, settle) => {
  await start();
  await send('ending', 'a', { settle, atEnd });
  await said("Executed 'Functions.session-queue' (Failed");
  await send('next', 'a', { settle: ['Complete', 'ReleaseSession'] });
  await bus.done('next');
  expect(ids()).toEqual(['ending', 'next']);
  expect(counters()).toMatchObject({ completes: 2, abandons: 0 });
});

test('a lock that the host does not know is a failed precondition; the host then completes the message after the function', async () => {
  await start();
  await send('first', 'a', { settle: ['CompleteUnknown'] });
  await said('CompleteUnknown: 9 LockToken unknown not found.');
  await bus.done('first');
  await send('second', 'a', {});
  await bus.done('second');
  expect(counters()).toMatchObject({ completes: 1, abandons: 0 });
});

test('under a lock that was lost nothing is completed, and the message comes again', async () => {
  await start();
  const file = join(sample.folder, 'hold-lost');
  await send('lost', 'a', { hold: file, settle: ['Complete', 'ReleaseSession'] });
  await bus.delivered(({ metadata }) => metadata['messageId'] === 'lost');
  bus.emulator.broker.queue('sessions')?.expireLocks();
  writeFileSync(file, '');
  await said('Complete: 2 ');
  await bus.delivered(({ metadata }) => metadata['messageId'] === 'lost' && metadata['deliveryCount'] === 2);
  await expect.poll(() => counters().completes).toBe(1);
});

test('a host whose extension has no settlement service says so, and ends deliveries by itself', async () => {
  await start({ settlement: false });
  await send('first', 'a', { settle: ['Complete', 'ReleaseSession'] });
  await said('Complete: 12');
  await said('ReleaseSession: 12');
  await bus.done('first');
  await expect.poll(() => counters().completes).toBe(1);
});
