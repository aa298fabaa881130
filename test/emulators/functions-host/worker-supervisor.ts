// Keeps one worker running: starts a new one whenever it ends, lets invocations wait meanwhile.
import type { RpcInvocationRequest, RpcInvocationResponse } from './rpc.ts';
import { type LoadedApp, WorkerProcess, type WorkerProcessOptions } from './worker-process.ts';

const restartDelay = 1000;
// RpcFunctionInvocationDispatcher: three errors for each process end the host, unless the last one is longer ago than this.
const errorThreshold = 3;
const errorInterval = 30 * 60_000;

export class WorkerSupervisor {
  readonly #options: WorkerProcessOptions;
  readonly #onRestart: (pid: number) => void;
  readonly #onExceeded: () => void;
  #worker: WorkerProcess;
  #ready: Promise<LoadedApp>;
  #stopping = false;
  #restarting = false;
  /** The worker that the host itself has ended: at functionTimeout, or by its control API. */
  #ended: WorkerProcess | undefined;
  #crashes: number[] = [];

  constructor(options: WorkerProcessOptions, onRestart: (pid: number) => void, onExceeded: () => void) {
    this.#options = options;
    this.#onRestart = onRestart;
    this.#onExceeded = onExceeded;
    this.#worker = new WorkerProcess(options);
    this.#ready = this.#worker.load();
  }

  /** Rejects when the app fails to load; then nothing is restarted. */
  async start(): Promise<LoadedApp> {
    const app = await this.#ready;
    this.#superviseFrom(this.#worker);
    return app;
  }

  get pid(): number {
    return this.#worker.pid;
  }

  /** Capabilities of the worker that runs now (its HTTP endpoint changes with every process). */
  async capabilities(): Promise<Record<string, string>> {
    return (await this.#ready).capabilities;
  }

  async invoke(request: RpcInvocationRequest): Promise<RpcInvocationResponse> {
    await this.#ready;
    return this.#worker.invoke(request);
  }

  /** From here on invocations wait for the next worker; what runs in this one fails. */
  kill(): void {
    this.#ended = this.#worker;
    this.#worker.kill();
    this.#replace(this.#worker);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#worker.terminate();
  }

  #superviseFrom(worker: WorkerProcess): void {
    void worker.exited.then(() => {
      if (worker !== this.#ended && !this.#stopping) this.#countCrash();
      this.#replace(worker);
    });
  }

  #countCrash(): void {
    const now = Date.now();
    if (now - (this.#crashes.at(-1) ?? now) > errorInterval) this.#crashes = [];
    this.#crashes.push(now);
    if (this.#crashes.length < errorThreshold) return;
    this.#stopping = true;
    this.#ready = Promise.reject(new Error('the host is shutting down'));
    this.#ready.catch(() => {});
    this.#options.log.host('critical', 'Exceeded language worker restart retry count. Shutting down Functions Host');
    this.#onExceeded();
  }

  #replace(worker: WorkerProcess): void {
    if (this.#stopping || this.#restarting || worker !== this.#worker) return;
    this.#options.log.host('error', `worker process ${worker.pid} ended; starting a new one`);
    this.#restarting = true;
    this.#ready = this.#restart().finally(() => {
      this.#restarting = false;
    });
    this.#ready.catch(() => {});
  }

  async #restart(): Promise<LoadedApp> {
    for (;;) {
      const worker = new WorkerProcess(this.#options);
      this.#worker = worker;
      try {
        const app = await worker.load();
        // It may have died meanwhile: then its end is seen after this restart is over.
        setImmediate(() => this.#superviseFrom(worker));
        this.#onRestart(worker.pid);
        return app;
      } catch (error) {
        worker.kill();
        if (this.#stopping) throw error;
        this.#options.log.host('error', `worker process failed to load the app: ${(error as Error).message}`);
        await new Promise((resolve) => setTimeout(resolve, restartDelay));
        if (this.#stopping) throw error;
      }
    }
  }
}
