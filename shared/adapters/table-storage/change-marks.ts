// Which mailboxes have changed lately: a row for each, in a partition of its own, which is written before the change itself.
import type { Clock } from '../../ports/clock.ts';
import { CHANGED_PARTITION, encodeKey } from './keys.ts';
import type { Table } from './table.ts';

/** A mark costs a write at most this often per mailbox and process. */
const BUCKET_MS = 5 * 60_000;

/** Twelve digits keep buckets in order as text. */
const bucketOf = (ms: number): string => String(Math.floor(ms / BUCKET_MS)).padStart(12, '0');

/**
 * A process whose clock is behind may put back another's mark, and so may a write that lands late; both by less than a bucket. So whoever
 * reads them looks one bucket further back.
 */
export const marksSince = (fromMs: number): string =>
  `PartitionKey eq '${CHANGED_PARTITION}' and bucket ge '${bucketOf(Math.max(0, fromMs - BUCKET_MS))}'`;

export class ChangeMarks {
  readonly #table: Table;
  readonly #clock: Clock;
  /** Of the mailboxes that this process marks, or has marked, in the bucket. */
  #marks = new Map<string, Promise<void>>();
  #bucket = '';

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  /**
   * The time for a write that is sent at once. The mailbox is marked for it first: if the process dies in between, a mailbox is read for
   * nothing; the other way round a change would be missed.
   */
  async stamp(mailbox: string): Promise<number> {
    for (;;) {
      const bucket = bucketOf(this.#clock.now());
      if (bucket !== this.#bucket) {
        this.#bucket = bucket;
        this.#marks = new Map();
      }
      await (this.#marks.get(mailbox) ?? this.#mark(mailbox, bucket));
      const now = this.#clock.now();
      if (bucketOf(now) === bucket) return now;
    }
  }

  async #mark(mailbox: string, bucket: string): Promise<void> {
    const marks = this.#marks;
    const row = { partitionKey: CHANGED_PARTITION, rowKey: encodeKey(mailbox), mailbox, bucket };
    const mark = this.#table.upsert(row).then(() => undefined);
    marks.set(mailbox, mark);
    try {
      await mark;
    } catch (error) {
      marks.delete(mailbox);
      throw error;
    }
  }
}
