// When the reconciler has to look at an open request by itself.
import { after } from './duration.ts';
import type { SendRequestRecord } from './send-request.ts';

/** A request whose next time has passed by this much needs attention. */
export const OVERDUE_MS = 600_000;

/** How long the worker has to expire a request by itself before the reconciler does. */
export const WORKER_EXPIRES_WITHIN_MS = 3_600_000;

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
      return record.status === 'accepted' || record.status === 'sent' ? record.reportWindowEnds : undefined;
    default:
      return undefined;
  }
}
