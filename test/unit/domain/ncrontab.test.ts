// Schedules of timers: what is one, and how long the reconciler is silent between two runs at most.
import { CronExpressionParser } from 'cron-parser';
import { describe, expect, test } from 'vitest';
import { longestGapMinutes, parseNcrontab } from '../../../shared/domain/reconcile/ncrontab.ts';

const gapOf = (text: string): number | undefined => {
  const schedule = parseNcrontab(text);
  return schedule && longestGapMinutes(schedule);
};

test.each([
  ['* * * * * *', 1],
  ['0 * * * * *', 1],
  ['*/30 */2 * * * *', 2],
  ['0 */5 * * * *', 5],
  ['0 0,20,25 * * * *', 35],
  ['0 7-9 * * * *', 58],
  ['0 0 */1 1-31 jan-dec Sunday-Saturday', 60],
  ['0 10/20 * * * *', 20],
  ['0 0 0 * * *', Infinity],
  ['0 * * * * mon-fri', Infinity],
  ['0 * 8-18 * * *', Infinity],
])('%s is silent for %s minutes at most', (text, minutes) => {
  expect(gapOf(text)).toBe(minutes);
});

test.each([
  '',
  '* * * * *',
  '0 99 * * * *',
  '0 * 24 * * *',
  '0 * * 0 * *',
  '0 * * * 13 *',
  '0 * * * * 7',
  '0 5-1 * * * *',
  '0 */0 * * * *',
  '0 *-5 * * * *',
  '0 , * * * *',
  '0 x * * * *',
  '0 * * * * feb',
  '0 1- * * * *',
])('"%s" is no schedule', (text) => {
  expect(parseNcrontab(text)).toBeUndefined();
});

describe('another reader of schedules', () => {
  test.each(['0 */7 * * * *', '15,45 3-50/9 * * * *', '0 0,1,58 * * * *', '30 59 * * * *'])('finds the same gap in %s', (text) => {
    const times = CronExpressionParser.parse(text, { currentDate: '2026-01-15T00:00:00Z', tz: 'UTC' });
    const minutes = new Set(Array.from({ length: 400 }, () => Math.floor(times.next().getTime() / 60_000)));
    const sorted = [...minutes].sort((a, b) => a - b);
    expect(gapOf(text)).toBe(Math.max(...sorted.slice(1).map((minute, index) => minute - (sorted[index] as number))));
  });
});
