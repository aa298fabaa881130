// How far the reports of a mailbox have been read, and where the next visit goes on. Times are RFC 3339.
import { after } from '../duration.ts';

export interface ReportPosition {
  /** Reports received up to this time have been read. */
  reportsReadUntil: string;
  /** The next visit begins here. */
  reportsReadFrom: string;
}

/** Clocks differ and mails are filed late: each visit reads a little of the last one again. Repeated reports are harmless. */
export const OVERLAP_MS = 300_000;
/** Before the first visit we only know when the first mail of the mailbox was accepted. */
const FIRST_MS = 3_600_000;
/** If Graph does not show a mail, it is tried again for this time and then skipped, so that it does not block later mails. */
export const GIVE_UP_MS = 3_600_000;

const earliest = (...times: readonly string[]): string => times.reduce((a, b) => (Date.parse(b) < Date.parse(a) ? b : a));
const latest = (a: string, b: string): string => (Date.parse(a) < Date.parse(b) ? b : a);

/** Where a visit begins. An earlier version knows the first of the two times only, and may have read on with it. */
export function beginOf(known: Partial<ReportPosition>, touchedDateTime: string): string {
  const overlapping = after(known.reportsReadUntil ?? after(touchedDateTime, -FIRST_MS), -OVERLAP_MS);
  return known.reportsReadFrom === undefined ? overlapping : latest(known.reportsReadFrom, overlapping);
}

/**
 * The position of a visit that began at `started` and has read until `readUntil`. What was received long before the visit was filed
 * by then, so a mailbox that is behind is not read again from before its position: it always gets on. `unread`: when the earliest
 * mail came in that could not be read, and is tried again.
 */
export function positionAfter(started: string, readUntil: string, unread?: string): ReportPosition {
  const until = unread === undefined ? readUntil : earliest(readUntil, unread);
  return { reportsReadUntil: until, reportsReadFrom: earliest(until, after(started, -OVERLAP_MS)) };
}
