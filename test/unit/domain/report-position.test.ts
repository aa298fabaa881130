// How far reports have been read, and where the next visit goes on: nothing is left out, and a mailbox that is behind gets on.
import { describe, expect, test } from 'vitest';
import { beginOf, positionAfter } from '../../../shared/domain/reconcile/report-position.ts';

const at = (minutes: number): string => new Date(Date.parse('2026-01-15T09:00:00.000Z') + minutes * 60_000).toISOString();

describe('a visit begins', () => {
  test('an hour before the first mail, and a little earlier, if nothing is known', () => {
    expect(beginOf({}, at(0))).toBe(at(-65));
  });
  test('a little before what was read', () => {
    expect(beginOf({ reportsReadUntil: at(0) }, at(-99))).toBe(at(-5));
    expect(beginOf({ reportsReadUntil: at(0), reportsReadFrom: at(-5) }, at(-99))).toBe(at(-5));
  });
  test('at the very position of a mailbox that is behind', () => {
    expect(beginOf({ reportsReadUntil: at(0), reportsReadFrom: at(0) }, at(-99))).toBe(at(0));
  });
  test('where an earlier version, which knows no such position, has read on', () => {
    expect(beginOf({ reportsReadUntil: at(60), reportsReadFrom: at(0) }, at(-99))).toBe(at(55));
  });
});

describe('the position after a visit', () => {
  test('that has read all is a little before its beginning: mails may be filed late', () => {
    expect(positionAfter(at(10), at(10))).toEqual({ reportsReadUntil: at(10), reportsReadFrom: at(5) });
  });
  test('that was cut is the last mail that it read, if that came in long ago', () => {
    expect(positionAfter(at(60), at(20))).toEqual({ reportsReadUntil: at(20), reportsReadFrom: at(20) });
    expect(positionAfter(at(60), at(58))).toEqual({ reportsReadUntil: at(58), reportsReadFrom: at(55) });
  });
  test('is not beyond a mail that could not be read', () => {
    expect(positionAfter(at(60), at(60), at(30))).toEqual({ reportsReadUntil: at(30), reportsReadFrom: at(30) });
    expect(positionAfter(at(60), at(20), at(30))).toEqual({ reportsReadUntil: at(20), reportsReadFrom: at(20) });
  });
  test('compares times, in whatever precision they are written', () => {
    expect(positionAfter(at(60), '2026-01-15T09:20:00Z', '2026-01-15T09:20:00.000Z').reportsReadUntil).toBe('2026-01-15T09:20:00Z');
  });
});
