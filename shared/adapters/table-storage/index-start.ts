// Since when every write keeps the rows that lists by changes and by failures read. Earlier versions did not write them.
import type { Clock } from '../../ports/clock.ts';
import { INDEXES_PARTITION } from './keys.ts';
import type { Table } from './table.ts';

/** During a deployment instances of the version before may still write for so long. */
const BOTH_VERSIONS_MS = 3_600_000;

const partitionKey = INDEXES_PARTITION;
const rowKey = 'changes';

export class IndexStart {
  readonly #table: Table;
  readonly #clock: Clock;
  #known: number | undefined;

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  /** Milliseconds since 1970. The first one who asks makes the row: that is the hourly purge, or a list before it. */
  async read(): Promise<number> {
    this.#known ??= (await this.#stored()) ?? (await this.#begin());
    return this.#known;
  }

  async #stored(): Promise<number | undefined> {
    const row = await this.#table.get(partitionKey, rowKey);
    return row && Date.parse(String(row['completeFrom']));
  }

  async #begin(): Promise<number> {
    const completeFrom = this.#clock.now() + BOTH_VERSIONS_MS;
    const row = { partitionKey, rowKey, completeFrom: new Date(completeFrom).toISOString() };
    const written = await this.#table.transact([['create', row]]);
    return written.kind === 'written' ? completeFrom : ((await this.#stored()) ?? completeFrom);
  }
}
