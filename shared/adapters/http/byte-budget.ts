// How many bytes of mail a process holds at a time. A request that needs more than is left waits, or is refused.
import { Semaphore, withTimeout } from 'async-mutex';
import { budgetBytesOf } from '../../domain/content/instance-memory.ts';

const UNIT_BYTES = 64 * 1024;

/** Those who can take at once do not stand behind those who wait for more. */
const AT_ONCE = 1;

const NO_TIME = new Error('no time left');

/** Gives back what was taken, all but `keptBytes`; what is more than is held counts as all. */
export type Release = (keptBytes?: number) => void;

export class ByteBudget {
  readonly #free: Semaphore;
  /** In units. */
  readonly #limit: number;
  readonly #unit: number;

  /** `unit`: bytes that are counted as one. Each change of the semaphore takes a step for each unit that is free. */
  constructor(limit: number = budgetBytesOf(), unit: number = UNIT_BYTES) {
    this.#unit = unit;
    this.#limit = Math.floor(limit / unit);
    this.#free = new Semaphore(this.#limit);
  }

  /** A request for more than the whole budget takes the whole budget, so it runs alone. */
  #weight(bytes: number): number {
    return Math.min(Math.max(1, Math.ceil(bytes / this.#unit)), this.#limit);
  }

  /** How many times all of it are so many bytes. */
  times(bytes: number): number {
    return Math.floor(bytes / (this.#limit * this.#unit));
  }

  /** In whole units: what grows in small steps is not counted several times over. */
  rounded(bytes: number): number {
    return Math.ceil(bytes / this.#unit) * this.#unit;
  }

  /** At once, or not at all: before those who wait. */
  tryTake(bytes: number): Release | undefined {
    const weight = this.#weight(bytes);
    if (this.#free.getValue() < weight) return undefined;
    // The semaphore's value falls during this call; the promise only confirms it.
    void this.#free.acquire(weight, AT_ONCE);
    return this.#held(weight);
  }

  /** Waiting requests are served in order. Undefined if the time is over before there is enough. */
  async take(bytes: number, waitMs: number): Promise<Release | undefined> {
    const weight = this.#weight(bytes);
    try {
      await withTimeout(this.#free, waitMs, NO_TIME).acquire(weight);
    } catch (error) {
      if (error !== NO_TIME) throw error;
      return undefined;
    }
    return this.#held(weight);
  }

  #held(weight: number): Release {
    let held = weight;
    return (keptBytes = 0) => {
      const kept = Math.min(held, keptBytes > 0 ? this.#weight(keptBytes) : 0);
      if (kept < held) this.#free.release(held - kept);
      held = kept;
    };
  }
}
