// Lists of send requests: by an index if the filter has one, else along the records, never more than a bounded number of rows.
import { searchKeys } from '../../domain/address/address.ts';
import { idOfMessageId } from '../../domain/doubt/marks.ts';
import { matches, type SendRequestFilter, wantsFailures } from '../../domain/log/filter.ts';
import { isTerminal } from '../../domain/log/lifecycle.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { newestFirst, newestFirstAt, timeOfId } from '../../domain/log/send-request-id.ts';
import type { KnownMailbox, ListPage, ListQuery, SendRequestList } from '../../ports/send-request-list.ts';
import { FAILURES, failureIndex, isIndexed } from './index-rows.ts';
import type { IndexStart } from './index-start.ts';
import { DIRECTORY_PARTITION, encodeKey, rowKeys, sortKeyOf, startsWith } from './keys.ts';
import { fromRecordEntity } from './record-entity.ts';
import { RECORDS, readRecords, SELECTED } from './record-rows.ts';
import type { Entity, Table } from './table.ts';

/** Rows examined for one page, whatever the filter; a page may be short, and the next one goes on. */
const BUDGET = 1_000;
/** Rows of one reading after the first, where many are not meant. */
const STRIDE = 200;
/** An id's time and the record's createdDateTime are read from the clock one after the other. */
const SLACK_MS = 1_000;

/** Rows from before addresses had one key are found under the spelling that was posted. */
const recipientPrefixes = (recipient: string): string[] => searchKeys(recipient).map((key) => rowKeys.found('recipient', key));

/** Index prefixes for the filter, by the most selective property; the records themselves if it has none that is indexed. */
function prefixesOf(filter: SendRequestFilter): string[] {
  const { recipient, clientRequestId, status, application } = filter;
  if (recipient !== undefined) return recipientPrefixes(recipient);
  if (clientRequestId !== undefined) return [rowKeys.found('clientRequestId', clientRequestId)];
  const ofClass = failureIndex(filter.failureClass);
  if (ofClass !== undefined) return [ofClass];
  if (status !== undefined && isIndexed(status)) return [rowKeys.found('status', status)];
  if (wantsFailures(filter)) return [FAILURES];
  return [application === undefined ? RECORDS : rowKeys.found('application', application)];
}

interface Range {
  /** Exclusive. */
  after: string;
  /** Inclusive. */
  until: string;
}

const rangeOf = ({ createdFrom, createdUntil }: SendRequestFilter, after: string | undefined): Range => {
  const begin = createdUntil === undefined ? '' : newestFirstAt(createdUntil + SLACK_MS);
  return {
    after: after !== undefined && after > begin ? after : begin,
    until: createdFrom === undefined ? '~' : `${newestFirstAt(createdFrom - SLACK_MS)}~`,
  };
};

export class TableSendRequestList implements SendRequestList {
  readonly #table: Table;
  readonly #indexStart: IndexStart;
  readonly #budget: number;

  constructor(table: Table, indexStart: IndexStart, { budget = BUDGET }: { budget?: number } = {}) {
    this.#table = table;
    this.#indexStart = indexStart;
    this.#budget = budget;
  }

  async page(mailbox: string, query: ListQuery): Promise<ListPage> {
    const partition = encodeKey(mailbox);
    const filter = await this.#withinOpen(partition, query.filter);
    if (!filter) return { records: [] };
    const ids = await this.#named(partition, filter);
    if (ids) return this.#among(partition, ids, query);
    const prefixes = prefixesOf(filter);
    if (prefixes[0] === FAILURES) return this.#withFailures(partition, { ...query, filter });
    return this.#along(partition, prefixes, { ...query, filter });
  }

