// The stop switch: one small row per pause, in a partition of its own, read every few seconds.
import { STOP_SCOPES, type Stop } from '../../domain/act/stops.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StopSwitch } from '../../ports/stop-switch.ts';
import { encodeKey, STOPS_PARTITION } from './keys.ts';
import type { Entity, Table } from './table.ts';

/** How long a worker may go on after somebody has pressed the button. One read per process in that time. */
const REMEMBER_MS = 3_000;

const partitionKey = STOPS_PARTITION;

function toStop(row: Entity): Stop {
  const text = (name: string): string => String(row[name] ?? '');
  const scope = STOP_SCOPES.find((one) => one === row['scope']) ?? 'everything';
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

export class TableStopSwitch implements StopSwitch {
  readonly #table: Table;
  readonly #clock: Clock;
  #known: readonly Stop[] = [];
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<readonly Stop[]> | undefined;

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  async current(): Promise<readonly Stop[]> {
    if (this.#clock.now() - this.#readAt < REMEMBER_MS) return this.#known;
    this.#reading ??= this.list().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async list(): Promise<readonly Stop[]> {
    const readAt = this.#clock.now();
    const rows = await this.#table.list(`PartitionKey eq '${partitionKey}'`);
    this.#known = rows.map(toStop);
    this.#readAt = readAt;
    return this.#known;
  }

  async set({ name = '', ...stop }: Stop): Promise<void> {
    await this.#table.upsert({ partitionKey, rowKey: encodeKey(stop.id), ...stop, name });
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  async lift(id: string): Promise<boolean> {
    const deleted = await this.#table.delete(partitionKey, encodeKey(id), '*');
    this.#readAt = Number.NEGATIVE_INFINITY;
    return deleted.kind === 'written';
  }
}
