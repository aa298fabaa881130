// Send requests that this process is accepting right now: a gateway may give up on one, and its repeat comes before it has ended.

/** How long a repeat waits for the attempt before it. A call to Service Bus ends earlier than this (a few seconds each). */
const LONGEST_WAIT_MS = 60_000;

export class InFlight {
  readonly #pause: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly #running = new Map<string, Set<Promise<unknown>>>();

  /** `pause` resolves after so many milliseconds, or when the signal aborts. */
  constructor(pause: (ms: number, signal: AbortSignal) => Promise<unknown>) {
    this.#pause = pause;
  }

  /** Notes the work under its key until it ends. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key) ?? new Set();
    this.#running.set(key, running);
    const promise = work();
    const ended = promise.catch(() => undefined);
    running.add(ended);
    try {
      return await promise;
    } finally {
      running.delete(ended);
      if (running.size === 0) this.#running.delete(key);
    }
  }

  /** Resolves once what runs under the key now has ended, or after a minute. */
  async ended(key: string): Promise<void> {
    const running = [...(this.#running.get(key) ?? [])];
    if (running.length === 0) return;
    const stop = new AbortController();
    await Promise.race([Promise.all(running), this.#pause(LONGEST_WAIT_MS, stop.signal).catch(() => undefined)]);
    stop.abort();
  }
}
