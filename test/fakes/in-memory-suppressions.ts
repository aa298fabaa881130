// Suppressed addresses in memory.
import { type Suppression, type SuppressionState, suppressedAfter, suppressionNow } from '../../shared/domain/accept/suppression.ts';
import { addressKey } from '../../shared/domain/address/address.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { StoreUnavailable } from '../../shared/ports/store-unavailable.ts';
import type { SuppressionPage, Suppressions } from '../../shared/ports/suppressions.ts';

export class InMemorySuppressions implements Suppressions {
  down = false;
  /** How many addresses were looked up. */
  looked = 0;
  readonly #clock: Clock;
  readonly #rows = new Map<string, SuppressionState>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async suppress(reported: Omit<Suppression, 'expirationDateTime'>, expiryMs: number): Promise<boolean> {
    const state = this.#state(reported.address);
    const suppression = suppressedAfter(state, reported, expiryMs, this.#now());
    if (suppression) this.#rows.set(addressKey(reported.address), { ...state, suppression });
    return suppression !== undefined;
  }

  async find(addresses: readonly string[]): Promise<Suppression[]> {
    const keys = [...new Set(addresses.map(addressKey))];
    this.looked += keys.length;
    return keys.flatMap((key) => suppressionNow(this.#state(key), this.#now()) ?? []);
  }

  async page({ top, after = '' }: { top: number; after?: string }): Promise<SuppressionPage> {
    const keys = [...this.#rows.keys()].sort().filter((key) => key > after && suppressionNow(this.#state(key), this.#now()));
    const last = keys[top - 1];
    const suppressions = keys.slice(0, top).map((key) => this.#state(key).suppression as Suppression);
    return { suppressions, ...(keys.length > top && last !== undefined && { next: last }) };
  }

  async lift(address: string): Promise<boolean> {
    if (!suppressionNow(this.#state(address), this.#now())) return false;
    this.#rows.set(addressKey(address), { liftedDateTime: this.#now() });
    return true;
  }

  async purge({ endedBefore, liftedBefore }: { endedBefore: string; liftedBefore: string }): Promise<number> {
    const isOver = ({ suppression, liftedDateTime = '' }: SuppressionState) =>
      (suppression?.expirationDateTime ?? '') < endedBefore && liftedDateTime < liftedBefore;
    const over = [...this.#rows].filter(([, state]) => isOver(state));
    for (const [key] of over) this.#rows.delete(key);
    return over.length;
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  #state(address: string): SuppressionState {
    if (this.down) throw new StoreUnavailable('down');
    return this.#rows.get(addressKey(address)) ?? {};
  }
}
