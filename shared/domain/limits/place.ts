// Where in time a mail fits: its minute and its day, by every counter that it is counted in.

import type { Account, LimitName } from './account.ts';
import { BUCKET_MS, bucketOf, type DayCounts, firstFit, startOf, usedIn } from './day-counts.ts';
import { type Cap, EXCHANGE_MESSAGES_PER_MINUTE } from './limit-rules.ts';
import { nextSent, nextTime, PLANNED_WINDOW_MS } from './minute-times.ts';

/** A counter, and what the mail was given in it already. */
export interface Line {
  name: string;
  cap: Cap;
  account: Account;
  hasDay: boolean;
  hasMinute: boolean;
}

export interface Place {
  /** Milliseconds since 1970. */
  at: number;
  limit: LimitName;
  /** Counters whose minutes have room for it then. */
  minutes: readonly string[];
  /** Of these, the ones that give it that time now. */
  newMinutes: readonly string[];
  /** It was put into another bucket, because the day of a counter is full. */
  newDay: boolean;
}

/** Without a time: it has more recipients than a limit, or does not fit within the horizon. */
export type Placed = Place | { at?: undefined; limit: LimitName };

const isApplication = ({ name }: Line): boolean => name.startsWith('application ');
const minuteLimit = (line: Line): LimitName => (isApplication(line) ? 'applicationMessagesPerMinute' : 'messagesPerMinute');
const dayLimit = (line: Line): LimitName => (isApplication(line) ? 'applicationRecipientsPerDay' : 'recipientsPerDay');

/** When the minute of a counter has room. If its time has come and there is none, it gets a new one. */
function minuteOf({ cap, account, hasMinute }: Line, now: number): number {
  const { messagesPerMinute: limit } = cap;
  if (limit === undefined) return now;
  return hasMinute && nextSent(account, limit, now) <= now ? now : nextTime(account, limit, now);
}

/** The first bucket from `from` on in which the day of a counter has room. */
function dayOf({ cap, account, hasDay }: Line, recipients: number, from: number): number | undefined {
  const { recipientsPerDay: limit } = cap;
  if (limit === undefined) return from;
  if (hasDay && usedIn(account.sentDays, from) + recipients <= limit) return from;
  return firstFit([account.plannedDays, account.sentDays], limit, recipients, from);
}

interface Day {
  bucket: number | undefined;
  line: Line | undefined;
}

/** A bucket in which every counter has room, and the counter that decided. */
function dayOfAll(lines: readonly Line[], recipients: number, from: number): Day {
  let found: Day = { bucket: from, line: undefined };
  for (let before: number | undefined = -1; found.bucket !== undefined && found.bucket !== before; ) {
    before = found.bucket;
    for (const line of lines) {
      const bucket = found.bucket === undefined ? undefined : dayOf(line, recipients, found.bucket);
      if (bucket !== found.bucket) found = { bucket, line };
    }
  }
  return found;
}

const countIn = (counts: DayCounts, bucket: number): number => counts.find(([one]) => one === bucket)?.[1] ?? 0;

/** `waiting`: mails that wait, by bucket. */
export function placeFor(lines: readonly Line[], recipients: number, waiting: DayCounts, now: number): Placed {
  const minutes = lines.map((line) => ({ line, at: minuteOf(line, now) }));
  const at = Math.max(...minutes.map((one) => one.at));
  const deciding = minutes.find((one) => one.at === at) as (typeof minutes)[number];
  const day = dayOfAll(lines, recipients, bucketOf(at));
  if (day.bucket === undefined) return { limit: dayLimit(day.line as Line) };
  const kept = minutes.filter(({ line }) => line.hasMinute).map(({ line }) => line.name);
  if (day.bucket === bucketOf(at)) {
    const newMinutes = at > now ? minutes.filter((one) => one.at === at).map(({ line }) => line.name) : [];
    return { at, limit: minuteLimit(deciding.line), minutes: [...new Set([...kept, ...newMinutes])], newMinutes, newDay: false };
  }
  // They come one after the other, as a minute takes them.
  const apartMs = Math.ceil(PLANNED_WINDOW_MS / Math.min(...lines.map(({ cap }) => cap.messagesPerMinute ?? EXCHANGE_MESSAGES_PER_MINUTE)));
  const offset = (countIn(waiting, day.bucket) * apartMs) % (BUCKET_MS - apartMs);
  return { at: startOf(day.bucket) + offset, limit: dayLimit(day.line as Line), minutes: kept, newMinutes: [], newDay: true };
}
