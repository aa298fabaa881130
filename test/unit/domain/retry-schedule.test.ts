// When the next submission attempt is due.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intervalMs, type RetrySchedule, waitMs } from '../../../shared/domain/submit/retry-schedule.ts';

const DEFAULT: RetrySchedule = { initialIntervalMs: 30_000, backoffCoefficient: 2, maximumIntervalMs: 3_600_000 };

const schedules = fc.record({
  initialIntervalMs: fc.integer({ min: 100, max: 600_000 }),
  backoffCoefficient: fc.double({ min: 1, max: 10, noNaN: true }),
  maximumIntervalMs: fc.integer({ min: 600_000, max: 86_400_000 }),
});
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the interval after an attempt', () => {
  test('doubles from half a minute up to an hour', () => {
    const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempt) => intervalMs(DEFAULT, attempt) / 1000);
    expect(seconds).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
  });

  test('is the first one where no attempt counts, and finite however many there were', () => {
    expect(intervalMs(DEFAULT, 0)).toBe(30_000);
    expect(intervalMs({ ...DEFAULT, backoffCoefficient: 10 }, 1_000_000)).toBe(3_600_000);
  });
});

describe('the wait', () => {
  test('is never shorter than the interval, never longer than a quarter more', () => {
    fc.assert(
      fc.property(schedules, fc.integer({ min: 1, max: 200 }), chance, (schedule, attempt, random) => {
        const interval = intervalMs(schedule, attempt);
        const wait = waitMs(schedule, attempt, random);
        expect(wait).toBeGreaterThanOrEqual(interval);
        expect(wait).toBeLessThanOrEqual(Math.ceil(interval * 1.25));
      }),
      { seed: 1 },
    );
  });

  test('never undercuts Retry-After', () => {
    fc.assert(
      fc.property(
        schedules,
        fc.integer({ min: 1, max: 200 }),
        chance,
        fc.integer({ min: 0, max: 86_400_000 }),
        (schedule, attempt, random, ms) => {
          expect(waitMs(schedule, attempt, random, ms)).toBeGreaterThanOrEqual(ms);
        },
      ),
      { seed: 2 },
    );
  });

  test('spreads mails that were told the same Retry-After', () => {
    const waits = [0, 0.25, 0.5, 0.75].map((random) => waitMs(DEFAULT, 1, random, 120_000));
    expect(waits).toEqual([120_000, 121_875, 123_750, 125_625]);
  });
});
