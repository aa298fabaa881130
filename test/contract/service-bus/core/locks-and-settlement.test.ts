// Peek-lock, settlement and the dead-letter queue in the pure core.
import { describe, expect, test } from 'vitest';
import { bench, Collector, MINUTE, message, receive, SECOND } from './core-support.ts';

describe('locks', () => {
  test('a locked message is not given to anyone else', () => {
    const { queue } = bench();
    queue.send([message('a')]);
    expect(receive(queue).ids).toEqual(['a']);
    expect(receive(queue).ids).toEqual([]);
  });

  test('an expired lock brings the message back with its delivery count raised', () => {
    const { queue, clock } = bench();
    queue.send([message('a')]);
    receive(queue);
    clock.advance(MINUTE - 1);
    expect(receive(queue).got).toEqual([]);
    clock.advance(1);
    expect(receive(queue).got[0]?.deliveryCount).toBe(1);
    expect(queue.counters.lockExpirations).toBe(1);
  });

  test('renewal counts from now, and settling after the lock ran out is refused', () => {
    const { queue, clock } = bench();
    queue.send([message('a')]);
    const { token } = receive(queue);
    clock.advance(50 * SECOND);
    expect(queue.renewLock(token)).toBe(clock.now() + MINUTE);
    clock.advance(50 * SECOND);
    queue.renewLock(token);
    clock.advance(MINUTE);
    expect(() => queue.settle(token, { type: 'complete' })).toThrow(/lock supplied is invalid/);
    expect(() => queue.renewLock(token)).toThrow(expect.objectContaining({ condition: 'com.microsoft:message-lock-lost' }));
  });

  test('a message can be settled once only', () => {
    const { queue } = bench();
    queue.send([message('a')]);
    const { token } = receive(queue);
    queue.settle(token, { type: 'complete' });
    expect(() => queue.settle(token, { type: 'complete' })).toThrow(
      expect.objectContaining({ condition: 'com.microsoft:message-lock-lost' }),
    );
    expect(queue.store.size).toBe(0);
  });

  test('what a departed consumer holds can still be settled until its lock expires', () => {
    const { queue, clock } = bench();
    queue.send([message('a'), message('b')]);
    const held = receive(queue);
    queue.settle(held.got[0]!.lock!.token, { type: 'complete' });
    clock.advance(MINUTE);
    expect(receive(queue).ids).toEqual(['b']);
  });

  test('receive-and-delete leaves nothing behind', () => {
    const { queue, clock } = bench();
    queue.send([message('a')]);
    expect(receive(queue, 1, 'receiveAndDelete').got[0]?.lock).toBeUndefined();
    clock.advance(MINUTE);
    expect(receive(queue).got).toEqual([]);
  });

  test('all locks can be ended at once', () => {
    const { queue } = bench();
    queue.send([message('a'), message('b')]);
    receive(queue);
    queue.expireLocks();
    expect(receive(queue).got.map((each) => each.deliveryCount)).toEqual([1, 1]);
  });
});

describe('settlement', () => {
  test('abandoned messages return to their place in line, changed as asked', () => {
    const { queue } = bench();
    queue.send([message('a'), message('b'), message('c')]);
    const first = receive(queue, 2);
    queue.settle(first.got[1]!.lock!.token, { type: 'abandon', changes: { why: 'later' } });
    queue.settle(first.got[0]!.lock!.token, { type: 'abandon' });
    const again = receive(queue);
    expect(again.ids).toEqual(['a', 'b', 'c']);
    expect(again.got.map((each) => each.deliveryCount)).toEqual([1, 1, 0]);
    expect(again.got[1]?.changes).toEqual({ why: 'later' });
  });

  test('a released message comes back uncounted', () => {
    const { queue } = bench();
    queue.send([message('a')]);
    queue.settle(receive(queue).token, { type: 'release' });
    expect(receive(queue).got[0]?.deliveryCount).toBe(0);
  });

  test('after the last allowed delivery the message is dead-lettered with the reason', () => {
    const { queue, deadLetters } = bench({ maxDeliveryCount: 2 });
    queue.send([message('a')]);
    for (let i = 0; i < 2; i++) queue.settle(receive(queue).token, { type: 'abandon' });
    expect(receive(queue).got).toEqual([]);
    const [dead] = receive(deadLetters).got;
    expect(dead?.changes).toMatchObject({ DeadLetterReason: 'MaxDeliveryCountExceeded' });
    expect(queue.counters).toMatchObject({ abandons: 2, deadLetters: 1 });
  });

  test('a dead-lettered message keeps reason, changes and its place by number, and never dies again', () => {
    const { queue, deadLetters, clock } = bench({ maxDeliveryCount: 1, defaultTimeToLiveMs: MINUTE });
    queue.send([message('a'), message('b')]);
    const held = receive(queue);
    queue.settle(held.got[1]!.lock!.token, { type: 'deadLetter', reason: 'broken', description: 'half', changes: { hint: 'x' } });
    queue.settle(held.got[0]!.lock!.token, { type: 'deadLetter' });
    clock.advance(10 * MINUTE);
    for (let i = 0; i < 5; i++) queue.run(() => deadLetters.settle(receive(deadLetters, 1).token, { type: 'abandon' }));
    const dead = receive(deadLetters);
    expect(dead.ids).toEqual(['a', 'b']);
    expect(deadLetters.peek(1, 10).map((each) => each.messageId)).toEqual(['a', 'b']);
    expect(dead.got[1]?.changes).toEqual({ DeadLetterReason: 'broken', DeadLetterErrorDescription: 'half', hint: 'x' });
  });

  test('a deferred message waits until it is asked for by number', () => {
    const { queue } = bench();
    queue.send([message('a')]);
    const held = receive(queue);
    const { sequenceNumber } = held.got[0]!;
    queue.settle(held.token, { type: 'defer', changes: { step: '2' } });
    expect(receive(queue).got).toEqual([]);
    const [deferred] = queue.receiveDeferred([sequenceNumber], 'peekLock');
    expect(deferred).toMatchObject({ messageId: 'a', state: 'deferred', changes: { step: '2' } });
    expect(() => queue.receiveDeferred([sequenceNumber], 'peekLock')).toThrow(/Failed to find/);
    queue.settle(deferred!.lock!.token, { type: 'abandon' });
    expect(queue.receiveDeferred([sequenceNumber], 'receiveAndDelete')[0]?.deliveryCount).toBe(1);
    expect(queue.store.size).toBe(0);
  });
});

test('competing consumers take turns within their credit', () => {
  const { queue } = bench();
  const consumers = [new Collector(2), new Collector(5)];
  for (const consumer of consumers) queue.attach(consumer);
  queue.send(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => message(id)));
  expect(consumers.map((consumer) => consumer.ids)).toEqual([
    ['a', 'c'],
    ['b', 'd', 'e', 'f', 'g'],
  ]);
});
