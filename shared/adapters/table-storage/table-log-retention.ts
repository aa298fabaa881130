// LogRetention on Table Storage: a record goes last of its rows, so that the next run finds what an interrupted run has left.
import pLimit from 'p-limit';
import { isTerminal } from '../../domain/log/lifecycle.ts';
import type { Recipient, SendRequestRecord } from '../../domain/log/send-request.ts';
import { makeSendRequestId } from '../../domain/log/send-request-id.ts';
import type { LogRetention, Purged } from '../../ports/log-retention.ts';
import { indexRows, passingRows } from './index-rows.ts';
import { rowKeys, startsWith } from './keys.ts';
import { fromRecordEntity } from './record-entity.ts';
import type { Entity, Table } from './table.ts';
import { isBefore } from './times.ts';
import { versionOf } from './version.ts';
import { POINTERS } from './write-plan.ts';

/** An entity-group transaction has at most 100 rows. */
const TRANSACTION = 100;
const PAGE = 100;
/**
 * Rows that point to a record: Message-IDs, claims on copies, idempotency keys, what it is found by, changes, and events that were never published.
 * Most go with their record.
 */
const INDEXES = ['m!', 'c!', 'k!', 'x!', 't!', 'b!'];
const KEYS = ['partitionKey', 'rowKey'];
const CONCURRENCY = 16;
/** Rows of events that lead to what is indexed, and is left again. */
const LEADS_ASIDE = /!e!\d+-(?:submissionThrottled|submissionFailedTransiently|outcomeUnknown|recipientFailed|deadLettered)-/;

/** Either a property names the request, or the key ends with its sort key. */
const recordKeyOf = (row: Entity): string =>
  row['requestId'] === undefined ? `r!${row.rowKey.split('!').at(-1)}` : rowKeys.record(String(row['requestId']));

type Row = Pick<Entity, 'partitionKey' | 'rowKey'>;

export class TableLogRetention implements LogRetention {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Partitions of our own begin with `~` and sort behind every mailbox. */
  async nextMailbox(after: string): Promise<string | undefined> {
    const [row] = await this.#table.list(`PartitionKey gt '${after}' and PartitionKey lt '~'`, { top: 1, select: KEYS });
    return row?.partitionKey;
  }

  async purge(partition: string, before: string, mayGoOn: () => boolean): Promise<Purged> {
    const purged: Purged = { records: 0, rows: 0, finished: true };
    await this.#purgeRecords(partition, before, mayGoOn, purged);
    return purged;
  }

  /** Reads every index row: what was written ahead of a record that was never made, and rows of versions whose records do not name them. */
  async sweep(partition: string, before: string, mayGoOn: () => boolean): Promise<Purged> {
    const purged: Purged = { records: 0, rows: 0, finished: true };
    await this.#sweepUsage(partition, before, purged);
    for (const index of INDEXES) if (purged.finished) await this.#purgeIndex(partition, index, before, mayGoOn, purged);
    return purged;
  }

