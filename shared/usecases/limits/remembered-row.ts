// A row of counters that this process remembers, so that it need not be read for each mail. Others may write it, too.
import pLimit from 'p-limit';
import type { Versioned } from '../../ports/status-log.ts';

/** How long the row is read before each write after another process was seen to write it: a refused write costs more than a read. */
const SHARED_MS = 600_000;

/** After so long, what was read ahead may be old: a refused write costs more than a read. */
const AHEAD_MS = 2_000;

/** Another writes the row all the time. */
export const RACES = 8;

export class RememberedRow<T> {
  #row: Versioned<T> | undefined;
  #lastEtag: string | undefined;
  #isKnown = false;
  #sharedUntil = 0;
  #ahead: { reading: Promise<Versioned<T> | undefined>; at: number } | undefined;
  readonly #turn = pLimit(1);

  /** One after the other in this process: they would compete for the row. */
  exclusive<R>(work: () => Promise<R>): Promise<R> {
    return this.#turn(work);
  }

  get isBusy(): boolean {
    return this.#turn.activeCount > 0;
  }

  /** Begins to read a row that is not remembered, so that `current` need not wait for it. */
  readAhead(read: () => Promise<Versioned<T> | undefined>, now: number): void {
    if (this.#isKnown || this.isBusy || this.#isAhead(now)) return;
    const reading = read();
    // Who needs the row reads it again.
    reading.catch(() => undefined);
    this.#ahead = { reading, at: now };
  }

  #isAhead(now: number): boolean {
    return this.#ahead !== undefined && now - this.#ahead.at <= AHEAD_MS;
  }

  /** The row as it is remembered, or read. `now`: milliseconds since 1970. */
  async current(read: () => Promise<Versioned<T> | undefined>, now: number): Promise<Versioned<T> | undefined> {
    if (this.#isKnown && now >= this.#sharedUntil) return this.#row;
    const ahead = this.#ahead;
    const isFresh = this.#isAhead(now);
    this.#ahead = undefined;
    const row = ahead && isFresh ? await ahead.reading.catch(read) : await read();
    if (this.#lastEtag !== undefined && row?.etag !== this.#lastEtag) this.#sharedUntil = now + SHARED_MS;
    this.written(row);
    return row;
  }

  /** What the row is from now on. */
  written(row: Versioned<T> | undefined): void {
    this.#row = row;
    this.#lastEtag = row?.etag;
    this.#isKnown = true;
  }

  /** A write is on its way: if its answer is lost, nobody knows what the row is. */
  writing(): void {
    this.#isKnown = false;
  }

  /** A write was refused: another has written. */
  changed(now: number): void {
    this.#isKnown = false;
    this.#sharedUntil = now + SHARED_MS;
  }
}
