// Whether our identity may read a mailbox, asked of Graph once for all who want to know it in the same seconds.
import type { Clock } from '../../ports/clock.ts';

/** An operator who has just granted a right sees it this soon. */
const KEEP_MS = 10_000;
/** Graph takes four calls of a mailbox at a time; these are of different ones. */
const MAXIMUM_AT_A_TIME = 8;
const MAXIMUM_KEPT = 1_000;

interface Asked<T> {
  answer: Promise<T>;
  until: number;
}

export class AskedMailboxes<T> {
  readonly #clock: Clock;
  readonly #ask: (mailbox: string) => Promise<T>;
  readonly #asked = new Map<string, Asked<T>>();
  #open = 0;

  constructor(clock: Clock, ask: (mailbox: string) => Promise<T>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Undefined if so many others are being asked about that this one is not. */
  ask(mailbox: string): Promise<T> | undefined {
    const now = this.#clock.now();
    const kept = this.#asked.get(mailbox);
    if (kept && kept.until > now) return kept.answer;
    if (this.#open >= MAXIMUM_AT_A_TIME) return undefined;
    this.#open++;
    const asked: Asked<T> = { until: Number.POSITIVE_INFINITY, answer: this.#answer(mailbox) };
    this.#keep(mailbox, asked);
    return asked.answer;
  }

  async #answer(mailbox: string): Promise<T> {
    let until = 0;
    try {
      const answer = await this.#ask(mailbox);
      until = this.#clock.now() + KEEP_MS;
      return answer;
    } finally {
      this.#open--;
      const asked = this.#asked.get(mailbox);
      if (asked) asked.until = until;
    }
  }

  /** The oldest go first. */
  #keep(mailbox: string, asked: Asked<T>): void {
    this.#asked.delete(mailbox);
    this.#asked.set(mailbox, asked);
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > MAXIMUM_KEPT) this.#asked.delete(oldest as string);
  }
}