  /** The counters of a mailbox that has sent nothing for so long. */
  async #sweepUsage(partition: string, before: string, purged: Purged): Promise<void> {
    const filter = `${startsWith(partition, rowKeys.usage)} and Timestamp lt datetime'${before}'`;
    for (const { partitionKey, rowKey, etag } of await this.#table.list(filter, { select: KEYS })) {
      const removed = await this.#table.delete(partitionKey, rowKey, etag);
      if (removed.kind === 'written') purged.rows++;
    }
  }

  /** Records are sorted newest first: those made before that time are the end of their range. */
  async #purgeRecords(partition: string, before: string, mayGoOn: () => boolean, purged: Purged): Promise<void> {
    let after = rowKeys.record(makeSendRequestId(Date.parse(before), '', new Uint8Array()));
    for (;;) {
      const filter = `PartitionKey eq '${partition}' and RowKey gt '${after}' and RowKey lt 'r"' and ${isBefore('lastModifiedDateTime', before)}`;
      const page = await this.#table.list(filter, { top: PAGE });
      for (const row of page) {
        if (!mayGoOn()) {
          purged.finished = false;
          return;
        }
        after = row.rowKey;
        const record = fromRecordEntity(row);
        // Within its lifetime a queue message may still come: without a record it would be taken for a new request.
        if (!isTerminal(record.status) || record.sendBefore >= before) continue;
        purged.rows += await this.#removeRequest(row, record);
        purged.records++;
      }
      if (page.length < PAGE) return;
    }
  }

  async #removeRequest(row: Entity, record: SendRequestRecord): Promise<number> {
    const { partitionKey, rowKey, etag } = row;
    const details = await this.#table.list(startsWith(partitionKey, rowKeys.details(record.id)), { select: [...KEYS, 'recipients'] });
    const recipients = [row, ...details].flatMap((part) => JSON.parse(String(part['recipients'] || '[]')) as Recipient[]);
    const open = await this.#table.get(partitionKey, rowKeys.open(record.id), KEYS);
    const { agenda, changed } = versionOf(row);
    const named = [agenda, changed, ...POINTERS.map((name) => row[name])];
    const pointing = named.flatMap((key) => (typeof key === 'string' && key !== '' ? [{ partitionKey, rowKey: key }] : []));
    const current = indexRows(record, recipients);
    const indexed = [...current, ...(await this.#passed(record, details, current))];
    const rows = [...details, ...(open ? [open] : []), ...pointing, ...indexed];
    const removed = await this.#removeAll(rows);
    // A late report may have changed it meanwhile; then it stays, and the next run decides again.
    const written = await this.#table.delete(partitionKey, rowKey, etag);
    return removed + (written.kind === 'written' ? 1 : 0);
  }

  /** The index rows of what the request no longer is. A mail that went straight through has none. */
  async #passed(record: SendRequestRecord, details: readonly Row[], current: readonly Row[]): Promise<Row[]> {
    if (!details.some(({ rowKey }) => LEADS_ASIDE.test(rowKey))) return [];
    const kept = new Set(current.map(({ rowKey }) => rowKey));
    const rows = passingRows(record).filter(({ rowKey }) => !kept.has(rowKey));
    const found = await pLimit(CONCURRENCY).map(rows, (row) => this.#table.get(row.partitionKey, row.rowKey, KEYS));
    return rows.filter((_, index) => found[index] !== undefined);
  }

  async #removeAll(rows: readonly Row[]): Promise<number> {
    for (let start = 0; start < rows.length; start += TRANSACTION) {
      const part = rows.slice(start, start + TRANSACTION);
      const written = await this.#table.transact(part.map(({ partitionKey, rowKey }) => ['delete', { partitionKey, rowKey }]));
      // One of them isn't there: another run has deleted it, or it was never made.
      if (written.kind === 'refused') for (const { partitionKey, rowKey } of part) await this.#table.delete(partitionKey, rowKey, '*');
    }
    return rows.length;
  }

  async #purgeIndex(partition: string, prefix: string, before: string, mayGoOn: () => boolean, purged: Purged): Promise<void> {
    const filter = `${startsWith(partition, prefix)} and Timestamp lt datetime'${before}'`;
    const rows = await this.#table.list(filter, { select: [...KEYS, 'requestId'] });
    for (let start = 0; start < rows.length && purged.finished; start += TRANSACTION) {
      const orphans = await this.#withoutRecord(partition, rows.slice(start, start + TRANSACTION));
      purged.rows += await this.#removeAll(orphans);
      purged.finished = mayGoOn();
    }
  }

  async #withoutRecord(partition: string, rows: readonly Entity[]): Promise<Entity[]> {
    const records = await pLimit(CONCURRENCY).map(rows, (row) => this.#table.get(partition, recordKeyOf(row), KEYS));
    return rows.filter((_, index) => records[index] === undefined);
  }
}
