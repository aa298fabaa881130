// What a pump does while Service Bus is out of reach: waits shortly between attempts, and doesn't fill the log.

const first = 100;
const longest = 1000;
const logInterval = 10_000;

export class Backoff {
  readonly #signal: AbortSignal;
  #delay = first;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  reset(): void {
    this.#delay = first;
  }

  wait(): Promise<void> {
    const delay = this.#delay;
    this.#delay = Math.min(delay * 2, longest);
    if (this.#signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, delay);
      this.#signal.addEventListener('abort', end);
    });
  }
}

/** Resolves with the promise, or with undefined when the signal comes first. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  let onAbort = () => {};
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
    signal.addEventListener('abort', onAbort);
  });
  try {
    return signal.aborted ? undefined : await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    promise.catch(() => {});
  }
}

/** Reports failures, but while they go on only every ten seconds. */
export function createFailureLog(write: (message: string) => void): (error: Error) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (Date.now() - last < logInterval) return;
    last = Date.now();
    write(`Service Bus: ${error.message}`);
  };
}

/** Waits until the promises are settled, or for the time given. */
export async function settledWithin(promises: Iterable<Promise<unknown>>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([Promise.allSettled([...promises]), late]);
  clearTimeout(timer);
}
