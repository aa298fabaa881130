// Times as people read them: local, with UTC beside it, and how long ago. `now` is given.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const isTime = (text: string | undefined): text is string => text !== undefined && !Number.isNaN(Date.parse(text));

/** `2026-01-31 08:00:00 UTC` */
export const utc = (text: string): string => `${new Date(text).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** In the zone of the reader, who can give another one. */
export function local(text: string, now: number, timeZone?: string): string {
  const at = new Date(text);
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = new Intl.DateTimeFormat('sv-SE', { ...zone, dateStyle: 'short' });
  const time = new Intl.DateTimeFormat('sv-SE', { ...zone, hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const isToday = day.format(at) === day.format(new Date(now));
  return isToday ? time.format(at) : `${day.format(at)} ${time.format(at)}`;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
  ['second', SECOND],
];

/** `3 hours`, of the largest unit that fits. */
export function span(ms: number): string {
  const [name, size] = UNITS.find(([, unit]) => Math.abs(ms) >= unit) ?? ['second', SECOND];
  const count = Math.floor(Math.abs(ms) / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** `3 hours ago`, `in 5 minutes`. */
export function fromNow(text: string, now: number): string {
  const ms = Date.parse(text) - now;
  if (Math.abs(ms) < SECOND) return 'now';
  return ms < 0 ? `${span(ms)} ago` : `in ${span(ms)}`;
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** The value of a field for local times; empty if there is no time. */
export function localInput(text: string | undefined): string {
  if (!isTime(text)) return '';
  const at = new Date(text);
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${day}T${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

/** Such a value as a time in UTC, in whole seconds. */
export const utcOf = (value: string): string | undefined => {
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? undefined : `${at.toISOString().slice(0, 19)}Z`;
};
