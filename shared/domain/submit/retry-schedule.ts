// When the next submission attempt is due: exponential backoff with jitter that never undercuts Retry-After.

export interface RetrySchedule {
  /** Wait after the first attempt, in milliseconds. */
  initialIntervalMs: number;
  backoffCoefficient: number;
  maximumIntervalMs: number;
}

/** Jitter adds up to this share of the interval, so that mails deferred together don't come back together. */
const JITTER = 0.25;

/** The interval after an attempt (counted from 1), without jitter. */
export function intervalMs(schedule: RetrySchedule, attempt: number): number {
  const exponent = Math.max(0, Math.min(attempt, 64) - 1);
  return Math.min(schedule.maximumIntervalMs, schedule.initialIntervalMs * schedule.backoffCoefficient ** exponent);
}

/** Milliseconds to wait after `attempt`. `random` is in [0, 1). A Retry-After is kept in full, and gets jitter on top. */
export function waitMs(schedule: RetrySchedule, attempt: number, random: number, retryAfterMs = 0): number {
  const interval = intervalMs(schedule, attempt);
  return Math.ceil(Math.max(interval, retryAfterMs) + random * JITTER * interval);
}
