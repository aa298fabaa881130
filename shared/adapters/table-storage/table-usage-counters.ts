// Usage counters: one small row per application and process, in a partition of its own.
import type { Clock } from '../../ports/clock.ts';
import type { Usage, UsageCounters } from '../../ports/usage-counters.ts';
import { encodeKey, startsWith, USAGE_PARTITION } from './keys.ts';
import type { Entity, Table } from './table.ts';

/** Each process removes the rows that it reads of processes that have long ended. */
const FORGET_AFTER_MS = 2 * 86_400_000;

const partitionKey = USAGE_PARTITION;
const toUsage = (row: Entity): Usage => ({
  minute: String(row['minute']),
  minuteCount: Number(row['minuteCount']),
  day: String(row['day']),
  dayCount: Number(row['dayCount']),
});

export class TableUsageCounters implements UsageCounters {
  readonly #table: Table;
  readonly #clock: Clock;
  readonly #process: string;

  /** `process`: this process' own name, unlike any other's. */
  constructor(table: Table, clock: Clock, process: string) {
    this.#table = table;
    this.#clock = clock;
    this.#process = process;
  }

  async exchange(application: string, own: Usage): Promise<Usage[]> {
    const prefix = `${encodeKey(application)}!`;
    const rowKey = `${prefix}${this.#process}`;
    const { minute, day } = own;
    await this.#table.upsert({ partitionKey, rowKey, minute, minuteCount: String(own.minuteCount), day, dayCount: String(own.dayCount) });
    const rows = (await this.#table.list(startsWith(partitionKey, prefix))).filter((row) => row.rowKey !== rowKey);
    const oldest = new Date(this.#clock.now() - FORGET_AFTER_MS).toISOString().slice(0, 10);
    const gone = rows.filter((row) => String(row['day']) < oldest);
    await Promise.all(gone.map((row) => this.#table.delete(partitionKey, row.rowKey, row.etag)));
    return rows.filter((row) => !gone.includes(row)).map(toUsage);
  }
}
