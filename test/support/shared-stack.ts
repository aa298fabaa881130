// One stack for all scenarios that need no stack of their own: each has its own mailboxes, and changes nothing that others see.
// A stack costs some seconds of CPU until its processes have compiled what a mail needs.
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunningStack, startRunningStack } from './running-stack.ts';

/** Settings with which a doubt is over within seconds. */
export const QUICK = { RECONCILE_SCHEDULE: '*/2 * * * * *', GRAPH_TIMEOUT: 'PT3S', IN_DOUBT_GRACE: 'PT4S' };

/** Set for the processes of a test run by `startSharedStack`. */
const SHARED = 'TEST_STACK';
const LOG = fileURLToPath(new URL('../../dist/shared-stack.log', import.meta.url));

interface Shared {
  urls: Record<string, string>;
  settings: Record<string, string>;
}

/** For a test run; ends with what it returns. */
export async function startSharedStack(): Promise<() => Promise<void>> {
  mkdirSync(dirname(LOG), { recursive: true });
  const log = createWriteStream(LOG);
  const running = await startRunningStack({ settings: QUICK, log: (line) => void log.write(`${line}\n`) });
  const { urls, settings } = running.stack;
  process.env[SHARED] = JSON.stringify({ urls, settings } satisfies Shared);
  return () => running.close().finally(() => log.end());
}

/** Closing it does nothing. Throws outside of a test run. */
export function sharedStack(): RunningStack {
  const { urls, settings } = JSON.parse(process.env[SHARED] ?? '') as Shared;
  return new RunningStack({ urls, settings, pids: () => ({}), close: async () => undefined }, [`the log of the shared stack is ${LOG}`]);
}