  /** One page of the records that no version with an order of changes has written, and that were written in that time of the table. */
  withoutChange(mailbox: string, query: ListQuery, { from, until }: { from: number; until: number }): Promise<ListPage> {
    const createdUntil = Math.min(query.filter.createdUntil ?? until, until);
    const of = { ...query, filter: { ...query.filter, createdUntil } };
    return this.#along(encodeKey(mailbox), [RECORDS], of, ({ changed, timestamp = '' }) => {
      const written = Date.parse(timestamp);
      return !changed && written >= from && written < until;
    });
  }

  async mailboxes(): Promise<KnownMailbox[]> {
    const rows = await this.#table.list(`PartitionKey eq '${DIRECTORY_PARTITION}'`);
    return rows.map((row) => ({ mailbox: String(row['mailbox']), lastDateTime: String(row['lastDateTime']) }));
  }

  /** No open request is older than the oldest open row; undefined if there is none. */
  async #withinOpen(partition: string, filter: SendRequestFilter): Promise<SendRequestFilter | undefined> {
    if (filter.status === undefined || isTerminal(filter.status)) return filter;
    const [oldest] = await this.#table.list(startsWith(partition, rowKeys.allOpen), { top: 1 });
    if (!oldest) return undefined;
    const createdFrom = timeOfId(oldest.rowKey.slice(rowKeys.allOpen.length)) - SLACK_MS;
    return { ...filter, createdFrom: Math.max(filter.createdFrom ?? 0, createdFrom) };
  }

  /** By the index as far as it is complete, and along the older records after that. */
  async #withFailures(partition: string, query: ListQuery): Promise<ListPage> {
    const { filter, top } = query;
    const start = await this.#indexStart.read();
    const { createdFrom = 0, createdUntil = Number.POSITIVE_INFINITY } = filter;
    const indexed = { ...query, filter: { ...filter, createdFrom: Math.max(createdFrom, start) } };
    const young: ListPage = createdUntil <= start ? { records: [] } : await this.#along(partition, [FAILURES], indexed);
    if (young.next !== undefined || createdFrom >= start) return young;
    const last = young.records.at(-1);
    if (last && young.records.length === top) return { records: young.records, next: newestFirst(last.id) };
    const old = { ...query, filter: { ...filter, createdUntil: Math.min(createdUntil, start) }, top: top - young.records.length };
    const { records, next } = await this.#along(partition, [RECORDS], old);
    return { records: [...young.records, ...records], ...(next !== undefined && { next }) };
  }

  async #along(
    partition: string,
    prefixes: readonly string[],
    { filter, top, after, budget = this.#budget }: ListQuery,
    isMeant: (row: Entity) => boolean = () => true,
  ): Promise<ListPage> {
    const limit = Math.min(budget, this.#budget);
    const records: SendRequestRecord[] = [];
    const range = rangeOf(filter, after);
    for (let examined = 0; ; ) {
      const wanted = Math.min(examined === 0 ? top : STRIDE, limit - examined);
      const rows = await this.#rows(partition, prefixes, range, wanted + 1);
      const keys = rows.slice(0, wanted).map(({ rowKey }) => sortKeyOf(rowKey));
      const read = prefixes[0] === RECORDS ? rows.slice(0, wanted) : await readRecords(this.#table, partition, keys, SELECTED);
      for (const row of read) {
        const record = fromRecordEntity(row);
        if (!isMeant(row) || !matches(filter, record)) continue;
        records.push(record);
        if (records.length === top) return this.#fullPage(records, record, keys, rows.length > wanted);
      }
      examined += keys.length;
      if (rows.length <= wanted) return { records };
      range.after = keys.at(-1) as string;
      if (examined >= limit) return { records, next: range.after };
    }
  }

  #fullPage(records: SendRequestRecord[], last: SendRequestRecord, keys: readonly string[], isMore: boolean): ListPage {
    const key = newestFirst(last.id);
    return isMore || key !== keys.at(-1) ? { records, next: key } : { records };
  }

  /** The first rows of all prefixes together, by the sort key that they end with, each request once. */
  async #rows(partition: string, prefixes: readonly string[], { after, until }: Range, top: number): Promise<Entity[]> {
    const lists = await Promise.all(
      prefixes.map((prefix) => {
        const filter = `PartitionKey eq '${partition}' and RowKey gt '${prefix}${after}' and RowKey le '${prefix}${until}'`;
        return this.#table.list(filter, { top, select: SELECTED });
      }),
    );
    const byKey = new Map(lists.flat().map((row) => [sortKeyOf(row.rowKey), row]));
    return [...byKey]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, top)
      .map(([, row]) => row);
  }

  async #addressedTo(partition: string, recipient: string, keys: readonly string[]): Promise<string[]> {
    const prefixes = recipientPrefixes(recipient);
    const isTo = async (key: string): Promise<boolean> => {
      for (const prefix of prefixes) if (await this.#table.get(partition, prefix + key, ['rowKey'])) return true;
      return false;
    };
    const meant = await Promise.all(keys.map(isTo));
    return keys.filter((_, index) => meant[index]);
  }

  /** The ids that a filter names; undefined if it names none. Our own Message-IDs carry the id; others are indexed. */
  async #named(partition: string, { id, internetMessageId }: SendRequestFilter): Promise<ReadonlySet<string> | undefined> {
    if (internetMessageId === undefined) return id === undefined ? undefined : new Set([id]);
    const own = idOfMessageId(internetMessageId);
    const rows = await this.#table.list(startsWith(partition, rowKeys.messageIds(internetMessageId)), { top: BUDGET });
    return new Set([...(own ? [own] : []), ...rows.map((row) => String(row['requestId']))]);
  }

  async #among(partition: string, ids: ReadonlySet<string>, { filter, top, after }: ListQuery): Promise<ListPage> {
    const keys = [...ids].map(newestFirst).sort();
    const meant = filter.recipient === undefined ? keys : await this.#addressedTo(partition, filter.recipient, keys);
    const left = meant.filter((key) => after === undefined || key > after);
    const records = (await readRecords(this.#table, partition, left.slice(0, top), SELECTED))
      .map(fromRecordEntity)
      .filter((record) => matches(filter, record));
    const last = left[top - 1];
    return { records, ...(last !== undefined && left.length > top && { next: last }) };
  }
}
