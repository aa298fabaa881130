// One invocation from the host's side: id, trace context, time-out, and the log lines around it.
import { randomBytes, randomUUID } from 'node:crypto';
import type { HostFunction } from './function-table.ts';
import type { Log } from './log.ts';
import type { RpcInvocationResponse, RpcTraceContext, RpcTypedData } from './rpc.ts';
import { WorkerError } from './worker-process.ts';
import type { WorkerSupervisor } from './worker-supervisor.ts';

export interface InvocationInput {
  data: RpcTypedData;
  triggerMetadata?: Record<string, RpcTypedData>;
  reason: string;
  traceParent?: string | undefined;
  traceState?: string | undefined;
  /** What the host awaits once the worker has responded, however that went. */
  afterResponse?: Promise<void>;
}

class FunctionTimeoutError extends Error {}

export interface Invoker {
  /** Resolves with the worker's response; rejects when the function threw, timed out, or its worker died. */
  invoke(target: HostFunction, input: InvocationInput, invocationId?: string): Promise<RpcInvocationResponse>;
  /** Resolves when nothing runs any more, or after the time given. */
  idle(timeout: number): Promise<boolean>;
}

/** W3C trace context: the caller's trace goes on under a span of our own. */
function traceContext(input: InvocationInput): RpcTraceContext {
  const caller = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/.exec(input.traceParent ?? '');
  const span = randomBytes(8).toString('hex');
  const traceParent = `00-${caller?.[1] ?? randomBytes(16).toString('hex')}-${span}-${caller?.[2] ?? '00'}`;
  return { traceParent, traceState: caller ? (input.traceState ?? '') : '', attributes: {} };
}

export function createInvoker(worker: WorkerSupervisor, log: Log, functionTimeout: number): Invoker {
  const running = new Set<Promise<unknown>>();

  async function run(target: HostFunction, input: InvocationInput, invocationId: string): Promise<RpcInvocationResponse> {
    const started = performance.now();
    log.function(target.name, invocationId, 'information', `Executing 'Functions.${target.name}' (Reason='${input.reason}')`);
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      if (functionTimeout === Number.POSITIVE_INFINITY) return;
      timer = setTimeout(() => {
        reject(new FunctionTimeoutError(`Timeout value of ${functionTimeout} ms was exceeded by function '${target.name}'.`));
        // A function in another process can't be cancelled: the host restarts the worker that runs it.
        worker.kill();
      }, functionTimeout);
    });
    const request = {
      invocationId,
      functionId: target.name,
      inputData: [{ name: target.binding, data: input.data }],
      triggerMetadata: input.triggerMetadata ?? {},
      traceContext: traceContext(input),
    };
    const duration = () => `Duration=${Math.round(performance.now() - started)}ms`;
    try {
      const responded = worker.invoke(request).finally(() => input.afterResponse);
      const response = await Promise.race([responded, timeout]);
      log.function(target.name, invocationId, 'information', `Executed 'Functions.${target.name}' (Succeeded, ${duration()})`);
      return response;
    } catch (error) {
      const detail = error instanceof WorkerError ? error.workerStack : (error as Error).message;
      log.function(target.name, invocationId, 'error', `Executed 'Functions.${target.name}' (Failed, ${duration()}): ${detail}`);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    invoke(target, input, invocationId = randomUUID()) {
      const invocation = run(target, input, invocationId);
      running.add(invocation);
      const remove = () => running.delete(invocation);
      invocation.then(remove, remove);
      return invocation;
    },
    async idle(timeout) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), timeout)));
      const done = Promise.allSettled([...running]).then(() => true);
      return Promise.race([done, late]).finally(() => clearTimeout(timer));
    },
  };
}
