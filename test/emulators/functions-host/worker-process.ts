// One worker process: forked, loaded with the app, asked to run functions; everything in flight fails when it dies.
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Log } from './log.ts';
import type { HostMessage, WorkerMessage } from './protocol.ts';
import type { RpcException, RpcFunctionMetadata, RpcInvocationRequest, RpcInvocationResponse } from './rpc.ts';
import type { Settings } from './settings.ts';

export interface LoadedApp {
  functions: RpcFunctionMetadata[];
  capabilities: Record<string, string>;
}

/** The app failed to load (its own error), or a function threw. */
export class WorkerError extends Error {
  readonly workerStack: string;
  constructor(exception: RpcException) {
    super(exception.message);
    this.workerStack = exception.stackTrace;
  }
}

/** The worker process ended while it had work. */
class WorkerGoneError extends Error {}

export interface WorkerProcessOptions {
  workerFile: string;
  bundle: string;
  settings: Settings;
  nodePath: string;
  /** The host's own gRPC server. */
  serviceUrl: string;
  log: Log;
}

interface Pending {
  functionName: string;
  resolve(response: RpcInvocationResponse): void;
  reject(error: Error): void;
}

/** RpcWorkerContext.GetFormattedArguments: each one twice, since the newer names were added. */
function workerArguments(serviceUrl: string): string[] {
  const { hostname, port } = new URL(serviceUrl);
  const [workerId, requestId, length] = [randomUUID(), randomUUID(), String(2 ** 31 - 1)];
  const old = ['--host', hostname, '--port', port, '--workerId', workerId, '--requestId', requestId, '--grpcMaxMessageLength', length];
  const named = ['uri', serviceUrl, 'worker-id', workerId, 'request-id', requestId, 'grpc-max-message-length', length];
  return [...old, ...named.map((part, n) => (n % 2 === 0 ? `--functions-${part}` : part))];
}

export class WorkerProcess {
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  readonly #pending = new Map<string, Pending>();
  readonly #log: Log;
  readonly #bundle: string;
  #settleLoad: { resolve(app: LoadedApp): void; reject(error: Error): void } | undefined;
  #gone: string | undefined;

  constructor(options: WorkerProcessOptions) {
    this.#log = options.log;
    this.#bundle = options.bundle;
    this.#child = fork(options.workerFile, workerArguments(options.serviceUrl), {
      execPath: options.nodePath,
      execArgv: [],
      env: options.settings,
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child.on('message', (message) => this.#receive(message as WorkerMessage));
    this.#forwardLines(this.#child.stdout!, 'information');
    this.#forwardLines(this.#child.stderr!, 'error');
    this.exited = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#fail(`worker process could not be started: ${error.message}`, resolve));
      this.#child.once('exit', (code, signal) => this.#fail(`node exited with code ${code ?? signal}`, resolve));
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  load(): Promise<LoadedApp> {
    return new Promise((resolve, reject) => {
      this.#settleLoad = { resolve, reject };
      this.#send({ type: 'load', entryPoint: this.#bundle });
    });
  }

  invoke(request: RpcInvocationRequest): Promise<RpcInvocationResponse> {
    return new Promise((resolve, reject) => {
      if (this.#gone !== undefined) return reject(new WorkerGoneError(this.#gone));
      this.#pending.set(request.invocationId, { functionName: request.functionId, resolve, reject });
      this.#send({ type: 'invoke', request });
    });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Lets the app's appTerminate hooks run; the grace period of a terminating worker is 5 s. */
  async terminate(): Promise<void> {
    if (this.#gone !== undefined) return;
    this.#send({ type: 'terminate' });
    const timer = setTimeout(() => this.kill(), 5000);
    await this.exited;
    clearTimeout(timer);
  }

  #send(message: HostMessage): void {
    // A failed send means that the process is ending: 'exit' follows and fails what is in flight.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #receive(message: WorkerMessage): void {
    if (message.type === 'loaded') this.#settleLoad?.resolve({ functions: message.functions, capabilities: message.capabilities });
    else if (message.type === 'loadFailed') this.#settleLoad?.reject(new WorkerError(message.error));
    else if (message.type === 'log') this.#receiveLog(message);
    else {
      const pending = this.#pending.get(message.invocationId);
      this.#pending.delete(message.invocationId);
      if (message.type === 'invoked') pending?.resolve(message.response);
      else pending?.reject(new WorkerError(message.error));
    }
  }

  #receiveLog(message: Extract<WorkerMessage, { type: 'log' }>): void {
    const { functionName = '', invocationId = '', level, category } = message;
    if (functionName) this.#log.function(functionName, invocationId, level, message.message, category === 'user');
    else this.#log.host(level, message.message);
  }

  #forwardLines(stream: Readable, level: 'information' | 'error'): void {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#log.host(level, `worker: ${line}`);
    });
    stream.on('end', () => rest && this.#log.host(level, `worker: ${rest}`));
  }

  #fail(reason: string, resolve: () => void): void {
    this.#gone = reason;
    const error = new WorkerGoneError(reason);
    this.#settleLoad?.reject(error);
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
    resolve();
  }
}
