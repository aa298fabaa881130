// Sessions by the unmodified client: named, next available, locks, state, what happens when holders go.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../../emulators/service-bus/core/manual-clock.ts';
import { codeOf, receiveExactly, receiveOne, type Stack, startStack, until } from './support.ts';

const clock = new ManualClock(Date.now());
let stack: Stack;
const names = [
  'named',
  'next',
  'wait',
  'timeout',
  'locked',
  'state',
  'renew',
  'lost',
  'closed',
  'dropped',
  'order',
  'defer',
  'push',
  'many',
];
beforeAll(async () => {
  const settings = { RequiresSession: true, LockDuration: 'PT30S' };
  stack = await startStack({ ...Object.fromEntries(names.map((name) => [name, settings])), plain: {} }, { clock });
});
afterAll(() => stack.close());

async function send(name: string, ...pairs: [sessionId: string, body: unknown][]) {
  const sender = stack.client.createSender(name);
  await sender.sendMessages(pairs.map(([sessionId, body]) => ({ sessionId, body })));
  await sender.close();
}
const queue = (name: string) => stack.emulator.broker.queue(name)!;
const bodies = (messages: { body: unknown }[]) => messages.map((message) => message.body);

describe('accepting', () => {
  test('a named session gives its own messages in order, and its lock is shown', async () => {
    await send('named', ['a', 1], ['b', 2], ['a', 3]);
    const receiver = await stack.client.acceptSession('named', 'a');
    expect(receiver.sessionId).toBe('a');
    expect(receiver.sessionLockedUntilUtc.getTime()).toBe(clock.now() + 30_000);
    const got = await receiveExactly(receiver, 2);
    expect(bodies(got)).toEqual([1, 3]);
    expect(got[0]?.lockedUntilUtc?.getTime()).toBe(clock.now() + 30_000);
    await receiver.close();
  });

  test('an unknown session can be accepted and filled later', async () => {
    const receiver = await stack.client.acceptSession('named', 'new');
    const waiting = receiveOne(receiver);
    await send('named', ['new', 'hello']);
    expect((await waiting).body).toBe('hello');
    await receiver.close();
  });

  test('the next available sessions come in the order in which they became available', async () => {
    await send('next', ['a', 1], ['b', 2]);
    const first = await stack.client.acceptNextSession('next');
    const second = await stack.client.acceptNextSession('next');
    expect([first.sessionId, second.sessionId]).toEqual(['a', 'b']);
    await Promise.all([first.close(), second.close()]);
  });

  test('who waits for a session gets the first that appears', async () => {
    const waiting = stack.client.acceptNextSession('wait');
    await send('wait', ['a', 1]);
    const receiver = await waiting;
    expect(receiver.sessionId).toBe('a');
    expect((await receiveOne(receiver)).body).toBe(1);
    await receiver.close();
  });

  test('when none appears in time the client gets its time-out', async () => {
    const waiting = stack.client.acceptNextSession('timeout');
    // The client's real time-out is seconds away; the broker's is on the manual clock.
    let waits = true;
    const code = codeOf(waiting).finally(() => {
      waits = false;
    });
    await until(() => {
      clock.advance(10_000);
      return !waits;
    }, 'the time-out');
    expect(await code).toBe('ServiceTimeout');
  });

  test('a session that is held cannot be accepted', async () => {
    const holder = await stack.client.acceptSession('locked', 'a');
    expect(await codeOf(stack.newClient().acceptSession('locked', 'a'))).toBe('SessionCannotBeLocked');
    await holder.close();
    await (await stack.client.acceptSession('locked', 'a')).close();
  });

  test('many receivers on one connection each get a session of their own', async () => {
    await send('many', ...Array.from({ length: 30 }, (_, i) => [`s${i}`, i] as [string, unknown]));
    const receivers = await Promise.all(Array.from({ length: 30 }, () => stack.client.acceptNextSession('many')));
    expect(new Set(receivers.map((receiver) => receiver.sessionId)).size).toBe(30);
    await Promise.all(receivers.map((receiver) => receiver.close()));
  });

  test('a queue with sessions has no plain receivers, and one without has no session receivers', async () => {
    await expect(stack.client.createReceiver('named').receiveMessages(1)).rejects.toThrow(/requires sessions/);
    expect(await codeOf(stack.client.acceptSession('plain', 'a'))).toBe('SessionCannotBeLocked');
    await expect(stack.client.createSender('named').sendMessages({ body: 1 })).rejects.toThrow(/SessionId was not set/);
  });
});

