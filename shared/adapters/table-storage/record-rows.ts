// Reads the records of some send requests of a mailbox.
import pLimit from 'p-limit';
import type { Entity, Table } from './table.ts';

/** What the keys of records begin with; the sort key follows. */
export const RECORDS = 'r!';

export const SELECTED = ['partitionKey', 'rowKey', 'timestamp', 'record', 'changed'];

const CONCURRENCY = 16;

/** The rows of some sort keys, which are in their order: those close together in one reading, the others one by one. */
export async function readRecords(table: Table, partition: string, keys: readonly string[]): Promise<Entity[]> {
  const found = new Map<string, Entity>();
  const [first, last] = [keys[0], keys.at(-1)];
  if (first !== undefined && last !== undefined && keys.length > 1) {
    const filter = `PartitionKey eq '${partition}' and RowKey ge '${RECORDS}${first}' and RowKey le '${RECORDS}${last}'`;
    for (const row of await table.list(filter, { top: Math.min(2 * keys.length, 1_000), select: SELECTED })) found.set(row.rowKey, row);
  }
  const missing = keys.filter((key) => !found.has(RECORDS + key));
  await pLimit(CONCURRENCY).map(missing, async (key) => {
    const row = await table.get(partition, RECORDS + key, SELECTED);
    if (row) found.set(RECORDS + key, row);
  });
  return keys.flatMap((key) => found.get(RECORDS + key) ?? []);
}
