// From what the worker registered to what the host runs: `%SETTING%` resolved, order and checks as in the real host.
import type { RpcBindingInfo, RpcFunctionMetadata } from './rpc.ts';
import { resolveExpression, type Settings } from './settings.ts';

interface Common {
  name: string;
  binding: string;
}
export interface HttpFunction extends Common {
  type: 'httpTrigger';
  route: string;
  methods: string[];
  authLevel: string;
}
export interface TimerFunction extends Common {
  type: 'timerTrigger';
  schedule: string;
  runOnStartup: boolean;
  useMonitor: boolean;
}
export interface ServiceBusFunction extends Common {
  type: 'serviceBusTrigger';
  queueName: string;
  connection: string;
  isSessionsEnabled: boolean;
  autoCompleteMessages: boolean | undefined;
}
export type HostFunction = HttpFunction | TimerFunction | ServiceBusFunction;

export interface FunctionTable {
  functions: HostFunction[];
  /** Functions that are not started, each with the reason. */
  errors: { name: string; message: string }[];
}

function resolveStrings(binding: RpcBindingInfo, settings: Settings): RpcBindingInfo {
  const resolved: RpcBindingInfo = { ...binding };
  // `connection` is not an expression but the prefix of settings.
  for (const [option, value] of Object.entries(binding))
    if (typeof value === 'string' && option !== 'connection') resolved[option] = resolveExpression(value, settings);
  return resolved;
}

function refuseWhatIsNotPlayed(metadata: RpcFunctionMetadata): void {
  if (metadata.retryOptions) throw new Error('retry policies are not played by this host');
  for (const [name, binding] of Object.entries(metadata.bindings)) {
    if (binding.direction === 'out' && binding.type.toLowerCase() !== 'http')
      throw new Error(`output binding '${name}' of type '${binding.type}' is not played by this host`);
    if (binding.direction === 'in' && !binding.type.endsWith('Trigger'))
      throw new Error(`input binding '${name}' of type '${binding.type}' is not played by this host`);
  }
}

function toHostFunction(metadata: RpcFunctionMetadata, settings: Settings): HostFunction {
  if (!/^[a-z][a-z0-9_-]{0,127}$/i.test(metadata.name) || metadata.name.toLowerCase() === 'host')
    throw new Error(`'${metadata.name}' is not a valid function name.`);
  refuseWhatIsNotPlayed(metadata);
  const entry = Object.entries(metadata.bindings).find(([, binding]) => binding.type.endsWith('Trigger'));
  if (!entry) throw new Error('No trigger binding specified.');
  const [bindingName, unresolved] = entry;
  const trigger = resolveStrings(unresolved, settings);
  const common = { name: metadata.name, binding: bindingName };
  switch (trigger.type) {
    case 'httpTrigger':
      return {
        ...common,
        type: 'httpTrigger',
        route: typeof trigger['route'] === 'string' && trigger['route'] !== '' ? trigger['route'] : metadata.name,
        methods: (trigger['methods'] as string[]).map((method) => method.toUpperCase()),
        authLevel: String(trigger['authLevel'] ?? 'function').toLowerCase(),
      };
    case 'timerTrigger':
      return {
        ...common,
        type: 'timerTrigger',
        schedule: String(trigger['schedule']),
        runOnStartup: trigger['runOnStartup'] === true,
        useMonitor: trigger['useMonitor'] !== false,
      };
    case 'serviceBusTrigger':
      if (typeof trigger['queueName'] !== 'string') throw new Error('only queues are played by this host, not topics');
      if (trigger['cardinality'] === 'many') throw new Error("cardinality 'many' is not played by this host");
      if (trigger['sdkBinding'] === true) throw new Error('sdkBinding is not played by this host');
      return {
        ...common,
        type: 'serviceBusTrigger',
        queueName: trigger['queueName'],
        connection: String(trigger['connection'] ?? 'AzureWebJobsServiceBus'),
        isSessionsEnabled: trigger['isSessionsEnabled'] === true,
        autoCompleteMessages: typeof trigger['autoCompleteMessages'] === 'boolean' ? trigger['autoCompleteMessages'] : undefined,
      };
    default:
      throw new Error(`trigger type '${trigger.type}' is not played by this host`);
  }
}

export function createFunctionTable(registered: RpcFunctionMetadata[], settings: Settings): FunctionTable {
  const table: FunctionTable = { functions: [], errors: [] };
  // The host sorts by name, ignoring case (FunctionMetadataManager): this order, not the one of registration, decides between routes.
  const ordinal = (metadata: RpcFunctionMetadata) => metadata.name.toUpperCase();
  for (const metadata of [...registered].sort((a, b) => (ordinal(a) < ordinal(b) ? -1 : 1))) {
    try {
      table.functions.push(toHostFunction(metadata, settings));
    } catch (error) {
      table.errors.push({ name: metadata.name, message: (error as Error).message });
    }
  }
  return table;
}
