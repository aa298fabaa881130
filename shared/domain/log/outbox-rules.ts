// How events leave the outbox: how many at a time, when again after a failure, and when a mailbox's mark may go.

/**
 * Event Grid takes 1 MB in a request, and 5,000 events on a custom topic, 1,000 on a namespace topic. It meters each event in steps of 64 KB.
 * https://learn.microsoft.com/azure/event-grid/quotas-limits
 */
export const MAXIMUM_BATCH_EVENTS = 200;
export const MAXIMUM_BATCH_BYTES = 400_000;

interface Row {
  events: readonly unknown[];
}

const bytesOf = (row: Row): number => new TextEncoder().encode(JSON.stringify(row.events)).length;

/** Rows stay whole and in order. A row is never larger than a request may be. */
export function batchesOf<R extends Row>(rows: readonly R[]): R[][] {
  const batches: { rows: R[]; events: number; bytes: number }[] = [];
  for (const row of rows) {
    const bytes = bytesOf(row);
    const events = row.events.length;
    const last = batches.at(-1);
    if (last && last.events + events <= MAXIMUM_BATCH_EVENTS && last.bytes + bytes <= MAXIMUM_BATCH_BYTES) {
      last.rows.push(row);
      last.events += events;
      last.bytes += bytes;
    } else batches.push({ rows: [row], events, bytes });
  }
  return batches.map((batch) => batch.rows);
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

/** How long nothing is published after so many failures in a row, 1 or more. What the topic asks for counts if it is longer, within an hour. */
export function pauseMs(failures: number, retryAfterMs = 0): number {
  const own = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
  return Math.max(own, Math.min(retryAfterMs, 3_600_000));
}

/**
 * A process that has touched a mark relies on it for five minutes. The rest is for the clocks of instances, which differ, and for a write
 * that is slow.
 */
const MARK_LASTS_MS = 15 * 60_000;

/** `touchedDateTime`: RFC 3339. */
export const mayUnmark = (touchedDateTime: string, nowMs: number): boolean => Date.parse(touchedDateTime) + MARK_LASTS_MS < nowMs;

/** How long an event that is refused even without its details makes the later events of its request wait: operators have heard of it for long. */
const REFUSED_FOR_MS = 7 * 24 * 3_600_000;

/** `since`: RFC 3339. */
export const mayBeSetAside = (since: string, nowMs: number): boolean => Date.parse(since) + REFUSED_FOR_MS < nowMs;
