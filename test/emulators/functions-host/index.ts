// What tests use of the Functions host emulator in their own process.
export { type FunctionsHost, type FunctionsHostOptions, startFunctionsHost } from './functions-host.ts';
export { type HostJson, parseHostJson } from './host-json.ts';
export type { LogEntry } from './log.ts';
export { readLocalSettings, type Settings } from './settings.ts';
export { WorkerError } from './worker-process.ts';
