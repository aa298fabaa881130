// Which mailboxes have changed lately, and in which something needs a person: small rows that are written before the change itself.
import { type AttentionKind, attentionOf } from '../../domain/log/attention.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { Clock } from '../../ports/clock.ts';
import { ATTENTION_PARTITION, CHANGED_PARTITION, encodeKey } from './keys.ts';
import { OncePerBucket } from './once-per-bucket.ts';
import type { Table } from './table.ts';

/** A mark costs a write at most this often per mailbox and process. */
const CHANGED_MS = 5 * 60_000;
const ATTENTION_MS = 3_600_000;

/** Twelve digits keep them in order as text. */
const bucketText = (bucket: number): string => String(bucket).padStart(12, '0');

/**
 * A process whose clock is behind may put back another's mark, and so may a write that lands late; both by less than a bucket. So whoever
 * reads them looks one bucket further back.
 */
export const changedSince = (fromMs: number): string =>
  `PartitionKey eq '${CHANGED_PARTITION}' and bucket ge '${bucketText(Math.floor(Math.max(0, fromMs - CHANGED_MS) / CHANGED_MS))}'`;

export const attentionSince = (fromMs: number): string =>
  `PartitionKey eq '${ATTENTION_PARTITION}' and bucket ge '${bucketText(Math.floor(fromMs / ATTENTION_MS))}'`;

/** A mark is there before the change: if the process dies in between, a mailbox is read for nothing; otherwise a change would be missed. */
export class ChangeMarks {
  readonly #clock: Clock;
  readonly #changed: OncePerBucket;
  readonly #attention: OncePerBucket;

  constructor(table: Table, clock: Clock) {
    this.#clock = clock;
    this.#changed = new OncePerBucket(CHANGED_MS, (mailbox, bucket) =>
      table.upsert({ partitionKey: CHANGED_PARTITION, rowKey: encodeKey(mailbox), mailbox, bucket: bucketText(bucket) }),
    );
    this.#attention = new OncePerBucket(ATTENTION_MS, (key, bucket) => {
      const [kind, mailbox] = JSON.parse(key) as [AttentionKind, string];
      const row = { partitionKey: ATTENTION_PARTITION, rowKey: `${encodeKey(mailbox)}!${kind}`, mailbox, kind };
      return table.upsert({ ...row, bucket: bucketText(bucket) });
    });
  }

  /** The time for a write that is sent at once, to a mailbox that is marked for it. */
  async stamp(mailbox: string): Promise<number> {
    for (;;) {
      const before = this.#clock.now();
      await this.#changed.ensure(mailbox, before);
      const now = this.#clock.now();
      if (this.#changed.bucketOf(now) === this.#changed.bucketOf(before)) return now;
    }
  }

  /** Costs nothing for the usual states. */
  async noteAttention(record: SendRequestRecord): Promise<void> {
    for (const kind of attentionOf(record)) await this.#attention.ensure(JSON.stringify([kind, record.mailbox]), this.#clock.now());
  }
}