describe('holding', () => {
  test('state is kept with the session', async () => {
    const first = await stack.client.acceptSession('state', 'a');
    expect(await first.getSessionState()).toBeNull();
    await first.setSessionState({ step: 3 });
    await first.close();
    const second = await stack.client.acceptSession('state', 'a');
    expect(await second.getSessionState()).toEqual({ step: 3 });
    await second.setSessionState(null);
    expect(await second.getSessionState()).toBeNull();
    await second.close();
  });

  test('a renewed session lock lasts from the renewal on', async () => {
    await send('renew', ['a', 1]);
    const receiver = await stack.client.acceptSession('renew', 'a');
    const message = await receiveOne(receiver);
    clock.advance(20_000);
    expect((await receiver.renewSessionLock()).getTime()).toBe(clock.now() + 30_000);
    clock.advance(20_000);
    await receiver.completeMessage(message);
    await receiver.close();
    expect(queue('renew').counters).toMatchObject({ sessionAccepts: 1, sessionLockRenewals: 1, completes: 1 });
  });

  test('after the session lock ran out nothing of it works, and the message comes again, counted', async () => {
    await send('lost', ['a', 1]);
    const receiver = await stack.client.acceptSession('lost', 'a');
    const message = await receiveOne(receiver);
    clock.advance(30_000);
    expect(await codeOf(receiver.renewSessionLock())).toBe('SessionLockLost');
    expect(await codeOf(receiver.completeMessage(message))).toBe('SessionLockLost');
    await until(() => receiver.isClosed, 'the receiver to close');
    const again = await stack.client.acceptSession('lost', 'a');
    expect((await receiveOne(again)).deliveryCount).toBe(1);
    await again.close();
  });

  test('a closed receiver leaves its messages uncounted to the next', async () => {
    await send('closed', ['a', 1], ['a', 2]);
    const first = await stack.client.acceptSession('closed', 'a');
    await receiveExactly(first, 2);
    await first.close();
    const second = await stack.client.acceptSession('closed', 'a');
    const got = await receiveExactly(second, 2);
    expect(got.map(({ body, deliveryCount }) => [body, deliveryCount])).toEqual([
      [1, 0],
      [2, 0],
    ]);
    await second.close();
  });

  test.each([false, true])('after a dropped connection the session is free at once; whether it counts is a switch (%s)', async (counts) => {
    stack.emulator.broker.countDroppedDeliveries = counts;
    // Clients of its own: one that has not noticed yet that its connection is gone waits a minute for an answer.
    await send('dropped', ['a', 1]);
    const first = await stack.newClient().acceptSession('dropped', 'a');
    await receiveOne(first);
    stack.emulator.amqp.dropConnections();
    await until(() => first.isClosed, 'the client to notice');
    const second = await stack.newClient().acceptSession('dropped', 'a');
    const again = await receiveOne(second);
    expect(again.deliveryCount).toBe(counts ? 1 : 0);
    await second.completeMessage(again);
    await second.close();
  });

  test('an abandoned message keeps its place before the later ones', async () => {
    await send('order', ['a', 1], ['a', 2]);
    const receiver = await stack.client.acceptSession('order', 'a');
    await receiver.abandonMessage(await receiveOne(receiver));
    expect(bodies(await receiveExactly(receiver, 2))).toEqual([1, 2]);
    await receiver.close();
  });

  test('a deferred message is received by its number within the session', async () => {
    await send('defer', ['a', 1]);
    const receiver = await stack.client.acceptSession('defer', 'a');
    const message = await receiveOne(receiver);
    await receiver.deferMessage(message);
    const [deferred] = await receiver.receiveDeferredMessages(message.sequenceNumber!);
    expect(deferred?.body).toBe(1);
    await receiver.completeMessage(deferred!);
    await receiver.close();
    expect(queue('defer').store.size).toBe(0);
  });

  test('a subscribed session gets what arrives while it is held', async () => {
    const receiver = await stack.client.acceptSession('push', 'a');
    const got: unknown[] = [];
    receiver.subscribe({ processMessage: async ({ body }) => void got.push(body), processError: async () => {} });
    await send('push', ['a', 1], ['b', 'no'], ['a', 2]);
    await until(() => got.length === 2 && queue('push').store.size === 1, 'two messages');
    expect(got).toEqual([1, 2]);
    await receiver.close();
  });
});
