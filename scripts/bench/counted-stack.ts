// A stack of which every operation is counted: storage is reached through proxies, and the log is kept.
import { billed } from '../../test/support/billed-bytes.ts';
import { type FaultProxy, startFaultProxy } from '../../test/support/fault-proxy.ts';
import { type RunningStack, startRunningStack, WHEN_TOLD } from '../../test/support/running-stack.ts';
import { newStorageAccount } from '../../test/support/storage-account.ts';
import { ToldLines } from '../../test/support/told.ts';
import { proveMarks, queueCounters } from './traffic.ts';

export interface Operations {
  table: number;
  blob: number;
  queue: number;
  graph: number;
  /** Bytes that are billed, of the lines of the app. */
  log: number;
}

/** What each process asks every few seconds whether or not there is mail. */
const isOfPauses = ({ path }: { path: string }): boolean => decodeURIComponent(path).includes("'~pauses'");

export class CountedStack {
  readonly stack: RunningStack;
  readonly told: ToldLines;
  readonly #tables: FaultProxy;
  readonly #blobs: FaultProxy;
  readonly #close: () => Promise<void>;

  constructor(stack: RunningStack, told: ToldLines, tables: FaultProxy, blobs: FaultProxy, close: () => Promise<void>) {
    this.stack = stack;
    this.told = told;
    this.#tables = tables;
    this.#blobs = blobs;
    this.#close = close;
  }

  /** Since the last `forget`; of queue and Graph since the start. */
  async operations(): Promise<Operations> {
    const { sends, deliveries, completes } = await queueCounters(this.stack);
    const { totals } = await this.stack.graph<{ totals: Record<string, number> }>('GET', 'stats');
    return {
      table: this.#tables.passed.filter((one) => !isOfPauses(one)).length,
      blob: this.#blobs.passed.length,
      queue: sends + deliveries + completes,
      graph: Object.values(totals).reduce((sum, count) => sum + count, 0),
      log: billed(this.told.lines, 0),
    };
  }

  /** What has passed is no longer needed: it holds the bodies. */
  forget(): void {
    for (const kept of [this.#tables.passed, this.#blobs.passed, this.told.lines]) kept.length = 0;
  }

  /** One run of the reconciler, over all that was accepted. */
  async reconcile(): Promise<void> {
    await this.stack.settled();
    const runs = () => this.told.lines.filter((line) => line.includes('"event":"reconciled"')).length;
    const before = runs();
    await this.stack.startReconciling();
    await this.told.until('reconciled', () => (runs() > before ? true : undefined));
  }

  close(): Promise<void> {
    return this.#close();
  }
}

/** The reconciler runs only when it is told to. A first mail has proved that marks survive. */
export async function startCountedStack(settings: Readonly<Record<string, string>> = {}): Promise<CountedStack> {
  const account = await newStorageAccount();
  const [tables, blobs] = await Promise.all([startFaultProxy(account.table), startFaultProxy(account.blob)]);
  const told = new ToldLines();
  const stack = await startRunningStack({
    storage: account.at({ table: tables.url, blob: blobs.url }),
    settings: { RECONCILE_SCHEDULE: WHEN_TOLD, GRAPH_TIMEOUT: 'PT20S', IN_DOUBT_GRACE: 'PT30S', EXCHANGE_LIMITS: 'on', ...settings },
    log: told.log,
  });
  const close = async () => {
    await stack.close();
    for (const one of [tables, blobs, account]) await one.close();
  };
  await proveMarks(stack, close);
  return new CountedStack(stack, told, tables, blobs, close);
}
