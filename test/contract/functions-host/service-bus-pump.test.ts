// Concurrency, sessions, locks and outages of the Service Bus pump.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buildSampleApp, type SampleFolder, startSampleHost, writeHostJson } from './sample-app.ts';
import { type SampleBus, startSampleBus } from './sample-bus.ts';

let sample: SampleFolder;
let bus: SampleBus;

beforeAll(async () => {
  sample = await buildSampleApp();
});
afterEach(() => bus?.close());
afterAll(() => sample?.remove());

async function start(serviceBus: object): Promise<void> {
  const extensions = { http: { routePrefix: '' }, serviceBus: { sessionIdleTimeout: '00:00:00.2', ...serviceBus } };
  bus = await startSampleBus(sample, { hostJson: writeHostJson(sample, 'bus.json', { extensions }) });
}

let holds = 0;
/** A file for which functions wait until it is let go. */
function hold() {
  const file = join(sample.folder, `hold-${(holds += 1)}`);
  return { file, letGo: () => writeFileSync(file, '') };
}
const ids = () => bus.deliveries().map(({ metadata }) => metadata['messageId']);
const arrived = (id: string) => bus.delivered(({ metadata }) => metadata['messageId'] === id);

test('at most maxConcurrentCalls messages are worked on at the same time', async () => {
  await start({ maxConcurrentCalls: 2 });
  const { file, letGo } = hold();
  await bus.send(
    'plain',
    ['a', 'b', 'c'].map((messageId) => ({ messageId, body: { hold: file } })),
  );
  await arrived('a');
  await arrived('b');
  // A session message goes all the way while both slots are taken: had c been given out, it would be here by then.
  await bus.send('sessions', { messageId: 'other', sessionId: 's', body: {} });
  await bus.done('other');
  expect(ids()).not.toContain('c');
  letGo();
  await bus.done('c');
});

test('messages that end at the same time are settled each in its own way', async () => {
  await start({ maxConcurrentCalls: 20 });
  const { file, letGo } = hold();
  const names = Array.from({ length: 20 }, (_, index) => `${index % 2 ? 'fails' : 'fine'}-${index}`);
  await bus.send(
    'plain',
    names.map((messageId, index) => ({ messageId, body: { hold: file, failAfterHold: index % 2 } })),
  );
  await Promise.all(names.map(arrived));
  letGo();
  await Promise.all(names.map((name) => bus.done(name)));
  const counts = names.map((name) => ids().filter((id) => id === name).length);
  expect(counts).toEqual(names.map((name) => (name.startsWith('fails') ? 2 : 1)));
  const { counters } = [...bus.emulator.broker.queues()].find((queue) => queue.name === 'plain')!;
  expect(counters).toMatchObject({ abandons: 10 });
});

test('a session’s messages come one after the other, in order; other sessions go on beside it', async () => {
  await start({ maxConcurrentSessions: 2 });
  const { file, letGo } = hold();
  await bus.send('sessions', { messageId: 'a1', sessionId: 'a', body: { hold: file } });
  await arrived('a1');
  await bus.send('sessions', [
    { messageId: 'a2', sessionId: 'a', body: {} },
    { messageId: 'b1', sessionId: 'b', body: {} },
  ]);
  await bus.done('b1');
  expect(ids()).not.toContain('a2');
  letGo();
  await bus.done('a2');
  expect(ids()).toEqual(['a1', 'b1', 'a2']);
});

test('maxConcurrentCallsPerSession lets a session’s messages overlap', async () => {
  await start({ maxConcurrentSessions: 1, maxConcurrentCallsPerSession: 2 });
  const { file, letGo } = hold();
  await bus.send(
    'sessions',
    ['c1', 'c2'].map((messageId) => ({ messageId, sessionId: 'c', body: { hold: file } })),
  );
  await arrived('c1');
  await arrived('c2');
  letGo();
  await bus.done('c1');
});

