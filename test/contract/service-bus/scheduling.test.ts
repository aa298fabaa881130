// Scheduling, duplicate detection, lifetime and peeking by the unmodified client.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../../emulators/service-bus/core/manual-clock.ts';
import { codeOf, receiveExactly, receiveNothing, receiveOne, type Stack, startStack } from './support.ts';

const clock = new ManualClock(Date.now());
let stack: Stack;
beforeAll(async () => {
  const dedup = { RequiresDuplicateDetection: true, DuplicateDetectionHistoryTimeWindow: 'P7D', DefaultMessageTimeToLive: 'P14D' };
  const names = ['annotated', 'managed', 'cancel', 'ttl', 'peek', 'omit', 'page'];
  const plain = Object.fromEntries(names.map((name) => [name, {}]));
  stack = await startStack({ ...plain, dedup, retry: { ...dedup, RequiresSession: true }, sessions: { RequiresSession: true } }, { clock });
});
afterAll(() => stack.close());

const queue = (name: string) => stack.emulator.broker.queue(name)!;
const inMs = (ms: number) => new Date(clock.now() + ms);

describe('scheduling', () => {
  test('a message with a scheduled time appears then', async () => {
    await stack.client.createSender('annotated').sendMessages([{ body: 'later', scheduledEnqueueTimeUtc: inMs(30_000) }, { body: 'now' }]);
    const receiver = stack.client.createReceiver('annotated');
    expect((await receiveOne(receiver)).body).toBe('now');
    expect(await receiveNothing(receiver)).toEqual([]);
    clock.advance(30_000);
    const later = await receiveOne(receiver);
    expect(later).toMatchObject({ body: 'later', state: 'active' });
    expect(later.enqueuedTimeUtc?.getTime()).toBe(clock.now());
  });

  test('scheduleMessages returns numbers that hold until activation', async () => {
    const sender = stack.client.createSender('managed');
    const numbers = await sender.scheduleMessages([{ body: 1 }, { body: 2 }], inMs(60_000));
    const receiver = stack.client.createReceiver('managed');
    expect((await receiver.peekMessages(5)).map((message) => [message.state, String(message.sequenceNumber)])).toEqual(
      numbers.map((number) => ['scheduled', String(number)]),
    );
    clock.advance(60_000);
    expect((await receiveExactly(receiver, 2)).map((message) => Number(message.sequenceNumber))).toEqual([3, 4]);
  });

  test('a scheduled message can be cancelled until it is due', async () => {
    const sender = stack.client.createSender('cancel');
    const [first, second] = await sender.scheduleMessages([{ body: 1 }, { body: 2 }], inMs(60_000));
    await sender.cancelScheduledMessages(first!);
    clock.advance(60_000);
    expect(await codeOf(sender.cancelScheduledMessages(second!))).toBe('MessageNotFound');
    expect((await receiveOne(stack.client.createReceiver('cancel'))).body).toBe(2);
    expect(queue('cancel').counters.cancelled).toBe(1);
  });
});

