// Waiting for a condition: often at first, seldom later, since a look costs as much as the work that is waited for.
import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  patienceMs?: number;
  /** The longest pause between two looks. */
  everyMs?: number;
}

/** What hangs is told, shortly before the time-out of the test (vitest.config.ts): by then it has had the time that it takes on a machine with sevenfold load. */
export const PATIENCE_MS = 270_000;

/** Whole tables are read less often. */
export const SELDOM: Patience = { everyMs: 1_000 };

const FIRST_MS = 50;
const GROWTH = 1.5;

const HANGS = Symbol('hangs');

/** Polls until it holds; `what` and the last value are in the error when it never does. A look that throws counts for nothing, and one that hangs is not waited for. */
export async function until<T>(
  what: string,
  look: () => Promise<T>,
  holds: (value: T) => boolean,
  { patienceMs = PATIENCE_MS, everyMs = 600 }: Patience = {},
): Promise<T> {
  let last: T | undefined;
  let pause = FIRST_MS;
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(pause)) {
    const seen = await Promise.race([look().catch(() => last), sleep(end - Date.now(), HANGS, { ref: false })]);
    if (seen === HANGS) break;
    last = seen;
    if (last !== undefined && holds(last)) return last;
    pause = Math.min(pause * GROWTH, everyMs);
  }
  throw new Error(`never ${what}: ${JSON.stringify(last, undefined, 1)?.slice(0, 4_000)}`);
}
