// When message trace is read, how far back, and what its status values mean for a recipient.
import { after } from '../duration.ts';
import type { RecipientEvent } from '../log/lifecycle.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Graph allows 100 requests in five minutes. We use half of them, so that others can use the rest. */
const REQUESTS = 50;
const PERIOD_MS = 5 * MINUTE;
/** A query may span ten days. */
const LONGEST_MS = 9 * DAY;

/** Rows appear minutes late; what a row says changes for hours, and for days where a mail waits or is released from quarantine. */
const LATE_MS = 30 * MINUTE;
const AGAIN: readonly { everyMs: number; backMs: number }[] = [
  { everyMs: HOUR, backMs: DAY },
  { everyMs: 12 * HOUR, backMs: LONGEST_MS },
];

export const isTraceDue = (readUntil: string | undefined, now: string, mailboxes: number): boolean =>
  readUntil === undefined || after(readUntil, PERIOD_MS * Math.max(1, Math.ceil(mailboxes / REQUESTS))) <= now;

/** `oldestOpen`: when the oldest mail whose report window is open was accepted, if any is. */
export function traceWindow(readUntil: string | undefined, now: string, oldestOpen?: string): { since: string; until: string } {
  const oldest = oldestOpen ?? after(now, -LONGEST_MS);
  const crosses = (everyMs: number) => Math.floor(Date.parse(now) / everyMs) > Math.floor(Date.parse(readUntil ?? now) / everyMs);
  const last = after(readUntil ?? oldest, -LATE_MS);
  const backs = AGAIN.filter(({ everyMs }) => crosses(everyMs)).map(({ backMs }) => after(now, -backMs));
  const wanted = [last, ...backs.map((back) => (back > oldest ? back : after(oldest, -LATE_MS)))].sort()[0] as string;
  const earliest = after(now, -LONGEST_MS);
  return { since: wanted > earliest ? wanted : earliest, until: now };
}

const EVENTS: Readonly<Record<string, RecipientEvent>> = {
  delivered: 'recipientDelivered',
  failed: 'recipientFailed',
  expanded: 'recipientExpanded',
  quarantined: 'recipientQuarantined',
  filteredAsSpam: 'recipientFilteredAsSpam',
};

/** Undefined if the outcome is not known yet, or we do not know the status. Even then the row proves that Exchange has the mail. */
export const traceEvent = (status: string): RecipientEvent | undefined => EVENTS[status];
