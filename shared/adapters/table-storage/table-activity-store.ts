// ActivityStore on Table Storage: a row per hour and process, in a partition of its own.
import { ACTIVITIES, type ActivityCounts, type ActivityHour } from '../../domain/log/activity.ts';
import type { ActivityStore } from '../../ports/activity-store.ts';
import { ACTIVITY_PARTITION } from './keys.ts';
import type { Entity, Table } from './table.ts';

const partitionKey = ACTIVITY_PARTITION;
/** An entity-group transaction has at most 100 rows. */
const TRANSACTION = 100;
/** Rows of one run of the purge: those of some weeks. The next run goes on. */
const PURGED = 2_000;

const keyOf = (hour: number): string => new Date(hour).toISOString().slice(0, 13);

const toHour = (row: Entity): ActivityHour => ({
  hour: Date.parse(`${row.rowKey.slice(0, 13)}:00:00Z`),
  counts: Object.fromEntries(ACTIVITIES.map((kind) => [kind, Number(row[kind] ?? 0)])) as ActivityCounts,
});

export class TableActivityStore implements ActivityStore {
  readonly #table: Table;
  readonly #process: string;

  /** `process`: this process' own name, unlike any other's. */
  constructor(table: Table, process: string) {
    this.#table = table;
    this.#process = process;
  }

  async save(hour: number, counts: ActivityCounts): Promise<void> {
    const texts = Object.fromEntries(ACTIVITIES.map((kind) => [kind, String(counts[kind])]));
    await this.#table.upsert({ partitionKey, rowKey: `${keyOf(hour)}!${this.#process}`, ...texts });
  }

  async read(from: number, until: number): Promise<ActivityHour[]> {
    const filter = `PartitionKey eq '${partitionKey}' and RowKey ge '${keyOf(from)}' and RowKey lt '${keyOf(until)}'`;
    return (await this.#table.list(filter)).map(toHour);
  }

  async purge(before: number): Promise<void> {
    const filter = `PartitionKey eq '${partitionKey}' and RowKey lt '${keyOf(before)}'`;
    const rows = await this.#table.list(filter, { top: PURGED, select: ['partitionKey', 'rowKey'] });
    for (let start = 0; start < rows.length; start += TRANSACTION) {
      const part = rows.slice(start, start + TRANSACTION);
      // If another run has deleted one of them, the next run deletes the others.
      await this.#table.transact(part.map(({ rowKey }) => ['delete', { partitionKey, rowKey }]));
    }
  }
}
