// The shape of the Functions library's programming model, and of what the worker hands to it.
import type { InvocationContext } from '@azure/functions';

export type Callback = (...inputs: unknown[]) => unknown;

/** What this needs of `@azure/functions-core`, which only a running worker has (azure-functions-nodejs-worker, types-core). */
export interface InvocationModel {
  getArguments(): Promise<{ context: InvocationContext; inputs: unknown[] }>;
  invokeFunction(context: InvocationContext, inputs: unknown[], callback: Callback): Promise<unknown>;
  getResponse(context: InvocationContext, result: unknown): Promise<unknown>;
}

export interface CoreInvocationContext {
  invocationId: string;
  metadata: { name?: string; bindings?: Record<string, { type?: string; route?: unknown }> };
  request: { triggerMetadata?: Record<string, { string?: string; json?: string }> };
  log(level: 'warning', category: 'user', message: string): void;
}

export interface ProgrammingModel {
  name: string;
  version: string;
  getInvocationModel(core: CoreInvocationContext): InvocationModel;
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>> | Record<string, string>;
}
