// When a mailbox is due for the reconciler: often while its requests are young, seldom later, and never again a week after the last.
import { after } from '../duration.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Time between visits by the age of the youngest open request. The registry is touched hourly, so an hour is added to each age. */
export const VISIT_INTERVALS: readonly { youngerThanMs: number; intervalMs: number }[] = [
  { youngerThanMs: 2 * HOUR, intervalMs: 0 },
  { youngerThanMs: DAY + HOUR, intervalMs: 15 * MINUTE },
  { youngerThanMs: Number.POSITIVE_INFINITY, intervalMs: HOUR },
];

/** Late reports are still read for a week after the last open request. */
export const FORGET_AFTER_MS = 7 * DAY;

export interface Visited {
  touchedDateTime: string;
  reconciledDateTime?: string;
}

/** Whether a visit is due: every run, every quarter of an hour, or hourly. */
export function isDue({ touchedDateTime, reconciledDateTime }: Visited, nowMs: number): boolean {
  if (reconciledDateTime === undefined) return true;
  const age = nowMs - Date.parse(touchedDateTime);
  const { intervalMs } = VISIT_INTERVALS.find((row) => age < row.youngerThanMs) as { intervalMs: number };
  return nowMs >= Date.parse(reconciledDateTime) + intervalMs;
}

/** Whether the mailbox may be forgotten, its report window being over for a week. */
export const isForgettable = ({ touchedDateTime }: Visited, now: string, reportWindowMs: number): boolean =>
  after(touchedDateTime, FORGET_AFTER_MS + reportWindowMs) < now;
