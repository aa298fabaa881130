// Health: whether the process lives, and whether what it depends on can be reached.
import type { HttpResponseInit } from '@azure/functions';
import type { HttpHandler } from './handler.ts';

/** One dependency; `check` throws if it is out of reach. */
export interface Dependency {
  name: string;
  check: () => Promise<void>;
}

const CHECK_TIMEOUT_MS = 5_000;

const json = (status: number, body: unknown): HttpResponseInit => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});

export const healthLiveHandler =
  (version: string): HttpHandler =>
  async () =>
    json(200, { status: 'live', version });

async function stateOf({ name, check }: Dependency, timeoutMs: number): Promise<{ name: string; reachable: boolean; reason?: string }> {
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

export function healthReadyHandler(dependencies: readonly Dependency[], timeoutMs = CHECK_TIMEOUT_MS): HttpHandler {
  return async () => {
    const states = await Promise.all(dependencies.map((dependency) => stateOf(dependency, timeoutMs)));
    const ready = states.every(({ reachable }) => reachable);
    return json(ready ? 200 : 503, { status: ready ? 'ready' : 'notReady', dependencies: states });
  };
}
