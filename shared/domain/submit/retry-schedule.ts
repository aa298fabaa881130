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

/**
 * Milliseconds of a Retry-After value: seconds (Graph sends decimals, such as 2.128) or an HTTP date (RFC 9110 section 10.2.3).
 * A date in the past is 0; what cannot be read is undefined.
 */
export function retryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
