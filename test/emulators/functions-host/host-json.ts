// Reads host.json: what this emulator plays of it, with the real host's defaults.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { RpcLogLevel } from './rpc.ts';
import { parseTimeSpan } from './time-span.ts';

export interface ServiceBusOptions {
  prefetchCount: number;
  autoCompleteMessages: boolean;
  /** Infinity if host.json says `-00:00:00.0010000`. */
  maxAutoLockRenewalDuration: number;
  maxConcurrentCalls: number;
  maxConcurrentSessions: number;
  maxConcurrentCallsPerSession: number;
  sessionIdleTimeout: number;
  clientRetryOptions: { exponential: boolean; tryTimeout: number; delay: number; maxDelay: number; maxRetries: number };
}

export interface HostJson {
  routePrefix: string;
  /** Milliseconds; Infinity if host.json says -1. */
  functionTimeout: number;
  logLevels: Record<string, RpcLogLevel>;
  serviceBus: ServiceBusOptions;
}

type Section = Record<string, unknown>;

function section(parent: Section, name: string): Section {
  const value = parent[name];
  return typeof value === 'object' && value !== null ? (value as Section) : {};
}

function duration(parent: Section, name: string, fallback: number): number {
  const value = parent[name];
  if (value === undefined || value === null) return fallback;
  if (String(value) === '-1') return Number.POSITIVE_INFINITY;
  const milliseconds = parseTimeSpan(String(value));
  if (milliseconds === undefined) throw new Error(`host.json: '${name}' is '${String(value)}', which is no time span (hh:mm:ss)`);
  return milliseconds === -1 ? Number.POSITIVE_INFINITY : milliseconds;
}

function count(parent: Section, name: string, fallback: number): number {
  const value = parent[name];
  if (value === undefined || value === null) return fallback;
  if (!Number.isInteger(value) || (value as number) < 0) throw new Error(`host.json: '${name}' must be a whole number of at least 0`);
  return value as number;
}

function readServiceBus(extension: Section): ServiceBusOptions {
  const retry = section(extension, 'clientRetryOptions');
  // ServiceBusRetryOptions of Azure.Messaging.ServiceBus: exponential, 3 retries, 0.8 s, 60 s, 60 s.
  const tryTimeout = duration(retry, 'tryTimeout', 60_000);
  return {
    prefetchCount: count(extension, 'prefetchCount', 0),
    autoCompleteMessages: extension['autoCompleteMessages'] !== false,
    maxAutoLockRenewalDuration: duration(extension, 'maxAutoLockRenewalDuration', 300_000),
    maxConcurrentCalls: count(extension, 'maxConcurrentCalls', 16 * availableParallelism()),
    maxConcurrentSessions: count(extension, 'maxConcurrentSessions', 8),
    maxConcurrentCallsPerSession: count(extension, 'maxConcurrentCallsPerSession', 1),
    sessionIdleTimeout: duration(extension, 'sessionIdleTimeout', tryTimeout),
    clientRetryOptions: {
      exponential: String(retry['mode'] ?? 'Exponential').toLowerCase() !== 'fixed',
      tryTimeout,
      delay: duration(retry, 'delay', 800),
      maxDelay: duration(retry, 'maxDelay', 60_000),
      maxRetries: count(retry, 'maxRetries', 3),
    },
  };
}

function readLogLevels(logging: Section): Record<string, RpcLogLevel> {
  const levels: Record<string, RpcLogLevel> = {};
  for (const [category, level] of Object.entries(section(logging, 'logLevel')))
    levels[category] = String(level).toLowerCase() as RpcLogLevel;
  return levels;
}

export function parseHostJson(text: string): HostJson {
  const root = JSON.parse(text) as Section;
  if (root['version'] !== '2.0') throw new Error(`host.json: 'version' must be "2.0"`);
  const extensions = section(root, 'extensions');
  return {
    routePrefix: String(section(extensions, 'http')['routePrefix'] ?? 'api').replace(/^\/+|\/+$/g, ''),
    functionTimeout: duration(root, 'functionTimeout', 300_000),
    logLevels: readLogLevels(section(root, 'logging')),
    serviceBus: readServiceBus(section(extensions, 'serviceBus')),
  };
}

export const readHostJson = (file: string): HostJson => parseHostJson(readFileSync(file, 'utf8'));
