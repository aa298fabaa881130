// NCRONTAB, and when a timer function is run: on the clock of the test.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TimerFunction } from '../../emulators/functions-host/function-table.ts';
import { parseSchedule } from '../../emulators/functions-host/timer/ncrontab.ts';
import { TimerListener } from '../../emulators/functions-host/timer/timer-listener.ts';

const next = (expression: string, after: string) => parseSchedule(expression).next(new Date(after)).toISOString();

describe('schedules', () => {
  test.each([
    ['0 * * * * *', '2026-03-01T10:00:00Z', '2026-03-01T10:01:00.000Z'],
    ['*/5 * * * * *', '2026-03-01T10:00:03Z', '2026-03-01T10:00:05.000Z'],
    ['0 0 9-17/4 * * MON-FRI', '2026-03-01T10:00:00Z', '2026-03-02T09:00:00.000Z'],
    ['*/15 * * * *', '2026-03-01T10:01:00Z', '2026-03-01T10:15:00.000Z'],
    ['00:00:30', '2026-03-01T10:00:03Z', '2026-03-01T10:00:33.000Z'],
  ])('%s after %s is %s, in UTC', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });
  test('day of month and day of week must both fit', () => {
    expect(next('0 0 0 13 * FRI', '2026-03-14T00:00:00Z')).toBe('2026-11-13T00:00:00.000Z');
  });
  test.each(['@hourly', '0 0 L * *', '0 0 0 * * 1#1', '? * * * * *', '* * *', '60 * * * * *', 'never', '0 0 0 31 2 *'])(
    '%s is no schedule',
    (expression) => {
      expect(() => parseSchedule(expression)).toThrow('was not recognized as a valid cron expression');
    },
  );
});

describe('the listener', () => {
  const target: TimerFunction = { name: 't', binding: 'b', type: 'timerTrigger', schedule: '', runOnStartup: false, useMonitor: true };
  let listener: TimerListener | undefined;

  beforeEach(() => {
    vi.useFakeTimers({ now: new Date('2026-03-01T10:00:00Z') });
  });
  afterEach(() => {
    listener?.stop();
    vi.useRealTimers();
  });

  /** Starts runs that end when the test says so; gives the times at which they began. */
  function start(expression: string) {
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const infos: { ScheduleStatus: { Last: string } | null }[] = [];
    const invoke = (data: { json?: string }) => {
      begun.push(new Date().toISOString().slice(11, 19));
      infos.push(JSON.parse(data.json!));
      return new Promise<void>((resolve) => ends.push(resolve));
    };
    listener = new TimerListener({ target, schedule: parseSchedule(expression), invoke });
    listener.start();
    return { begun, ends, infos };
  }

  test('a run that takes longer than the interval never overlaps with the next, which follows at once', async () => {
    const { begun, ends } = start('*/10 * * * * *');
    await vi.advanceTimersByTimeAsync(35_000);
    expect(begun).toEqual(['10:00:10']);
    ends[0]!();
    await vi.advanceTimersByTimeAsync(1);
    expect(begun).toEqual(['10:00:10', '10:00:35']);
    ends[1]!();
    await vi.advanceTimersByTimeAsync(5000);
    expect(begun).toEqual(['10:00:10', '10:00:35', '10:00:40']);
  });
  test('the schedule status tells when the last run was', async () => {
    const { ends, infos } = start('0 */5 * * * *');
    await vi.advanceTimersByTimeAsync(300_000);
    ends[0]!();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(infos.map((info) => info.ScheduleStatus?.Last)).toEqual(['0001-01-01T00:00:00+00:00', '2026-03-01T10:05:00.000Z']);
  });
  test('a wait of months is not cut short by the longest delay of a timer', async () => {
    const { begun } = start('0 0 0 1 6 *');
    await vi.advanceTimersByTimeAsync(91 * 86_400_000);
    expect(begun).toEqual([]);
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(begun).toEqual(['00:00:00']);
  });
});
