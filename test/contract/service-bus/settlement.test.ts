// Settlement by the unmodified client: complete, abandon, defer, dead-letter, locks.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../../emulators/service-bus/core/manual-clock.ts';
import { codeOf, receiveExactly, receiveNothing, receiveOne, type Stack, startStack } from './support.ts';

const clock = new ManualClock(Date.now());
let stack: Stack;
const names = ['complete', 'abandon', 'max', 'defer', 'dead', 'dead-defer', 'renew', 'lost', 'closed', 'twice', 'expire', 'ttl-dead'];
beforeAll(async () => {
  const settings = { LockDuration: 'PT30S', MaxDeliveryCount: 2, DeadLetteringOnMessageExpiration: true };
  stack = await startStack(Object.fromEntries(names.map((name) => [name, settings])), { clock });
});
afterAll(() => stack.close());

async function sent(name: string, ...bodies: unknown[]) {
  await stack.client.createSender(name).sendMessages(bodies.map((body) => ({ body })));
  return stack.client.createReceiver(name);
}
const deadLetters = (name: string) => stack.client.createReceiver(name, { subQueueType: 'deadLetter' });
const queue = (name: string) => stack.emulator.broker.queue(name)!;

describe('settlement', () => {
  test('a completed message is gone', async () => {
    const receiver = await sent('complete', 1);
    await receiver.completeMessage(await receiveOne(receiver));
    expect(queue('complete').counters).toMatchObject({ sends: 1, deliveries: 1, completes: 1 });
    expect(queue('complete').store.size).toBe(0);
  });

  test('an abandoned message is redelivered with its delivery count raised and its properties changed', async () => {
    const receiver = await sent('abandon', 1);
    await receiver.abandonMessage(await receiveOne(receiver), { step: 2, note: 'x' });
    const again = await receiveOne(receiver);
    expect(again.deliveryCount).toBe(1);
    expect(again.applicationProperties).toEqual({ step: 2, note: 'x' });
    await receiver.completeMessage(again);
  });

  test('after the last allowed delivery it is in the dead-letter queue', async () => {
    const receiver = await sent('max', 1);
    for (let i = 0; i < 2; i++) await receiver.abandonMessage(await receiveOne(receiver));
    const dead = await receiveOne(deadLetters('max'));
    expect(dead).toMatchObject({ body: 1, deadLetterReason: 'MaxDeliveryCountExceeded' });
    expect(dead.deadLetterErrorDescription).toMatch(/after 2 delivery attempts/);
  });

  test('a deferred message is received by its number and settled through $management', async () => {
    const receiver = await sent('defer', 1, 2);
    const [first, second] = await receiveExactly(receiver, 2);
    await receiver.deferMessage(first!, { why: 'later' });
    await receiver.completeMessage(second!);
    expect(await receiveNothing(receiver)).toEqual([]);
    const [deferred] = await receiver.receiveDeferredMessages(first!.sequenceNumber!);
    expect(deferred).toMatchObject({ body: 1, state: 'deferred', applicationProperties: { why: 'later' } });
    await receiver.completeMessage(deferred!);
    expect(await codeOf(receiver.receiveDeferredMessages(first!.sequenceNumber!))).toBe('MessageNotFound');
    expect(queue('defer').store.size).toBe(0);
  });

  test('a dead-lettered message carries reason, description and changes, and can be completed there', async () => {
    const receiver = await sent('dead', 1);
    await receiver.deadLetterMessage(await receiveOne(receiver), {
      deadLetterReason: 'why',
      deadLetterErrorDescription: 'because',
      extra: 5,
    });
    const dead = deadLetters('dead');
    const got = await receiveOne(dead);
    expect(got).toMatchObject({ body: 1, deadLetterReason: 'why', deadLetterErrorDescription: 'because' });
    expect(got.applicationProperties?.['extra']).toBe(5);
    await dead.completeMessage(got);
    expect(queue('dead/$deadletterqueue').store.size).toBe(0);
  });

  test('a deferred message can be dead-lettered, abandoned and deferred again', async () => {
    const receiver = await sent('dead-defer', 1);
    const message = await receiveOne(receiver);
    await receiver.deferMessage(message);
    const again = async () => (await receiver.receiveDeferredMessages([message.sequenceNumber!]))[0]!;
    await receiver.deferMessage(await again());
    await receiver.abandonMessage(await again());
    await receiver.deadLetterMessage(await again(), { deadLetterReason: 'r', deadLetterErrorDescription: 'd' });
    expect(await receiveOne(deadLetters('dead-defer'))).toMatchObject({
      deadLetterReason: 'r',
      deadLetterErrorDescription: 'd',
      deliveryCount: 1,
    });
  });

  test('a second settlement on the link is refused by the client, one by another receiver by the broker', async () => {
    const receiver = await sent('twice', 1);
    const message = await receiveOne(receiver);
    await receiver.completeMessage(message);
    await expect(receiver.completeMessage(message)).rejects.toThrow(/already settled/);
  });
});

describe('locks', () => {
  test('a renewed lock lasts from the renewal on', async () => {
    const receiver = await sent('renew', 1);
    const message = await receiveOne(receiver);
    clock.advance(20_000);
    expect((await receiver.renewMessageLock(message)).getTime()).toBe(clock.now() + 30_000);
    clock.advance(20_000);
    await receiver.completeMessage(message);
    expect(queue('renew').counters).toMatchObject({ lockRenewals: 1, completes: 1 });
  });

  test('after the lock ran out settling and renewing fail, and the message comes again, counted', async () => {
    const receiver = await sent('lost', 1);
    const message = await receiveOne(receiver);
    clock.advance(30_000);
    expect(await codeOf(receiver.completeMessage(message))).toBe('MessageLockLost');
    expect(await codeOf(receiver.renewMessageLock(message))).toBe('MessageLockLost');
    expect((await receiveOne(receiver)).deliveryCount).toBe(1);
  });

  test('a message of a closed receiver stays locked and is settled by another through $management', async () => {
    const receiver = await sent('closed', 1);
    const message = await receiveOne(receiver);
    await receiver.close();
    const other = stack.client.createReceiver('closed');
    expect(await receiveNothing(other)).toEqual([]);
    clock.advance(30_000);
    expect((await receiveOne(other)).deliveryCount).toBe(1);
    expect(message.deliveryCount).toBe(0);
  });

  test('locks can be ended from outside', async () => {
    const receiver = await sent('expire', 1);
    const message = await receiveOne(receiver);
    queue('expire').expireLocks();
    expect(await codeOf(receiver.completeMessage(message))).toBe('MessageLockLost');
  });
});

test('an expired message is in the dead-letter queue with its reason', async () => {
  await stack.client.createSender('ttl-dead').sendMessages({ body: 1, timeToLive: 5_000 });
  clock.advance(5_000);
  expect(await receiveOne(deadLetters('ttl-dead'))).toMatchObject({ body: 1, deadLetterReason: 'TTLExpiredException' });
});
