// The outbox in Table Storage: rows in the partition of the mailbox, and a mark for each mailbox in a partition of its own, so that nothing is scanned.
import type { Clock } from '../../ports/clock.ts';
import type { MarkedMailbox, Outbox, WaitingEvents } from '../../ports/outbox.ts';
import { encodeKey, OUTBOX_PARTITION, rowKeys, startsWith } from './keys.ts';
import { fromOutboxRow } from './outbox-rows.ts';
import type { Table } from './table.ts';
import { cutText } from './text.ts';

/** A mark costs a write at most this often per mailbox and process. `MARK_LASTS_MS` of the publisher relies on it. */
const TOUCH_EVERY_MS = 5 * 60_000;

/** An entity-group transaction has at most 100 rows. */
const TRANSACTION = 100;

export class TableOutbox implements Outbox {
  readonly #table: Table;
  readonly #clock: Clock;
  readonly #touched = new Map<string, number>();

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  /** Comes before a change that is told: a process that dies after the change leaves a row that is found by its mark. */
  async mark(mailbox: string): Promise<void> {
    const now = this.#clock.now();
    if (now - (this.#touched.get(mailbox) ?? Number.NEGATIVE_INFINITY) < TOUCH_EVERY_MS) return;
    const touchedDateTime = new Date(now).toISOString();
    await this.#table.upsert({ partitionKey: OUTBOX_PARTITION, rowKey: encodeKey(mailbox), mailbox, touchedDateTime });
    this.#touched.set(mailbox, now);
  }

  async marked(): Promise<MarkedMailbox[]> {
    const rows = await this.#table.list(`PartitionKey eq '${OUTBOX_PARTITION}'`);
    return rows.map((row) => ({ mailbox: String(row['mailbox']), touchedDateTime: String(row['touchedDateTime']), etag: row.etag }));
  }

  async waiting(mailbox: string, top: number, after: string = rowKeys.wholeOutbox): Promise<WaitingEvents[]> {
    const partition = encodeKey(mailbox);
    const filter =
      after === rowKeys.wholeOutbox
        ? startsWith(partition, rowKeys.wholeOutbox)
        : `PartitionKey eq '${partition}' and RowKey gt '${after}' and RowKey lt 'b"'`;
    return (await this.#table.list(filter, { top })).map(fromOutboxRow);
  }

  async remove(published: readonly WaitingEvents[]): Promise<void> {
    for (let start = 0; start < published.length; start += TRANSACTION) {
      const rows = published
        .slice(start, start + TRANSACTION)
        .map(({ mailbox, key }) => ({ partitionKey: encodeKey(mailbox), rowKey: key }));
      const removed = await this.#table.transact(rows.map((row) => ['delete', row]));
      // Another publisher has removed some of them: nothing of the transaction is done then.
      if (removed.kind === 'refused') for (const { partitionKey, rowKey } of rows) await this.#table.delete(partitionKey, rowKey, '*');
    }
  }

  async setAside({ mailbox, id, key, events }: WaitingEvents, reason: string): Promise<void> {
    const partitionKey = encodeKey(mailbox);
    const kept = {
      partitionKey,
      rowKey: rowKeys.setAside(id, key),
      requestId: id,
      reason: cutText(reason),
      types: events.map(({ type }) => type).join(' '),
    };
    // If another run was faster, the row is gone, and nothing is done.
    await this.#table.transact([
      ['delete', { partitionKey, rowKey: key }],
      ['upsert', kept, 'Replace'],
    ]);
  }

  async unmark({ mailbox, etag }: MarkedMailbox): Promise<void> {
    await this.#table.delete(OUTBOX_PARTITION, encodeKey(mailbox), etag);
    this.#touched.delete(mailbox);
  }
}
