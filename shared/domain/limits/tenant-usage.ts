// External recipients of the whole tenant in a day. A process takes a block of them at a time, so that not every mail writes this row.
import { BUCKET_MS, bucketOf, counted, type DayCounts, firstFit, roomFrom, startOf, usedIn } from './day-counts.ts';

export interface TenantUsage {
  /** The latest time at which recipients were taken: a clock that jumps back does not lead behind it. Milliseconds since 1970. */
  latest: number;
  /** Recipients that were taken, by the bucket in which they may be used. */
  days: DayCounts;
  waiting: DayCounts;
  /** Until when operators need not be told again that the limit is near. Milliseconds since 1970. */
  toldUntil: number;
}

/** What a process may use in a bucket. What it does not use is lost. */
export interface Block {
  bucket: number;
  recipients: number;
}

export type TakenBlock =
  | { kind: 'taken'; usage: TenantUsage; block: Block }
  /** The mail has its place in the bucket of that time, once this usage is written. */
  | { kind: 'wait'; usage: TenantUsage; at: number }
  | { kind: 'tooLate'; at?: number };

export const EMPTY_TENANT_USAGE: TenantUsage = { latest: 0, days: [], waiting: [], toldUntil: 0 };

/** A block is this part of what is left: then many processes can take one, and little is lost. */
const PART_OF_ROOM = 100;

/** Mails that wait for the same bucket come one after the other, over all mailboxes. */
const APART_MS = 200;

/** `clock` and `until`, the end of the mail's lifetime: milliseconds since 1970. */
export function takeBlock(usage: TenantUsage, limit: number, recipients: number, clock: number, until: number): TakenBlock {
  const latest = Math.max(clock, usage.latest);
  const now = bucketOf(latest);
  const bucket = firstFit([usage.days], limit, recipients, now);
  if (bucket === undefined) return { kind: 'tooLate' };
  if (bucket === now) {
    const taken = Math.max(recipients, Math.floor(roomFrom(usage.days, limit, now) / PART_OF_ROOM));
    return { kind: 'taken', usage: { ...usage, latest, days: counted(usage.days, now, taken, now) }, block: { bucket, recipients: taken } };
  }
  const before = usage.waiting.find(([one]) => one === bucket)?.[1] ?? 0;
  const at = startOf(bucket) + ((before * APART_MS) % (BUCKET_MS - APART_MS));
  if (at >= until) return { kind: 'tooLate', at };
  const [days, waiting] = [counted(usage.days, bucket, recipients, now), counted(usage.waiting, bucket, 1, now)];
  return { kind: 'wait', usage: { ...usage, days, waiting }, at };
}

/** Exchange has said that the day of the tenant is full. */
export function tenantFullAt(usage: TenantUsage, limit: number, time: number): TenantUsage {
  const bucket = bucketOf(time);
  const missing = limit - usedIn(usage.days, bucket);
  return missing > 0 ? { ...usage, days: counted(usage.days, bucket, missing, Math.min(bucket, bucketOf(usage.latest))) } : usage;
}
