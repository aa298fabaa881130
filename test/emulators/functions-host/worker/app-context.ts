// What one loaded app has registered with its worker: functions, hooks, programming model.
import type { RpcFunctionMetadata, RpcInvocationRequest, RpcInvocationResponse, RpcLogCategory, RpcLogLevel } from '../rpc.ts';

export type FunctionCallback = (...args: unknown[]) => unknown;
export type HookCallback = (context: unknown) => unknown;

export interface CoreInvocationContext {
  invocationId: string;
  request: RpcInvocationRequest;
  metadata: RpcFunctionMetadata;
  state: string | undefined;
  log(level: RpcLogLevel, category: RpcLogCategory, message: string): void;
}

interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<RpcInvocationResponse>;
}

export interface ProgrammingModel {
  name: string;
  version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel | Promise<InvocationModel>;
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

export interface AppContext {
  readonly functions: Map<string, { metadata: RpcFunctionMetadata; callback: FunctionCallback }>;
  readonly hooks: Map<string, HookCallback[]>;
  readonly appHookData: Record<string, unknown>;
  readonly appLevelOnlyHookData: Record<string, unknown>;
  programmingModel: ProgrammingModel | undefined;
  hasFinishedStartup: boolean;
}

export function createAppContext(): AppContext {
  return {
    functions: new Map(),
    hooks: new Map(),
    appHookData: {},
    appLevelOnlyHookData: {},
    programmingModel: undefined,
    hasFinishedStartup: false,
  };
}
