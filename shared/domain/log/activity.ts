// How much happens per hour: which events count, the hours that are asked for, and their sums.
import { printable } from '../content/addresses.ts';
import { type Checked, ok, type Problem, refused } from '../content/problem.ts';
import type { EventType, State } from './lifecycle.ts';

/** Requests, except for recipientsFailed. */
export const ACTIVITIES = ['enqueued', 'accepted', 'sent', 'failed', 'recipientsFailed', 'held'] as const;
export type ActivityKind = (typeof ACTIVITIES)[number];
export type ActivityCounts = Record<ActivityKind, number>;

export interface ActivityHour {
  /** Its beginning, milliseconds since 1970. */
  hour: number;
  counts: ActivityCounts;
}

export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MAXIMUM_DAYS = 31;

const COUNTED: { readonly [event in EventType]?: ActivityKind } = {
  enqueued: 'enqueued',
  submissionAccepted: 'accepted',
  draftCreated: 'accepted',
  // Graph's answer was lost, and a look has found the mail.
  foundInMailbox: 'accepted',
  foundInSentItems: 'sent',
  submissionRefused: 'failed',
  lifetimeExpired: 'failed',
  deadLettered: 'failed',
  recipientFailed: 'recipientsFailed',
  submissionHeld: 'held',
  submissionThrottled: 'held',
};

export const noActivity = (): ActivityCounts => ({ enqueued: 0, accepted: 0, sent: 0, failed: 0, recipientsFailed: 0, held: 0 });

/** What one write of the log adds. `status`: after it. A report on the last recipient that was left makes the request `failed`. */
export function activityCountsOf(status: State, events: readonly { type: string }[]): ActivityCounts {
  const counts = noActivity();
  for (const { type } of events) {
    const kind = COUNTED[type as EventType];
    if (kind) counts[kind]++;
  }
  if (status === 'failed' && counts.recipientsFailed > 0) counts.failed++;
  return counts;
}

export function addActivity(to: ActivityCounts, more: ActivityCounts): void {
  for (const kind of ACTIVITIES) to[kind] += more[kind];
}

export const hourOf = (ms: number): number => ms - (ms % HOUR_MS);

/** Every hour of the range, also those in which nothing happened. */
export function sumOfHours(from: number, until: number, rows: readonly ActivityHour[]): ActivityHour[] {
  const hours = new Map<number, ActivityCounts>();
  for (let hour = from; hour < until; hour += HOUR_MS) hours.set(hour, noActivity());
  for (const { hour, counts } of rows) {
    const sum = hours.get(hour);
    if (sum) addActivity(sum, counts);
  }
  return [...hours].map(([hour, counts]) => ({ hour, counts }));
}

/** The query options of activity, for OpenAPI. */
export const ACTIVITY_OPTIONS = {
  from: 'The first hour: a time such as 2026-01-31T08:00:00Z. Without it: a day before `to`',
  to: `The end, exclusive; at most ${MAXIMUM_DAYS} days after \`from\`. Without it: now`,
};

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

const wrong = (message: string): { ok: false; problem: Problem } => refused({ status: 400, code: 'BadRequest', message });

function timeOf(name: string, text: string | undefined, otherwise: number): Checked<number> {
  if (text === undefined) return ok(otherwise);
  const time = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time)
    ? wrong(`Invalid value '${printable(text)}' for ${name}: expected a time such as 2026-01-31T08:00:00Z.`)
    : ok(time);
}

/** Whole hours: the one in which `from` is, until the end of the one in which `to` is. */
export function activityRange(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  nowMs: number,
): Checked<{ from: number; until: number }> {
  const end = timeOf('to', to, nowMs);
  if (!end.ok) return end;
  const begin = timeOf('from', from, end.value - DAY_MS);
  if (!begin.ok) return begin;
  if (begin.value >= end.value) return wrong('from must be before to.');
  if (end.value - begin.value > MAXIMUM_DAYS * DAY_MS) return wrong(`At most ${MAXIMUM_DAYS} days can be asked for at a time.`);
  return ok({ from: hourOf(begin.value), until: hourOf(end.value - 1) + HOUR_MS });
}
