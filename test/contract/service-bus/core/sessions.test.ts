// Sessions in the pure core: their locks, their order, who gets which.
import { describe, expect, test } from 'vitest';
import { acceptNext, bench, Collector, MINUTE, message } from './core-support.ts';

const inSession = (sessionId: string, ...ids: string[]) => ids.map((id) => message(id, { sessionId }));

describe('sessions', () => {
  test('a session goes to one holder at a time', () => {
    const { queue } = bench({ requiresSession: true });
    queue.send(inSession('s', 'a'));
    const holder = queue.acceptSession('s', new Collector());
    expect(() => queue.acceptSession('s', new Collector())).toThrow(
      expect.objectContaining({ condition: 'com.microsoft:session-cannot-be-locked' }),
    );
    holder.detach('closed');
    const next = new Collector();
    queue.acceptSession('s', next).wake();
    expect(next.ids).toEqual(['a']);
  });

  test('a held session gets what arrives, in order, and nobody else does', () => {
    const { queue } = bench({ requiresSession: true });
    const holder = new Collector();
    queue.acceptSession('s', holder).wake();
    queue.send([...inSession('s', 'a', 'b'), ...inSession('t', 'x'), ...inSession('s', 'c')]);
    expect(holder.ids).toEqual(['a', 'b', 'c']);
  });

  test('the locks of chosen sessions can be ended from outside, and the others stay', () => {
    const { queue } = bench({ requiresSession: true });
    queue.send([...inSession('a@contoso.com/0', 'a'), ...inSession('b@contoso.com/0', 'b')]);
    const [one, other] = [new Collector(), new Collector()];
    queue.acceptSession('a@contoso.com/0', one).wake();
    queue.acceptSession('b@contoso.com/0', other).wake();
    queue.expireLocks('a@contoso.com/');
    expect(() => queue.acceptSession('b@contoso.com/0', new Collector())).toThrow();
    const next = new Collector();
    queue.acceptSession('a@contoso.com/0', next).wake();
    expect(next.ids).toEqual(['a']);
  });

  test('the next available session is the one that has waited longest', () => {
    const { queue } = bench({ requiresSession: true });
    queue.send([...inSession('s', 'a', 'b'), ...inSession('t', 'x')]);
    const first = acceptNext(queue, new Collector(1));
    expect(first.attachment?.sessionId).toBe('s');
    first.attachment?.detach('closed');
    expect(acceptNext(queue, new Collector()).attachment?.sessionId).toBe('t');
    expect(acceptNext(queue, new Collector()).attachment?.sessionId).toBe('s');
  });

  test('who waits gets the next session that appears, first come first served, or is told that time is up', () => {
    const { queue, clock } = bench({ requiresSession: true });
    const short = acceptNext(queue, new Collector(), 10);
    const gone = acceptNext(queue, new Collector());
    const waiting = acceptNext(queue, new Collector());
    clock.advance(10);
    expect(short.timedOut).toBe(true);
    gone.cancel();
    queue.send(inSession('s', 'a'));
    expect(waiting.attachment?.sessionId).toBe('s');
    expect(gone.attachment).toBeUndefined();
  });

  test('a closed session returns its messages uncounted and in order', () => {
    const { queue } = bench({ requiresSession: true });
    queue.send(inSession('s', 'a', 'b', 'c'));
    const waiting = new Collector();
    const held = queue.acceptSession('s', new Collector(2));
    held.wake();
    acceptNext(queue, waiting);
    held.detach('closed');
    expect(waiting.ids).toEqual(['a', 'b', 'c']);
    expect(waiting.got.every((each) => each.deliveryCount === 0)).toBe(true);
  });

  test.each([
    [true, 1],
    [false, 0],
  ])('whether a dropped holder counts is a switch (%s)', (countDroppedDeliveries, deliveryCount) => {
    const { queue } = bench({ requiresSession: true }, { countDroppedDeliveries });
    queue.send(inSession('s', 'a'));
    const held = queue.acceptSession('s', new Collector());
    held.wake();
    held.detach('dropped');
    const next = new Collector();
    queue.acceptSession('s', next).wake();
    expect(next.got[0]?.deliveryCount).toBe(deliveryCount);
  });

  test('a lost session lock counts, tells its holder, and makes its settlements fail', () => {
    const { queue, clock } = bench({ requiresSession: true });
    queue.send(inSession('s', 'a'));
    const holder = new Collector();
    queue.acceptSession('s', holder).wake();
    const { token } = holder;
    clock.advance(MINUTE);
    expect(holder.locksLost).toBe(1);
    expect(() => queue.settle(token, { type: 'complete' }, 's')).toThrow(
      expect.objectContaining({ condition: 'com.microsoft:session-lock-lost' }),
    );
    const next = new Collector();
    queue.acceptSession('s', next).wake();
    expect(next.got[0]?.deliveryCount).toBe(1);
  });

  test('renewing the session lock extends the locks of its messages', () => {
    const { queue, clock } = bench({ requiresSession: true });
    queue.send(inSession('s', 'a'));
    const holder = new Collector();
    queue.acceptSession('s', holder).wake();
    clock.advance(MINUTE / 2);
    expect(queue.renewSessionLock('s')).toBe(clock.now() + MINUTE);
    clock.advance(MINUTE - 1);
    queue.settle(holder.token, { type: 'complete' }, 's');
    expect(queue.store.size).toBe(0);
  });

  test('session state belongs to the session and outlives its messages and holders', () => {
    const { queue } = bench({ requiresSession: true });
    const held = queue.acceptSession('s', new Collector());
    queue.setSessionState('s', new Uint8Array([1, 2]));
    held.detach('closed');
    expect(() => queue.sessionState('s')).toThrow(/session lock/);
    queue.acceptSession('s', new Collector());
    expect(queue.sessionState('s')).toEqual(new Uint8Array([1, 2]));
  });

  test('an empty session without state is forgotten', () => {
    const { queue } = bench({ requiresSession: true });
    for (let i = 0; i < 100; i++) queue.acceptSession(`s${i}`, new Collector()).detach('closed');
    expect([...queue.sessions!.all()]).toEqual([]);
  });

  test('messages without a session are refused, and the whole batch with them', () => {
    const { queue } = bench({ requiresSession: true });
    expect(() => queue.send([...inSession('s', 'a'), message('b')])).toThrow(/SessionId was not set/);
    expect(queue.store.size).toBe(0);
  });

  test('the dead-letter queue of a session queue is read without sessions', () => {
    const { queue, deadLetters } = bench({ requiresSession: true });
    queue.send(inSession('s', 'a'));
    const holder = new Collector();
    queue.acceptSession('s', holder).wake();
    queue.settle(holder.token, { type: 'deadLetter', reason: 'r' }, 's');
    const reader = new Collector();
    deadLetters.attach(reader).wake();
    expect(reader.ids).toEqual(['a']);
    expect(reader.got[0]?.sessionId).toBe('s');
  });

  test('a deferred message of a session needs its lock', () => {
    const { queue } = bench({ requiresSession: true });
    queue.send(inSession('s', 'a'));
    const holder = new Collector();
    const held = queue.acceptSession('s', holder);
    held.wake();
    const { sequenceNumber } = holder.got[0]!;
    queue.settle(holder.token, { type: 'defer' }, 's');
    const [again] = queue.receiveDeferred([sequenceNumber], 'peekLock', 's');
    expect(again?.messageId).toBe('a');
    held.detach('closed');
    expect(() => queue.receiveDeferred([sequenceNumber], 'peekLock', 's')).toThrow(/session lock/);
  });
});
