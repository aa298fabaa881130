// Provides the module `@azure/functions-core` to the app, as the real worker does: it is on no registry, only a running worker has it.
import Module from 'node:module';
import { hostVersion } from '../protocol.ts';
import type { RpcFunctionMetadata, RpcLogCategory, RpcLogLevel } from '../rpc.ts';
import type { AppContext, FunctionCallback, HookCallback, ProgrammingModel } from './app-context.ts';
import { logToHost } from './log.ts';

// 'log' exists since worker 3.10 (host 4.34); other names are refused with a RangeError, as there.
const hookNames = ['preInvocation', 'postInvocation', 'appStart', 'appTerminate', 'log'];

class Disposable {
  #callOnDispose: (() => unknown) | undefined;
  constructor(callOnDispose?: () => unknown) {
    this.#callOnDispose = callOnDispose;
  }
  static from(...disposables: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const disposable of disposables) disposable.dispose();
    });
  }
  dispose(): void {
    this.#callOnDispose?.();
    this.#callOnDispose = undefined;
  }
}

function systemError(message: string, name = 'Error'): Error {
  const error = name === 'RangeError' ? new RangeError(message) : new Error(message);
  return Object.assign(error, { isAzureFunctionsSystemError: true });
}

function createCoreApi(app: AppContext) {
  return {
    version: '3.12.0',
    hostVersion,
    Disposable,
    registerFunction(metadata: RpcFunctionMetadata, callback: FunctionCallback): Disposable {
      if (app.hasFinishedStartup) throw systemError('A function can only be registered during app startup.');
      app.functions.set(metadata.name, { metadata, callback });
      return new Disposable(() => app.functions.delete(metadata.name));
    },
    registerHook(hookName: string, callback: HookCallback): Disposable {
      if (!hookNames.includes(hookName)) throw systemError(`Unrecognized hook "${hookName}"`, 'RangeError');
      const callbacks = app.hooks.get(hookName) ?? [];
      callbacks.push(callback);
      app.hooks.set(hookName, callbacks);
      return new Disposable(() => {
        const index = callbacks.indexOf(callback);
        if (index >= 0) callbacks.splice(index, 1);
      });
    },
    setProgrammingModel(model: ProgrammingModel): void {
      app.programmingModel = model;
    },
    getProgrammingModel: () => app.programmingModel,
    log: (level: RpcLogLevel, category: RpcLogCategory, message: string) => logToHost(app, { level, category, message }),
  };
}

/** Must run before the app is loaded: the library caches its first look for the module, also a failed one. */
export function provideCoreApi(app: AppContext): void {
  const core = createCoreApi(app);
  const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
  const load = loader._load.bind(loader);
  loader._load = (request, ...rest) => (request === '@azure/functions-core' ? core : load(request, ...rest));
}
