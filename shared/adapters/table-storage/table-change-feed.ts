// ChangeFeed on Table Storage: each mailbox's partition has one row per record, whose key is the time of its last write.
import pLimit from 'p-limit';
import { feedTime } from '../../domain/log/change-feed.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { idOfSortKey, newestFirst } from '../../domain/log/send-request-id.ts';
import type { ChangeFeed, ChangeQuery, ChangeRow } from '../../ports/change-feed.ts';
import type { KnownMailbox, ListPage, ListQuery } from '../../ports/send-request-list.ts';
import { changedSince } from './change-marks.ts';
import type { IndexStart } from './index-start.ts';
import { encodeKey, MAILBOXES_PARTITION, rowKeys, sortKeyOf } from './keys.ts';
import { fromRecordEntity } from './record-entity.ts';
import { readRecords, SELECTED } from './record-rows.ts';
import type { Table } from './table.ts';
import type { TableSendRequestList } from './table-send-request-list.ts';

/** Mailboxes whose records are read at the same time. */
const CONCURRENCY = 8;

const keyOf = (rowKey: string): string => rowKey.slice(rowKeys.allChanged.length);

export class TableChangeFeed implements ChangeFeed {
  readonly #table: Table;
  readonly #list: TableSendRequestList;
  readonly #indexStart: IndexStart;

  constructor(table: Table, list: TableSendRequestList, indexStart: IndexStart) {
    this.#table = table;
    this.#list = list;
    this.#indexStart = indexStart;
  }

  async changes(mailbox: string, { from, until, after, top }: ChangeQuery): Promise<ChangeRow[]> {
    const begin = after === undefined ? `RowKey ge '${rowKeys.changed(feedTime(from))}'` : `RowKey gt '${rowKeys.changed(after)}'`;
    const filter = `PartitionKey eq '${encodeKey(mailbox)}' and ${begin} and RowKey lt '${rowKeys.changed(feedTime(until))}'`;
    const rows = await this.#table.list(filter, { top, select: ['partitionKey', 'rowKey', 'application'] });
    return rows.map(({ rowKey, application }) => ({
      key: keyOf(rowKey),
      mailbox,
      id: idOfSortKey(sortKeyOf(rowKey)),
      application: String(application),
    }));
  }

  async changedMailboxes(from: number): Promise<string[]> {
    const rows = await this.#table.list(changedSince(from), { select: ['partitionKey', 'rowKey', 'mailbox'] });
    return rows.map(({ mailbox }) => String(mailbox));
  }

  async records(rows: readonly ChangeRow[]): Promise<SendRequestRecord[]> {
    const keys = new Map<string, string[]>();
    for (const { mailbox, id } of rows) keys.set(mailbox, [...(keys.get(mailbox) ?? []), newestFirst(id)]);
    const read = await pLimit(CONCURRENCY).map(keys, ([mailbox, of]) => readRecords(this.#table, encodeKey(mailbox), of, SELECTED));
    const records = new Map(read.flat().map((row) => [sortKeyOf(row.rowKey), fromRecordEntity(row)]));
    return rows.flatMap(({ id }) => records.get(newestFirst(id)) ?? []);
  }

  completeFrom(): Promise<number> {
    return this.#indexStart.read();
  }

  async older(mailbox: string, query: ListQuery, written: { from: number; until: number }): Promise<ListPage> {
    return this.#list.withoutChange(mailbox, query, { ...written, until: Math.min(written.until, await this.completeFrom()) });
  }

  /** Versions without a directory left only what the reconciler watches. */
  async olderMailboxes(): Promise<KnownMailbox[]> {
    const watched = await this.#table.list(`PartitionKey eq '${MAILBOXES_PARTITION}'`, {
      select: ['rowKey', 'mailbox', 'touchedDateTime'],
    });
    const known = new Map((await this.#list.mailboxes()).map((one) => [one.mailbox, one]));
    for (const { mailbox, touchedDateTime } of watched)
      if (typeof mailbox === 'string' && !known.has(mailbox)) known.set(mailbox, { mailbox, lastDateTime: String(touchedDateTime) });
    return [...known.values()];
  }
}
