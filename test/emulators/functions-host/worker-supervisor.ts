// Keeps one worker running: starts a new one whenever it ends, lets invocations wait meanwhile.
import type { RpcInvocationRequest, RpcInvocationResponse } from './rpc.ts';
import { type LoadedApp, WorkerProcess, type WorkerProcessOptions } from './worker-process.ts';

const restartDelay = 1000;

export class WorkerSupervisor {
  readonly #options: WorkerProcessOptions;
  readonly #onRestart: (pid: number) => void;
  #worker: WorkerProcess;
  #ready: Promise<LoadedApp>;
  #stopping = false;
  #restarting = false;

  constructor(options: WorkerProcessOptions, onRestart: (pid: number) => void) {
    this.#options = options;
    this.#onRestart = onRestart;
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
    this.#worker.kill();
    this.#replace(this.#worker);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#worker.terminate();
  }

  #superviseFrom(worker: WorkerProcess): void {
    void worker.exited.then(() => this.#replace(worker));
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
