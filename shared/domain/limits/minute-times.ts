// Mails of a minute: the times of the last ones, so that the next time is exact for every window, also for mail that waits for its time.

export interface MinuteTimes {
  /** When mails were submitted, the latest last. Milliseconds since 1970. */
  sent: readonly number[];
  /** When they were to be submitted: at once, or at the time that they were given. A time may lie ahead. */
  planned: readonly number[];
}

/** As many times are kept as Exchange takes in a minute, whatever the limit is now: a policy may raise it. */
const KEPT = 30;

/** From the claim, which is what we count, to Graph's receipt it is some time, and not always the same. */
export const SENT_WINDOW_MS = 62_000;

/** Mail that was given a time comes a little late: with so much room it still fits when it comes. */
export const PLANNED_WINDOW_MS = 66_000;

const withTime = (times: readonly number[], time: number): readonly number[] => [...times, time].slice(-KEPT);

/** When a window has room for one more, by the times that there are. */
function next(times: readonly number[], limit: number, windowMs: number, now: number): number {
  const first = times[times.length - limit];
  return first === undefined ? now : Math.max(now, first + windowMs);
}

/** When a mail whose time has come may go. */
export const nextSent = ({ sent }: MinuteTimes, limit: number, now: number): number => next(sent, limit, SENT_WINDOW_MS, now);

/** When a mail may go that has no time yet: at once, or behind those that wait, one after the other. */
export function nextTime(times: MinuteTimes, limit: number, now: number): number {
  const { planned } = times;
  const time = Math.max(next(planned, limit, PLANNED_WINDOW_MS, now), nextSent(times, limit, now));
  const last = planned.at(-1) ?? 0;
  return time <= now && last <= now ? now : Math.max(time, last + Math.ceil(PLANNED_WINDOW_MS / limit));
}

export const submittedAt = ({ sent, planned }: MinuteTimes, time: number): MinuteTimes => ({ sent: withTime(sent, time), planned });

export const plannedFor = ({ sent, planned }: MinuteTimes, time: number): MinuteTimes => ({ sent, planned: withTime(planned, time) });

/** Submitted in the minute before `now`. */
export const sentLately = ({ sent }: MinuteTimes, now: number): number => sent.filter((time) => time > now - 60_000).length;