test('an idle session holds its slot for sessionIdleTimeout, then the next session has it', async () => {
  await start({ maxConcurrentSessions: 1, sessionIdleTimeout: '00:00:00.5' });
  await bus.send('sessions', { messageId: 'first', sessionId: 'd', body: {} });
  const first = await bus.done('first');
  await bus.send('sessions', { messageId: 'second', sessionId: 'e', body: {} });
  const second = await bus.done('second');
  expect(Date.parse(second.time) - Date.parse(first.time)).toBeGreaterThanOrEqual(490);
});

test('after an outage of Service Bus work goes on by itself', async () => {
  await start({});
  await bus.send('sessions', { messageId: 'before', sessionId: 'f', body: {} });
  await bus.done('before');
  bus.emulator.amqp.outage = true;
  bus.emulator.amqp.dropConnections();
  await bus.host.logged((entry) => entry.function === 'plain-queue' && entry.message.startsWith('Service Bus:'));
  await bus.host.logged((entry) => entry.function === 'session-queue' && entry.message.startsWith('Service Bus:'));
  bus.emulator.amqp.outage = false;
  await bus.reconnect();
  await bus.send('sessions', { messageId: 'after', sessionId: 'f', body: {} });
  await bus.send('plain', { messageId: 'after-plain', body: {} });
  await Promise.all([bus.done('after'), bus.done('after-plain')]);
});

test('a message whose connection drops while its function runs is delivered again', async () => {
  await start({});
  const { file, letGo } = hold();
  await bus.send('sessions', { messageId: 'dropped', sessionId: 'g', body: { hold: file } });
  await arrived('dropped');
  bus.emulator.amqp.dropConnections();
  letGo();
  await bus.host.logged((entry) => entry.message.includes('could not complete message dropped'));
  while (ids().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(ids()).toEqual(['dropped', 'dropped']);
});

test('a running message outlives its lock of five seconds, because the lock is renewed', async () => {
  await start({});
  const { file, letGo } = hold();
  await bus.send('sessions', { messageId: 'long-session', sessionId: 'h', body: { hold: file } });
  await bus.send('plain', { messageId: 'long', body: { hold: file } });
  await arrived('long-session');
  const { time } = bus.host.entries.find((entry) => entry.message.startsWith('message {'))!;
  while (Date.now() - Date.parse(time) < 6000) await new Promise((resolve) => setTimeout(resolve, 50));
  letGo();
  await Promise.all([bus.done('long-session'), bus.done('long')]);
  await bus.send('plain', { messageId: 'end', body: {} });
  await bus.done('end');
  expect(ids().sort()).toEqual(['end', 'long', 'long-session']);
});

test('with maxAutoLockRenewalDuration 0 a session’s lock ends, and its message goes to the next', async () => {
  await start({ maxAutoLockRenewalDuration: '00:00:00', maxConcurrentSessions: 2 });
  const { file, letGo } = hold();
  await bus.send('sessions', { messageId: 'lost', sessionId: 'i', body: { hold: file } });
  await arrived('lost');
  while (ids().length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  letGo();
  await bus.done('lost');
});

test('while the host drains, a message whose function has succeeded is not completed: it comes again', async () => {
  const own = await startSampleBus(sample);
  const hold = join(sample.folder, 'drained');
  await own.send('sessions', { messageId: 'drained', sessionId: 's', body: { hold } });
  await own.delivered(({ metadata }) => metadata['messageId'] === 'drained');
  const closed = own.host.close();
  writeFileSync(hold, '');
  await closed;
  await own.host.logged(({ message }) => message === 'done drained');
  const next = await startSampleHost(sample, { settings: { SAMPLE_MODE: 'bus', SAMPLE_BUS: own.emulator.connectionString } });
  const again = await next.logged(({ message }) => message.startsWith('message {') && message.includes('"drained"'));
  expect(JSON.parse(again.message.slice('message '.length))).toMatchObject({ metadata: { messageId: 'drained', deliveryCount: 2 } });
  await next.close();
  await own.close();
});
