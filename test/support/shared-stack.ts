// One stack for all scenarios that need no stack of their own: each has its own mailboxes, and changes nothing that others see.
// A stack costs some seconds of CPU until its processes have compiled what a mail needs.
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isWaiting, RunningStack, type SendRequest, startRunningStack, WHEN_TOLD } from './running-stack.ts';

/** Settings with which a doubt is over within seconds. */
export const QUICK = { RECONCILE_SCHEDULE: '*/2 * * * * *', GRAPH_TIMEOUT: 'PT3S', IN_DOUBT_GRACE: 'PT4S' };

/** Set for the processes of a test run by `startSharedStack`. */
const SHARED = 'TEST_STACK';
const LOG = fileURLToPath(new URL('../../dist/shared-stack.log', import.meta.url));
/** Kept current with the process ids. */
const STATE = fileURLToPath(new URL('../../dist/shared-stack.json', import.meta.url));

/** As in QUICK. */
const RECONCILE_EVERY_MS = 2_000;

interface Shared {
  urls: Record<string, string>;
  settings: Record<string, string>;
}

/** For a test run; ends with what it returns. */
export async function startSharedStack(): Promise<() => Promise<void>> {
  mkdirSync(dirname(LOG), { recursive: true });
  const log = createWriteStream(LOG);
  const running = await startRunningStack({
    settings: { ...QUICK, RECONCILE_SCHEDULE: WHEN_TOLD },
    stateFile: STATE,
    log: (line) => void log.write(`${line}\n`),
  });
  const { urls, settings } = running.stack;
  process.env[SHARED] = JSON.stringify({ urls, settings } satisfies Shared);
  return () => running.close().finally(() => log.end());
}

/**
 * A timer would visit all mailboxes of all tests, also while nobody waits for one: it took 0.14 seconds of CPU each second, to the end of the run.
 * Here whoever looks at a send request starts the runs.
 */
export class SharedStack extends RunningStack {
  #reconciledAt = 0;

  override async get(location: string): Promise<SendRequest> {
    const request = await super.get(location);
    // Copies and reports are the reconciler's; before there can be any, it has nothing to do.
    if (!isWaiting(request)) await this.reconcileSometimes();
    return request;
  }

  /** Starts a run of the reconciler, unless this process has started one a moment ago. */
  async reconcileSometimes(): Promise<void> {
    if (Date.now() < this.#reconciledAt + RECONCILE_EVERY_MS) return;
    this.#reconciledAt = Date.now();
    await this.startReconciling();
  }
}

/** Closing it does nothing. Throws outside of a test run. */
export function sharedStack(): SharedStack {
  const { urls, settings } = JSON.parse(process.env[SHARED] ?? '') as Shared;
  const pids = () => (JSON.parse(readFileSync(STATE, 'utf8')) as { pids: Record<string, number> }).pids;
  return new SharedStack({ urls, settings, pids, close: async () => undefined }, [`the log of the shared stack is ${LOG}`]);
}
