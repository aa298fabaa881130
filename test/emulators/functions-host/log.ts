// The host's log: readable lines on stderr, JSON lines in a file, filtered by host.json's log levels.
import { appendFileSync, closeSync, openSync } from 'node:fs';
import type { RpcLogLevel } from './rpc.ts';

export interface LogEntry {
  time: string;
  function: string;
  invocationId: string;
  level: RpcLogLevel;
  message: string;
}

export interface Log {
  /** A line of the host itself. */
  host(level: RpcLogLevel, message: string): void;
  /** A line about a function; `user` lines come from `context.log`. */
  function(name: string, invocationId: string, level: RpcLogLevel, message: string, user?: boolean): void;
  close(): void;
}

export interface LogOptions {
  levels?: Record<string, RpcLogLevel>;
  file?: string;
  write?: (line: string) => void;
  onEntry?: (entry: LogEntry) => void;
}

const order: RpcLogLevel[] = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'];

/** The longest category in host.json that begins the line's category decides; without any: information. */
function minimumLevel(levels: Record<string, RpcLogLevel>, category: string): RpcLogLevel {
  let best: string | undefined;
  for (const name of Object.keys(levels)) {
    const matches = name === 'default' || category === name || category.startsWith(`${name}.`);
    if (matches && (best === undefined || best === 'default' || (name !== 'default' && name.length > best.length))) best = name;
  }
  return best === undefined ? 'information' : levels[best]!;
}

export function createLog(options: LogOptions = {}): Log {
  const { levels = {}, write = (line: string) => process.stderr.write(line) } = options;
  const file = options.file === undefined ? undefined : openSync(options.file, 'a');
  let closed = false;

  function add(category: string, entry: Omit<LogEntry, 'time'>): void {
    if (order.indexOf(entry.level) < order.indexOf(minimumLevel(levels, category))) return;
    const full: LogEntry = { time: new Date().toISOString(), ...entry };
    const source = entry.invocationId ? `${entry.function} ${entry.invocationId}` : entry.function;
    write(`[${source}] ${entry.level} ${entry.message}\n`);
    if (file !== undefined && !closed) appendFileSync(file, `${JSON.stringify(full)}\n`);
    options.onEntry?.(full);
  }

  return {
    host: (level, message) => add('Host', { function: 'host', invocationId: '', level, message }),
    function: (name, invocationId, level, message, user = false) =>
      add(`Function.${name}${user ? '.User' : ''}`, { function: name, invocationId, level, message }),
    close() {
      if (file !== undefined && !closed) closeSync(file);
      closed = true;
    },
  };
}
