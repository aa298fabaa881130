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

function nextCopyLook({ acceptedDateTime, copyLooks, reportWindowEnds }: SendRequestRecord): string | undefined {
  const afterMs = COPY_LOOKS_MS[copyLooks ?? 0];
  if (acceptedDateTime === undefined || afterMs === undefined) return reportWindowEnds;
  const look = after(acceptedDateTime, afterMs);
  return reportWindowEnds !== undefined && reportWindowEnds < look ? reportWindowEnds : look;
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
      return record.claim?.callsUntil ?? record.lastModifiedDateTime;
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
