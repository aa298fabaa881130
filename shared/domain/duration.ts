// ISO 8601 durations, as settings have them, in milliseconds.
import { parse } from 'tinyduration';

const DAY = 86_400_000;

/** Milliseconds of an ISO 8601 duration such as `PT30S` or `P2D`. Throws on anything else, on months and years, and on negative ones. */
export function durationMs(text: string): number {
  const d = parse(text);
  if (d.negative || d.years || d.months) throw new Error(`"${text}" has no fixed length: use days, hours, minutes or seconds`);
  const weeks = (d.weeks ?? 0) * 7 * DAY;
  return weeks + (d.days ?? 0) * DAY + (d.hours ?? 0) * 3_600_000 + (d.minutes ?? 0) * 60_000 + Math.round((d.seconds ?? 0) * 1000);
}

/** The time `ms` after an RFC 3339 time. */
export const after = (dateTime: string, ms: number): string => new Date(Date.parse(dateTime) + ms).toISOString();

const UNITS: readonly [string, number][] = [
  ['day', DAY],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** A duration for people, in the largest unit that has a whole number of it: `3 days`, `1 hour`, `90 minutes`. */
export function inWords(ms: number): string {
  const [unit, size] = UNITS.find(([, one]) => ms >= one && ms % one === 0) ?? ['second', 1000];
  const count = Math.round(ms / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
