// When a mailbox is visited, and when it is forgotten.

import { describe, expect, test } from 'vitest';
import { FORGET_AFTER_MS, isDue, isForgettable, isToBeMended } from '../../../shared/domain/reconcile/visit-schedule.ts';

const TOUCHED = Date.UTC(2026, 0, 15, 8, 0, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const iso = (ms: number): string => new Date(ms).toISOString();
const visited = (age: number, ago: number, awaitsMore?: boolean) =>
  isDue(
    { touchedDateTime: iso(TOUCHED), reconciledDateTime: iso(TOUCHED + age - ago), ...(awaitsMore !== undefined && { awaitsMore }) },
    TOUCHED + age,
  );

describe('a mailbox is due', () => {
  test('at once where it was never visited', () => {
    expect(isDue({ touchedDateTime: iso(TOUCHED) }, TOUCHED)).toBe(true);
  });

  test('in every run for ten minutes after a touch, which may be five minutes older than its youngest request', () => {
    expect(visited(0, 0, false)).toBe(true);
    expect(visited(10 * MINUTE - 1, 1, false)).toBe(true);
    expect(visited(10 * MINUTE, MINUTE, false)).toBe(false);
  });

  test.each([[true], [undefined]])(
    'in every run for two hours, and then seldom, while a request awaits more than its report window (%s)',
    (awaits) => {
      expect(visited(2 * HOUR - 1, 1, awaits)).toBe(true);
      expect(visited(2 * HOUR, 15 * MINUTE - 1, awaits)).toBe(false);
      expect(visited(2 * HOUR, 15 * MINUTE, awaits)).toBe(true);
      expect(visited(DAY + HOUR - 1, 15 * MINUTE, awaits)).toBe(true);
      expect(visited(DAY + HOUR, HOUR - 1, awaits)).toBe(false);
      expect(visited(5 * DAY, HOUR, awaits)).toBe(true);
    },
  );

  test('after a sixth of its age otherwise', () => {
    expect(visited(HOUR, 10 * MINUTE - 1, false)).toBe(false);
    expect(visited(HOUR, 10 * MINUTE, false)).toBe(true);
    expect(visited(6 * DAY, DAY - 1, false)).toBe(false);
    expect(visited(6 * DAY, DAY, false)).toBe(true);
  });

  test('when what was not due at the last visit is due', () => {
    const at = (nextDue: number) =>
      isDue(
        {
          touchedDateTime: iso(TOUCHED),
          reconciledDateTime: iso(TOUCHED + DAY),
          awaitsMore: false,
          nextDueDateTime: iso(TOUCHED + nextDue),
        },
        TOUCHED + DAY + HOUR,
      );
    expect(at(DAY + HOUR)).toBe(true);
    expect(at(DAY + HOUR + 1)).toBe(false);
    expect(at(DAY)).toBe(false);
  });
});

test('a visit that ended before it had read every report is followed by the next one as soon as while a request awaits its copy', () => {
  const visited = TOUCHED + HOUR;
  const at = (readUntil: number | undefined, now: number) =>
    isDue(
      {
        touchedDateTime: iso(TOUCHED),
        reconciledDateTime: iso(visited),
        awaitsMore: false,
        ...(readUntil !== undefined && { reportsReadUntil: iso(readUntil) }),
      },
      now,
    );
  expect(at(visited - 1, visited)).toBe(true);
  expect(at(visited, visited)).toBe(false);
  expect(at(undefined, visited)).toBe(false);
});

test('the agenda is compared with all open requests once a day', () => {
  const mended = { agendaMendedDateTime: iso(TOUCHED) };
  expect(isToBeMended({}, iso(TOUCHED))).toBe(true);
  expect(isToBeMended(mended, iso(TOUCHED + DAY - 1))).toBe(false);
  expect(isToBeMended(mended, iso(TOUCHED + DAY))).toBe(true);
});

test('a mailbox is forgotten a week after the report window of its last request', () => {
  const window = 3 * DAY;
  const at = (ms: number) => isForgettable({ touchedDateTime: iso(TOUCHED) }, iso(TOUCHED + ms), window);
  expect(FORGET_AFTER_MS).toBe(7 * DAY);
  expect(at(window + 7 * DAY)).toBe(false);
  expect(at(window + 7 * DAY + 1)).toBe(true);
});
