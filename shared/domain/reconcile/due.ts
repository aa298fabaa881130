// When the reconciler must look at an open request.
import { after } from '../duration.ts';
import type { SendRequestRecord } from '../log/send-request.ts';

/** A request whose next time has passed by this much needs attention. */
export const OVERDUE_MS = 600_000;

/** If the mailbox cannot be read: how long after the end of its lifetime the worker goes on looking for a mail in doubt. */
export const LOOKS_ON_MS = 1_800_000;

/** How long the worker has to expire a request by itself before the reconciler does. */
export const WORKER_EXPIRES_WITHIN_MS = 3_600_000;

/**
 * If Sent Items has not shown the copy of an accepted mail: when, after the acceptance, the mailbox is searched for it. A rule or a person
 * may have moved or deleted it. The searches are few, and the last one is at the end of the report window.
 */
export const COPY_LOOKS_MS: readonly number[] = [10 * 60_000, 3_600_000, 6 * 3_600_000, 24 * 3_600_000];

/** How much earlier the first search for a copy may come if the request then keeps its place on the agenda. */
const EARLIER_MS = 60_000;

/**
 * The place on the agenda that a request had before its claim. It keeps this place from its creation until it is accepted, if it is accepted
 * soon: a place that changes costs two rows more in the transaction. Undefined for a claim of an earlier version.
 */
const placeBeforeClaim = ({ claim }: SendRequestRecord): string | undefined =>
  claim?.dueDateTime === undefined ? undefined : after(claim.dueDateTime, OVERDUE_MS);

function nextCopyLook(record: SendRequestRecord): string | undefined {
  const { acceptedDateTime, copyLooks = 0, reportWindowEnds } = record;
  const afterMs = COPY_LOOKS_MS[copyLooks];
  if (acceptedDateTime === undefined || afterMs === undefined) return reportWindowEnds;
  const look = after(acceptedDateTime, afterMs);
  if (reportWindowEnds !== undefined && reportWindowEnds < look) return reportWindowEnds;
  const place = copyLooks === 0 ? placeBeforeClaim(record) : undefined;
  return place !== undefined && place <= look && place >= after(look, -EARLIER_MS) ? place : look;
}

/**
 * Whether an open request awaits more than the end of its report window: an attempt, an outcome or its copy. For such requests the
 * reconciler visits a mailbox often.
 */
export function awaitsMore(record: SendRequestRecord): boolean {
  if (dueOf(record) === undefined) return false;
  if (record.status === 'sent') return record.copyToRemove === true;
  return record.status !== 'accepted' || (record.copyLooks ?? 0) < COPY_LOOKS_MS.length;
}

/** A mail that failed before its copy was seen: a copy that the caller did not want is searched for, to be removed. */
export const seeksUnwantedCopy = ({ status, saveToSentItems, copyId, acceptedDateTime, copyLooks = 0 }: SendRequestRecord): boolean =>
  status === 'failed' && !saveToSentItems && copyId === undefined && acceptedDateTime !== undefined && copyLooks < COPY_LOOKS_MS.length;

/** RFC 3339; undefined for a request that is settled. In doubt and with a copy to remove: at once, in every run. */
export function dueOf(record: SendRequestRecord): string | undefined {
  switch (record.status) {
    case 'queued':
    case 'deferred':
      return after(record.nextAttemptDateTime ?? record.createdDateTime, OVERDUE_MS);
    case 'submitting':
      // A worker that has died is noticed a grace after `callsUntil`, if its queue message has not come again before.
      return placeBeforeClaim(record) ?? record.claim?.callsUntil ?? record.lastModifiedDateTime;
    case 'inDoubt':
      return record.doubt?.since ?? record.lastModifiedDateTime;
    case 'accepted':
    case 'sent':
    case 'closed':
    case 'failed':
      if (record.copyToRemove) return record.lastModifiedDateTime;
      if (record.status === 'accepted' || seeksUnwantedCopy(record)) return nextCopyLook(record);
      return record.status === 'sent' ? record.reportWindowEnds : undefined;
    default:
      return undefined;
  }
}
