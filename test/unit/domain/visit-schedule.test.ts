// When a mailbox is visited, and when it is forgotten.

import { describe, expect, test } from 'vitest';
import { FORGET_AFTER_MS, isDue, isForgettable } from '../../../shared/domain/reconcile/visit-schedule.ts';

const TOUCHED = Date.UTC(2026, 0, 15, 8, 0, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const iso = (ms: number): string => new Date(ms).toISOString();
const visited = (age: number, ago: number) =>
  isDue({ touchedDateTime: iso(TOUCHED), reconciledDateTime: iso(TOUCHED + age - ago) }, TOUCHED + age);

describe('a mailbox is due', () => {
  test('at once where it was never visited', () => {
    expect(isDue({ touchedDateTime: iso(TOUCHED) }, TOUCHED)).toBe(true);
  });

  test('in every run while its youngest request is less than an hour old, the hour between two touches added', () => {
    expect(visited(0, 0)).toBe(true);
    expect(visited(2 * HOUR - 1, 1)).toBe(true);
  });

  test('each quarter of an hour in the first day', () => {
    expect(visited(2 * HOUR, 15 * MINUTE - 1)).toBe(false);
    expect(visited(2 * HOUR, 15 * MINUTE)).toBe(true);
    expect(visited(DAY + HOUR - 1, 15 * MINUTE)).toBe(true);
  });

  test('hourly then', () => {
    expect(visited(DAY + HOUR, HOUR - 1)).toBe(false);
    expect(visited(5 * DAY, HOUR)).toBe(true);
  });
});

test('a mailbox is forgotten a week after the report window of its last request', () => {
  const window = 3 * DAY;
  const at = (ms: number) => isForgettable({ touchedDateTime: iso(TOUCHED) }, iso(TOUCHED + ms), window);
  expect(FORGET_AFTER_MS).toBe(7 * DAY);
  expect(at(window + 7 * DAY)).toBe(false);
  expect(at(window + 7 * DAY + 1)).toBe(true);
});
