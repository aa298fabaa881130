// Scheduling, duplicate detection and lifetime in the pure core.
import { describe, expect, test } from 'vitest';
import { acceptNext, bench, Collector, MINUTE, message, receive, SECOND } from './core-support.ts';

describe('scheduling', () => {
  test('a scheduled message appears at its time under a new sequence number', () => {
    const { queue, clock } = bench();
    const [number] = queue.send([message('later', { scheduledFor: clock.now() + 30 * SECOND })]);
    queue.send([message('now')]);
    expect(receive(queue).ids).toEqual(['now']);
    clock.advance(30 * SECOND);
    const [later] = receive(queue).got;
    expect(later).toMatchObject({ messageId: 'later', state: 'active', enqueuedAt: clock.now() });
    expect(later!.sequenceNumber).toBeGreaterThan(number! + 1);
  });

  test('cancelling works only while scheduled', () => {
    const { queue, clock } = bench();
    const [first, second] = queue.send(['a', 'b'].map((id) => message(id, { scheduledFor: clock.now() + MINUTE })));
    queue.cancelScheduled([first!]);
    clock.advance(MINUTE);
    expect(receive(queue).ids).toEqual(['b']);
    expect(() => queue.cancelScheduled([second!])).toThrow(expect.objectContaining({ condition: 'com.microsoft:message-not-found' }));
  });

  test('a time that has passed means now', () => {
    const { queue, clock } = bench();
    queue.send([message('a', { scheduledFor: clock.now() })]);
    expect(receive(queue).ids).toEqual(['a']);
  });

  test('a waiting session receiver gets a session when its scheduled message is due', () => {
    const { queue, clock } = bench({ requiresSession: true });
    queue.send([message('a', { sessionId: 's', scheduledFor: clock.now() + SECOND })]);
    const waiting = acceptNext(queue, new Collector());
    expect(waiting.attachment).toBeUndefined();
    clock.advance(SECOND);
    expect(waiting.attachment?.sessionId).toBe('s');
  });
});

describe('duplicate detection', () => {
  test('a repeated id is accepted and dropped within the window, consumed or not', () => {
    const { queue, clock } = bench({ requiresDuplicateDetection: true });
    queue.send([message('a'), message('a')]);
    queue.settle(receive(queue).token, { type: 'complete' });
    clock.advance(10 * MINUTE - 1);
    queue.send([message('a')]);
    expect(receive(queue).got).toEqual([]);
    expect(queue.counters).toMatchObject({ sends: 3, duplicatesDropped: 2 });
  });

  test('the window counts from the first sighting and does not slide', () => {
    const { queue, clock } = bench({ requiresDuplicateDetection: true });
    queue.send([message('a')]);
    clock.advance(9 * MINUTE);
    queue.send([message('a')]);
    clock.advance(MINUTE);
    queue.send([message('a')]);
    expect(receive(queue).ids).toEqual(['a', 'a']);
  });

  test('scheduled and cancelled messages count; a duplicate still gets a number', () => {
    const { queue, clock } = bench({ requiresDuplicateDetection: true });
    const later = { scheduledFor: clock.now() + MINUTE };
    const [first, second] = queue.send([message('a', later), message('a', later)]);
    expect(second).not.toBe(first);
    queue.cancelScheduled([first!]);
    queue.send([message('a')]);
    expect(queue.store.size).toBe(0);
  });

  test('only the MessageId counts, not the session', () => {
    const { queue } = bench({ requiresDuplicateDetection: true, requiresSession: true });
    queue.send([message('a', { sessionId: 's' }), message('a', { sessionId: 't' })]);
    expect(queue.store.size).toBe(1);
  });
});

describe('lifetime', () => {
  test('an expired message is deleted, or dead-lettered where the queue says so', () => {
    for (const deadLetteringOnMessageExpiration of [false, true]) {
      const { queue, deadLetters, clock } = bench({ deadLetteringOnMessageExpiration });
      queue.send([message('a', { timeToLive: MINUTE }), message('b')]);
      clock.advance(MINUTE);
      expect(receive(queue).ids).toEqual(['b']);
      const dead = receive(deadLetters).got;
      expect(dead.map((each) => each.changes['DeadLetterReason'])).toEqual(deadLetteringOnMessageExpiration ? ['TTLExpiredException'] : []);
    }
  });

  test("the queue's own lifetime caps the message's", () => {
    const { queue, clock } = bench({ defaultTimeToLiveMs: MINUTE });
    queue.send([message('a', { timeToLive: 5 * MINUTE }), message('b')]);
    expect(queue.peek(1, 2).map((each) => each.timeToLive)).toEqual([MINUTE, MINUTE]);
    clock.advance(MINUTE);
    expect(queue.store.size).toBe(0);
  });

  test('a lock protects from expiry until it ends', () => {
    const { queue, clock } = bench();
    queue.send([message('a', { timeToLive: 30 * SECOND }), message('b', { timeToLive: 30 * SECOND })]);
    const held = receive(queue);
    clock.advance(40 * SECOND);
    queue.settle(held.got[0]!.lock!.token, { type: 'complete' });
    queue.settle(held.got[1]!.lock!.token, { type: 'abandon' });
    expect(queue.counters).toMatchObject({ completes: 1, expirations: 1 });
  });

  test('lifetime counts from activation, and deferred messages expire too', () => {
    const { queue, clock } = bench();
    queue.send([message('a', { timeToLive: MINUTE, scheduledFor: clock.now() + 10 * MINUTE })]);
    clock.advance(10 * MINUTE + 30 * SECOND);
    queue.settle(receive(queue).token, { type: 'defer' });
    expect(queue.store.size).toBe(1);
    clock.advance(30 * SECOND);
    expect(queue.store.size).toBe(0);
  });
});

test('peek shows all states in order, from a number on, by session', () => {
  const { queue, clock } = bench({ requiresSession: true });
  queue.send([
    message('a', { sessionId: 's' }),
    message('b', { sessionId: 't' }),
    message('c', { sessionId: 's', scheduledFor: clock.now() + MINUTE }),
  ]);
  const holder = new Collector();
  queue.acceptSession('s', holder).wake();
  const peek = (...args: [number, number, string?]) => queue.peek(...args).map((each) => each.messageId);
  expect(peek(1, 10)).toEqual(['a', 'b', 'c']);
  expect(peek(2, 10)).toEqual(['b', 'c']);
  expect(peek(1, 1)).toEqual(['a']);
  expect(peek(1, 10, 's')).toEqual(['a', 'c']);
});
