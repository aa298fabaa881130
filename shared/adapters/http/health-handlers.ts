// Health: whether the process lives, and whether what it depends on can be reached.
import type { HttpResponseInit } from '@azure/functions';
import type { Clock } from '../../ports/clock.ts';
import type { HttpHandler } from './handler.ts';

/** One dependency; `check` throws if it is out of reach. */
export interface Dependency {
  name: string;
  check: () => Promise<void>;
}

const CHECK_TIMEOUT_MS = 5_000;
const GOOD_FOR_MS = 5_000;

export const healthAnswer = (status: number, body: unknown): HttpResponseInit => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});

export const healthLiveHandler =
  (version: string): HttpHandler =>
  async () =>
    healthAnswer(200, { status: 'live', version });

interface State {
  name: string;
  reachable: boolean;
  /** For the log only: who asks is not known. */
  reason?: string;
}

async function stateOf({ name, check }: Dependency, timeoutMs: number): Promise<State> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([check(), late]);
    return { name, reachable: true };
  } catch (error) {
    return { name, reachable: false, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Anybody may ask, so an answer is good for some seconds, and says which dependency is out of reach but not why: the log does. */
export function healthReadyHandler(dependencies: readonly Dependency[], clock: Clock, timeoutMs = CHECK_TIMEOUT_MS): HttpHandler {
  let asked: { at: number; states: Promise<readonly State[]> } | undefined;
  return async (_request, invocation) => {
    const known = asked !== undefined && clock.now() < asked.at + GOOD_FOR_MS;
    if (asked === undefined || !known) {
      const states = Promise.all(dependencies.map((dependency) => stateOf(dependency, timeoutMs)));
      asked = { at: clock.now(), states };
    }
    const states = await asked.states;
    for (const { name, reachable, reason } of known ? [] : states)
      if (!reachable) invocation.warn(`not ready: ${name} is out of reach: ${reason}`);
    const ready = states.every(({ reachable }) => reachable);
    const answered = states.map(({ name, reachable }) => ({ name, reachable }));
    return healthAnswer(ready ? 200 : 503, { status: ready ? 'ready' : 'notReady', dependencies: answered });
  };
}
