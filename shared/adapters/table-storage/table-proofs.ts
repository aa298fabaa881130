// Proofs that marks survive: one row per format, renewed by matches, remembered in memory.
import type { Clock } from '../../ports/clock.ts';
import type { Proofs, Provable } from '../../ports/proofs.ts';
import { PROOFS_PARTITION } from './keys.ts';
import type { Table } from './table.ts';

const REMEMBER_PROVEN_MS = 10 * 60_000;
/** Short: as soon as one worker has the proof, all of them save a call per mail. */
const REMEMBER_UNPROVEN_MS = 5_000;
const NOTE_EVERY_MS = 60 * 60_000;

export class TableProofs implements Proofs {
  readonly #table: Table;
  readonly #clock: Clock;
  readonly #known = new Map<Provable, { proven: boolean; until: number }>();
  readonly #noted = new Map<Provable, number>();

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  async isProven(format: Provable): Promise<boolean> {
    const now = this.#clock.now();
    const known = this.#known.get(format);
    if (known && now < known.until) return known.proven;
    const proven = (await this.#table.get(PROOFS_PARTITION, format)) !== undefined;
    this.#known.set(format, { proven, until: now + (proven ? REMEMBER_PROVEN_MS : REMEMBER_UNPROVEN_MS) });
    return proven;
  }

  async noteMatch(format: Provable, mark: string): Promise<void> {
    const now = this.#clock.now();
    const last = this.#noted.get(format);
    if (last !== undefined && now - last < NOTE_EVERY_MS) return;
    await this.#table.upsert({ partitionKey: PROOFS_PARTITION, rowKey: format, mark, lastMatchDateTime: new Date(now).toISOString() });
    this.#noted.set(format, now);
    this.#known.set(format, { proven: true, until: now + REMEMBER_PROVEN_MS });
  }
}
