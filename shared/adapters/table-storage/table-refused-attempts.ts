// Refused attempts: one small row each, in a partition of its own, ordered by time so that old ones go without a scan.
import { randomUUID } from 'node:crypto';
import type { AttemptName, RefusedAttempt } from '../../domain/accept/retry-chain.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RefusedAttempts, RememberedAttempt } from '../../ports/refused-attempts.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import { REFUSED_PARTITION, rowKeys, startsWith } from './keys.ts';
import type { Entity, Table } from './table.ts';

/** What this process remembers by itself while the table is out of reach. */
const MAXIMUM_IN_MEMORY = 1_000;
/** One entity group transaction. */
const SWEPT_AT_ONCE = 100;

const isSame = (a: AttemptName, b: AttemptName): boolean =>
  a.mailbox === b.mailbox && a.application === b.application && a.contentHash === b.contentHash;

export class TableRefusedAttempts implements RefusedAttempts {
  readonly #table: Table;
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #inMemory = new Map<string, RememberedAttempt>();
  #sweptPeriod: number | undefined;

  constructor(table: Table, clock: Clock, windowMs: number) {
    this.#table = table;
    this.#clock = clock;
    this.#windowMs = windowMs;
  }

  async remember(attempt: RefusedAttempt): Promise<void> {
    const rowKey = rowKeys.refused(this.#period(), attempt) + randomUUID();
    try {
      await this.#table.upsert({ partitionKey: REFUSED_PARTITION, rowKey, attempt: JSON.stringify(attempt) });
      await this.#sweep();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.#inMemory.set(rowKey, { ...attempt, key: rowKey });
      const oldest = this.#inMemory.keys().next();
      if (this.#inMemory.size > MAXIMUM_IN_MEMORY && !oldest.done) this.#inMemory.delete(oldest.value);
    }
  }

  async of(named: AttemptName): Promise<RememberedAttempt[]> {
    const period = this.#period();
    const rows = await Promise.all(
      [period - 1, period].map((one) =>
        this.#table.list(startsWith(REFUSED_PARTITION, rowKeys.refused(one, named)), { top: SWEPT_AT_ONCE }),
      ),
    );
    const earliest = this.#clock.now() - this.#windowMs;
    const all = [...rows.flat().map(toAttempt), ...[...this.#inMemory.values()].filter((one) => isSame(one, named))];
    return all.filter(({ dateTime }) => Date.parse(dateTime) >= earliest);
  }

  async take({ key }: RememberedAttempt): Promise<boolean> {
    if (this.#inMemory.delete(key)) return true;
    return (await this.#table.delete(REFUSED_PARTITION, key, '*')).kind === 'written';
  }

  /** Rows of a period, and of the one before, are all that can be within the window. */
  #period(): number {
    return Math.floor(this.#clock.now() / this.#windowMs);
  }

  /** Once per period and process: what is older than the window is of no use. */
  async #sweep(): Promise<void> {
    const period = this.#period();
    if (this.#sweptPeriod === period) return;
    this.#sweptPeriod = period;
    const filter = `PartitionKey eq '${REFUSED_PARTITION}' and RowKey lt '${rowKeys.refusedPeriod(period - 1)}'`;
    const old = await this.#table.list(filter, { select: ['partitionKey', 'rowKey'], top: SWEPT_AT_ONCE });
    const partitionKey = REFUSED_PARTITION;
    if (old.length > 0) await this.#table.transact(old.map(({ rowKey }) => ['delete', { partitionKey, rowKey }]));
  }
}

const toAttempt = (row: Entity): RememberedAttempt => ({ ...(JSON.parse(String(row['attempt'])) as RefusedAttempt), key: row.rowKey });
