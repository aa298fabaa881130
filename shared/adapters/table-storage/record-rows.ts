// Reads the records of some send requests of a mailbox.
import pLimit from 'p-limit';
import type { Entity, Table } from './table.ts';

/** What the keys of records begin with; the sort key follows. */
export const RECORDS = 'r!';

export const SELECTED = ['partitionKey', 'rowKey', 'timestamp', 'record', 'changed'];

const CONCURRENCY = 16;
/** Rows that a reading takes for each record that is wanted: others lie between them. */
const ROWS_PER_RECORD = 2;
const MAXIMUM_ROWS = 1_000;
/** If fewer of the rows than one in so many are wanted, the rest is read one by one. */
const WORTH = 4;

/**
 * The rows of the records that are there, in the order of their keys: those close together in one reading, the others one by one. Each reading gets
 * at least the first record, so this costs no more operations than there are records. A reading is a range of keys, because a filter that names
 * several keys (`or`) is a scan of the partition: https://learn.microsoft.com/azure/storage/tables/table-storage-design-for-query.
 * `select`: some of their properties.
 */
export async function readRecords(table: Table, partition: string, sortKeys: readonly string[], select?: string[]): Promise<Entity[]> {
  const found = new Map<string, Entity>();
  const keys = [...new Set(sortKeys)].sort().map((key) => RECORDS + key);
  let left = keys;
  for (let isWorth = true; isWorth && left.length > 1; ) {
    const top = Math.min(ROWS_PER_RECORD * left.length, MAXIMUM_ROWS);
    const filter = `PartitionKey eq '${partition}' and RowKey ge '${left[0]}' and RowKey le '${left.at(-1)}'`;
    const rows = await table.list(filter, { top, ...(select && { select }) });
    const wanted = new Set(left);
    const hits = rows.filter(({ rowKey }) => wanted.has(rowKey));
    for (const row of hits) found.set(row.rowKey, row);
    const last = rows.at(-1);
    left = last && rows.length === top ? left.filter((key) => key > last.rowKey) : [];
    isWorth = hits.length * WORTH >= rows.length;
  }
  await pLimit(CONCURRENCY).map(left, async (key) => {
    const row = await table.get(partition, key, select);
    if (row) found.set(key, row);
  });
  return keys.flatMap((key) => found.get(key) ?? []);
}
