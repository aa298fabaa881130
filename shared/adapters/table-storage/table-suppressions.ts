// Suppressed addresses: one small row each, in a partition of their own.
import pLimit, { type LimitFunction } from 'p-limit';
import { type Suppression, type SuppressionState, suppressedAfter, suppressionNow } from '../../domain/accept/suppression.ts';
import { addressKey } from '../../domain/address/address.ts';
import type { Clock } from '../../ports/clock.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { SuppressionPage, Suppressions } from '../../ports/suppressions.ts';
import { encodeKey, SUPPRESSIONS_PARTITION } from './keys.ts';
import type { Entity, Table } from './table.ts';
import { cutText } from './text.ts';

/** Reads at the same time, of all requests of the process: a partition of Table Storage gives 2,000 rows a second. */
const CONCURRENCY = 32;
/** A caller waits for the answer, so a search takes no longer than this. */
const PATIENCE_MS = 2_000;
/** Each of some instances that change the same row at the same time gets its turn. */
const RACES = 8;
/** Rows that one purge deletes; the next run goes on. */
const PURGED = 1_000;

const partitionKey = SUPPRESSIONS_PARTITION;

const keyOf = (address: string): string => encodeKey(addressKey(address));

/** An empty text stands for "not there": a merge can't remove a property. */
function toState(row: Entity | undefined): SuppressionState {
  const text = (name: string): string => String(row?.[name] ?? '');
  const liftedDateTime = text('liftedDateTime') || undefined;
  if (text('expirationDateTime') === '') return { liftedDateTime };
  const suppression: Suppression = {
    address: text('address'),
    reason: text('reason'),
    suppressedDateTime: text('suppressedDateTime'),
    expirationDateTime: text('expirationDateTime'),
    sendRequestId: text('sendRequestId'),
    mailbox: text('mailbox'),
  };
  return { suppression, liftedDateTime };
}

const propertiesOf = ({ suppression, liftedDateTime }: SuppressionState): Record<string, string> => ({
  ...(suppression && { ...suppression, reason: cutText(suppression.reason) }),
  expirationDateTime: suppression?.expirationDateTime ?? '',
  liftedDateTime: liftedDateTime ?? '',
});

export class TableSuppressions implements Suppressions {
  readonly #table: Table;
  readonly #clock: Clock;
  readonly #limit: LimitFunction = pLimit(CONCURRENCY);

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  async suppress(reported: Omit<Suppression, 'expirationDateTime'>, expiryMs: number): Promise<boolean> {
    return this.#change(reported.address, (state) => {
      const suppression = suppressedAfter(state, reported, expiryMs, this.#now());
      return suppression && { ...state, suppression };
    });
  }

  async find(addresses: readonly string[]): Promise<Suppression[]> {
    const keys = [...new Set(addresses.map(keyOf))];
    const end = this.#clock.now() + PATIENCE_MS;
    let isOver = false;
    const found = await this.#limit
      .map(keys, async (key) => {
        if (isOver || this.#clock.now() > end) throw new StoreUnavailable('The list of suppressed addresses answers too slowly');
        return suppressionNow(toState(await this.#table.get(partitionKey, key)), this.#now());
      })
      .finally(() => {
        isOver = true;
      });
    return found.filter((one) => one !== undefined);
  }

  async page({ top, after }: { top: number; after?: string }): Promise<SuppressionPage> {
    const isOn = `PartitionKey eq '${partitionKey}' and expirationDateTime gt '${this.#now()}'`;
    const rows = await this.#table.list(after === undefined ? isOn : `${isOn} and RowKey gt '${after}'`, { top: top + 1 });
    const suppressions = rows.slice(0, top).flatMap((row) => toState(row).suppression ?? []);
    const last = rows[top - 1]?.rowKey;
    return { suppressions, ...(rows.length > top && last !== undefined && { next: last }) };
  }

  async lift(address: string): Promise<boolean> {
    return this.#change(address, (state) => {
      const now = this.#now();
      return suppressionNow(state, now) && { liftedDateTime: now };
    });
  }

  async purge({ endedBefore, liftedBefore }: { endedBefore: string; liftedBefore: string }): Promise<number> {
    const isOver = `PartitionKey eq '${partitionKey}' and expirationDateTime lt '${endedBefore}' and liftedDateTime lt '${liftedBefore}'`;
    const rows = await this.#table.list(isOver, { top: PURGED, select: ['partitionKey', 'rowKey'] });
    const deleted = await this.#limit.map(rows, ({ rowKey, etag }) => this.#table.delete(partitionKey, rowKey, etag));
    return deleted.filter(({ kind }) => kind === 'written').length;
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  /** Decides again on the newest row if another process was faster. False if `decide` changes nothing. */
  async #change(address: string, decide: (state: SuppressionState) => SuppressionState | undefined): Promise<boolean> {
    const rowKey = keyOf(address);
    for (let race = 0; race < RACES; race++) {
      const row = await this.#table.get(partitionKey, rowKey);
      const next = decide(toState(row));
      if (!next) return false;
      const entity = { partitionKey, rowKey, ...propertiesOf(next) };
      const written = row ? await this.#table.merge(entity, row.etag) : await this.#table.transact([['create', entity]]);
      if (written.kind === 'written') return true;
    }
    throw new StoreUnavailable(`A suppression changed ${RACES} times while it was being written`);
  }
}
