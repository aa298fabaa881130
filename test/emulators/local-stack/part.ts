// One part of the local stack: a process that is started, watched, started again when it dies, and stopped by its id.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface PartOptions {
  name: string;
  /** Node's arguments; `ready` is what the part printed the first time, so that it comes back on the same port. */
  argv: (ready: ReadyLine | undefined) => string[];
  env: NodeJS.ProcessEnv;
  /** Turns a line of standard output into what the part has to say; undefined: an ordinary log line. */
  readLine: (line: string) => ReadyLine | undefined;
  log: (line: string) => void;
  changed: () => void;
}

/** What a part says of itself: `ready` once it is up, and later whatever changed. */
export type ReadyLine = { ready?: boolean } & Record<string, unknown>;

/** A part that dies comes back, as it would in Azure; one that dies at once again and again is left alone. */
const RESTART_DELAY_MS = 250;
const MAXIMUM_QUICK_DEATHS = 10;
const QUICK_MS = 2_000;
const STOP_PATIENCE_MS = 15_000;

export class Part {
  readonly name: string;
  readonly #options: PartOptions;
  #child: ChildProcess | undefined;
  #stopping = false;
  #quickDeaths = 0;
  #first: ReadyLine | undefined;
  /** Everything that the part has said of itself, newest first to win. */
  said: ReadyLine = {};

  constructor(options: PartOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the process; resolves when it says that it is ready, rejects with its last words when it ends before. */
  start(): Promise<ReadyLine> {
    const { argv, env, readLine, log, changed } = this.#options;
    const startedAt = Date.now();
    const child = spawn(process.execPath, argv(this.#first), { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.#child = child;
    const lastWords: string[] = [];
    return new Promise((resolve, reject) => {
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
        const said = readLine(line);
        if (!said) return log(`[${this.name}] ${line}`);
        // A part that is up again has forgotten what it said in its earlier life.
        this.said = said.ready ? said : { ...this.said, ...said };
        if (said.ready) {
          this.#first ??= said;
          resolve(said);
        }
        changed();
      });
      createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
        if (lastWords.push(line) > 20) lastWords.shift();
        log(`[${this.name}] ${line}`);
      });
      child.once('exit', (code, signal) => {
        reject(new Error(`${this.name} ended (${signal ?? code}) before it was ready:\n${lastWords.join('\n')}`));
        this.#died(startedAt, signal ?? String(code));
      });
    });
  }

  #died(startedAt: number, how: string): void {
    this.#child = undefined;
    if (this.#stopping || !this.#first) return;
    this.#quickDeaths = Date.now() - startedAt < QUICK_MS ? this.#quickDeaths + 1 : 0;
    if (this.#quickDeaths > MAXIMUM_QUICK_DEATHS) {
      this.#options.log(`[local-stack] ${this.name} keeps dying (${how}); it is left alone`);
      return;
    }
    this.#options.log(`[local-stack] ${this.name} died (${how}) and is started again`);
    setTimeout(() => {
      if (!this.#stopping) this.start().catch((error: Error) => this.#options.log(`[local-stack] ${error.message}`));
    }, RESTART_DELAY_MS);
  }

  /** SIGTERM, then SIGKILL for one that doesn't listen. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    // A part that listens on the channel would be kept alive by it.
    if (child.connected) child.disconnect();
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
    await ended;
    clearTimeout(killer);
  }
}
