// Pauses by operators: one small row per pause, in a partition of its own, read every few seconds.
import { PAUSE_SCOPES, type Pause } from '../../domain/act/pauses.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Pauses } from '../../ports/pauses.ts';
import { encodeKey, PAUSES_PARTITION } from './keys.ts';
import type { Entity, Table } from './table.ts';

/** How long a worker may go on after an operator has set a pause. One read per process in that time. */
const REMEMBER_MS = 3_000;

const partitionKey = PAUSES_PARTITION;

function toPause(row: Entity): Pause {
  const text = (name: string): string => String(row[name] ?? '');
  const scope = PAUSE_SCOPES.find((one) => one === row['scope']) ?? 'everything';
  const name = text('name');
  return {
    id: text('id'),
    scope,
    ...(name !== '' && { name }),
    reason: text('reason'),
    setBy: text('setBy'),
    setDateTime: text('setDateTime'),
  };
}

export class TablePauses implements Pauses {
  readonly #table: Table;
  readonly #clock: Clock;
  #known: readonly Pause[] = [];
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<readonly Pause[]> | undefined;

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  async current(): Promise<readonly Pause[]> {
    if (this.#clock.now() - this.#readAt < REMEMBER_MS) return this.#known;
    this.#reading ??= this.list().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async list(): Promise<readonly Pause[]> {
    const readAt = this.#clock.now();
    const rows = await this.#table.list(`PartitionKey eq '${partitionKey}'`);
    this.#known = rows.map(toPause);
    this.#readAt = readAt;
    return this.#known;
  }

  async set({ name = '', ...pause }: Pause): Promise<void> {
    await this.#table.upsert({ partitionKey, rowKey: encodeKey(pause.id), ...pause, name });
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  async lift(id: string): Promise<boolean> {
    const deleted = await this.#table.delete(partitionKey, encodeKey(id), '*');
    this.#readAt = Number.NEGATIVE_INFINITY;
    return deleted.kind === 'written';
  }
}
