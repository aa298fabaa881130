// Every log line of app and library goes to the host through the app's own log hooks, which may change it.
import type { RpcLogCategory, RpcLogLevel } from '../rpc.ts';
import type { AppContext } from './app-context.ts';
import { sendToHost } from './channel.ts';

export interface LogLine {
  level: RpcLogLevel;
  category: RpcLogCategory;
  message: string;
  functionName?: string;
  invocationId?: string;
  invocationContext?: unknown;
}

export function logToHost(app: AppContext, line: LogLine): void {
  const { level, category, message, invocationContext } = line;
  const context = { hookData: {}, appHookData: app.appHookData, level, message, category, invocationContext };
  for (const callback of app.hooks.get('log') ?? []) callback(context);
  const { functionName, invocationId } = line;
  sendToHost({ type: 'log', level: context.level, category, message: context.message, functionName, invocationId });
}
