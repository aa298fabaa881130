// How events leave the outbox.
import { describe, expect, test } from 'vitest';
import {
  batchesOf,
  MAXIMUM_BATCH_BYTES,
  MAXIMUM_BATCH_EVENTS,
  mayBeSetAside,
  mayUnmark,
  pauseMs,
} from '../../../shared/domain/log/outbox-rules.ts';

const row = (count: number, size = 10) => ({ events: Array.from({ length: count }, () => 'x'.repeat(size)) });

describe('a batch', () => {
  test('has whole rows in their order', () => {
    const rows = [row(150), row(60), row(1)];
    expect(batchesOf(rows)).toEqual([[rows[0]], [rows[1], rows[2]]]);
    expect(batchesOf([])).toEqual([]);
  });

  test('has at most so many events and bytes', () => {
    const many = Array.from({ length: 500 }, () => row(1, 3_000));
    for (const batch of batchesOf(many)) {
      expect(batch.length).toBeLessThanOrEqual(MAXIMUM_BATCH_EVENTS);
      expect(JSON.stringify(batch).length).toBeLessThanOrEqual(MAXIMUM_BATCH_BYTES + 100 * batch.length);
    }
    expect(batchesOf(many).flat()).toEqual(many);
  });

  test('counts bytes, not characters', () => {
    const wide = { events: ['ü'.repeat(150_000)] };
    expect(batchesOf([wide, wide])).toHaveLength(2);
  });
});

test('the pause doubles up to five minutes; a longer Retry-After counts, up to an hour', () => {
  expect([1, 2, 3, 20].map((failures) => pauseMs(failures))).toEqual([5_000, 10_000, 20_000, 300_000]);
  expect(pauseMs(1, 60_000)).toBe(60_000);
  expect(pauseMs(1, 86_400_000)).toBe(3_600_000);
});

test('a mark goes when no process relies on it any more', () => {
  const touched = '2026-01-15T08:00:00.000Z';
  expect(mayUnmark(touched, Date.parse('2026-01-15T08:14:00.000Z'))).toBe(false);
  expect(mayUnmark(touched, Date.parse('2026-01-15T08:16:00.000Z'))).toBe(true);
});

test('an event is set aside after a week', () => {
  const since = '2026-01-15T08:00:00.000Z';
  expect(mayBeSetAside(since, Date.parse('2026-01-22T07:00:00.000Z'))).toBe(false);
  expect(mayBeSetAside(since, Date.parse('2026-01-22T09:00:00.000Z'))).toBe(true);
});