describe('duplicate detection', () => {
  test('a repeated id is accepted and dropped for as long as the window lasts', async () => {
    const sender = stack.client.createSender('dedup');
    const day = 86_400_000;
    await sender.sendMessages({ body: 1, messageId: 'a' });
    await sender.sendMessages([
      { body: 2, messageId: 'a' },
      { body: 3, messageId: 'b' },
    ]);
    expect(await sender.scheduleMessages({ body: 4, messageId: 'b' }, inMs(1000))).toHaveLength(1);
    clock.advance(7 * day - 1);
    await sender.sendMessages({ body: 5, messageId: 'a' });
    clock.advance(1);
    await sender.sendMessages({ body: 6, messageId: 'a' });
    const got = await receiveExactly(stack.client.createReceiver('dedup'), 3);
    expect(got.map((message) => message.body)).toEqual([1, 3, 6]);
    expect(queue('dedup').counters.duplicatesDropped).toBe(3);
  });

  test('a successor scheduled twice by a crashing worker exists once', async () => {
    const sender = stack.client.createSender('retry');
    await sender.sendMessages({ body: 1, messageId: 'mail/0', sessionId: 's' });
    for (const settles of [false, true]) {
      const worker = await stack.newClient().acceptNextSession('retry');
      const message = await receiveOne(worker);
      await sender.sendMessages({ body: 2, messageId: 'mail/1', sessionId: 's', scheduledEnqueueTimeUtc: inMs(60_000) });
      if (settles) await worker.completeMessage(message);
      await worker.close();
    }
    clock.advance(60_000);
    const worker = await stack.client.acceptNextSession('retry');
    await worker.completeMessage(await receiveOne(worker));
    await worker.close();
    expect(queue('retry').store.size).toBe(0);
    expect(queue('retry').counters).toMatchObject({ duplicatesDropped: 1, completes: 2 });
  });
});

test('an expired message is not delivered', async () => {
  await stack.client.createSender('ttl').sendMessages([{ body: 'short', timeToLive: 5_000 }, { body: 'long' }]);
  clock.advance(5_000);
  expect((await receiveOne(stack.client.createReceiver('ttl'))).body).toBe('long');
  expect(queue('ttl').counters.expirations).toBe(1);
});

describe('peeking', () => {
  test('a peek shows locked, deferred and scheduled messages and takes none', async () => {
    const sender = stack.client.createSender('peek');
    await sender.sendMessages([{ body: 'locked' }, { body: 'deferred' }, { body: 'ready' }]);
    await sender.scheduleMessages({ body: 'scheduled' }, inMs(60_000));
    const receiver = stack.client.createReceiver('peek');
    const [, second] = await receiveExactly(receiver, 2);
    await receiver.deferMessage(second!);
    const peeked = await receiver.peekMessages(10);
    expect(peeked.map(({ body, state }) => [body, state])).toEqual([
      ['locked', 'active'],
      ['deferred', 'deferred'],
      ['ready', 'active'],
      ['scheduled', 'scheduled'],
    ]);
    expect((await receiveOne(receiver)).body).toBe('ready');
    expect(await stack.client.createReceiver('peek', { subQueueType: 'deadLetter' }).peekMessages(1)).toEqual([]);
  });

  test('peeking goes on where it was, or from a given number', async () => {
    await stack.client.createSender('page').sendMessages([1, 2, 3, 4].map((body) => ({ body })));
    const receiver = stack.client.createReceiver('page');
    const bodies = (messages: { body: unknown }[]) => messages.map((message) => message.body);
    const first = await receiver.peekMessages(2);
    expect([bodies(first), bodies(await receiver.peekMessages(2)), await receiver.peekMessages(2)]).toEqual([[1, 2], [3, 4], []]);
    expect(bodies(await receiver.peekMessages(5, { fromSequenceNumber: first[1]!.sequenceNumber! }))).toEqual([2, 3, 4]);
  });

  test('a session receiver peeks into its session only', async () => {
    await stack.client.createSender('sessions').sendMessages([
      { body: 1, sessionId: 'a' },
      { body: 2, sessionId: 'b' },
      { body: 3, sessionId: 'a' },
    ]);
    const receiver = await stack.client.acceptSession('sessions', 'a');
    expect((await receiver.peekMessages(5)).map((message) => message.body)).toEqual([1, 3]);
    await receiver.close();
  });

  test('more than one reply can hold is cut, and the rest comes with the next peek', async () => {
    const sender = stack.client.createSender('omit');
    for (let i = 0; i < 6; i++) await sender.sendMessages({ body: Buffer.alloc(200_000, i) });
    const receiver = stack.client.createReceiver('omit');
    expect([(await receiver.peekMessages(6)).length, (await receiver.peekMessages(6)).length]).toEqual([5, 1]);
  });
});
