// When a mailbox is due for the reconciler: in every run while a request awaits its copy, else less and less often, and never again a week after the last.
import { after } from '../duration.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** For this long after the registry was touched a mailbox is visited in every run. A touch may be five minutes older than the youngest request, and a copy takes some seconds. */
export const YOUNG_MS = 10 * MINUTE;

/** Time between visits while a request awaits more than the end of its report window, by the time since the registry was touched. */
export const AWAITING_INTERVALS: readonly { youngerThanMs: number; intervalMs: number }[] = [
  { youngerThanMs: 2 * HOUR, intervalMs: 0 },
  { youngerThanMs: DAY + HOUR, intervalMs: 15 * MINUTE },
  { youngerThanMs: Number.POSITIVE_INFINITY, intervalMs: HOUR },
];

/**
 * Otherwise only reports are looked for. Most come at once, the last ones days later: with an interval of a sixth of the age each of them is read
 * when it has taken at most a fifth longer than it did.
 */
export const AGE_PER_INTERVAL = 6;

/** Late reports are still read for a week after the last open request. */
export const FORGET_AFTER_MS = 7 * DAY;

export interface Visited {
  touchedDateTime: string;
  reconciledDateTime?: string;
  /** At the last visit; absent: not known. */
  awaitsMore?: boolean;
  nextDueDateTime?: string;
  /** Reports received up to this time have been read. */
  reportsReadUntil?: string;
}

function intervalOf(age: number, awaitsMore: boolean): number {
  if (age < YOUNG_MS) return 0;
  if (!awaitsMore) return age / AGE_PER_INTERVAL;
  return (AWAITING_INTERVALS.find((row) => age < row.youngerThanMs) as { intervalMs: number }).intervalMs;
}

/** The last visit ended before it had read every report that was there. */
const readsOn = ({ reportsReadUntil, reconciledDateTime }: Visited): boolean =>
  reportsReadUntil !== undefined && reconciledDateTime !== undefined && Date.parse(reportsReadUntil) < Date.parse(reconciledDateTime);

/** Whether a visit is due: its interval is over, or a request has become due since the last visit. */
export function isDue(visited: Visited, nowMs: number): boolean {
  const { touchedDateTime, reconciledDateTime, awaitsMore = true, nextDueDateTime } = visited;
  if (reconciledDateTime === undefined) return true;
  if (nextDueDateTime !== undefined && nextDueDateTime > reconciledDateTime && Date.parse(nextDueDateTime) <= nowMs) return true;
  const age = nowMs - Date.parse(touchedDateTime);
  return nowMs >= Date.parse(reconciledDateTime) + intervalOf(age, awaitsMore || readsOn(visited));
}

/** How often the agenda is compared with all open requests: a version without one may have written some. */
const MEND_EVERY_MS = DAY;

export const isToBeMended = ({ agendaMendedDateTime }: { agendaMendedDateTime?: string }, now: string): boolean =>
  agendaMendedDateTime === undefined || after(agendaMendedDateTime, MEND_EVERY_MS) <= now;

/** Whether the mailbox may be forgotten, its report window being over for a week. */
export const isForgettable = ({ touchedDateTime }: Visited, now: string, reportWindowMs: number): boolean =>
  after(touchedDateTime, FORGET_AFTER_MS + reportWindowMs) < now;
