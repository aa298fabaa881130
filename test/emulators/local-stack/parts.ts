// What the local stack is made of: for each part, how its process is started and what it says when it is ready.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compiled } from './compile.ts';
import type { ReadyLine } from './part.ts';

const require = createRequire(import.meta.url);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export interface PartSpec {
  name: string;
  argv: (first: ReadyLine | undefined) => string[];
  readLine: (line: string) => ReadyLine | undefined;
}

/** Our emulators print one line of JSON when they are ready, and others when something changes. */
export function readJsonLine(line: string): ReadyLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as ReadyLine;
  } catch {
    return undefined;
  }
}

const portOf = (url: unknown): string => new URL(String(url).replace(/^sb:/, 'http:')).port;

export const serviceBus = (directory: string): PartSpec => ({
  name: 'serviceBus',
  readLine: readJsonLine,
  argv: (first) => [
    compiled('service-bus'),
    '--port',
    first ? portOf(first['url']) : '0',
    '--control-port',
    first ? portOf(first['controlUrl']) : '0',
    // Service Bus keeps what it has taken, also when a node of it dies.
    '--state',
    join(directory, 'service-bus.journal'),
  ],
});

export const graph = (limits: boolean): PartSpec => ({
  name: 'graph',
  readLine: readJsonLine,
  argv: (first) => [
    compiled('graph-mail'),
    '--port',
    first ? portOf(first['url']) : '0',
    '--control',
    '--auto-create-mailboxes',
    ...(limits ? ['--limits'] : []),
  ],
});

export const eventGrid = (): PartSpec => ({
  name: 'eventGrid',
  readLine: readJsonLine,
  argv: (first) => [compiled('event-grid'), '--port', first ? portOf(first['url']) : '0'],
});

const LISTENING = /Azurite (Blob|Table) service is successfully listening at http:\/\/[^:]+:(\d+)/;

/** Azurite says where each service listens in a sentence of its own; both make it ready. Without a directory everything is in memory. */
export function storage(directory?: string): PartSpec {
  const ports: Record<string, string> = {};
  return {
    name: 'storage',
    readLine: (line) => {
      const [, service, port] = LISTENING.exec(line) ?? [];
      if (!service || !port) return undefined;
      ports[service] = port;
      return { ready: ports['Blob'] !== undefined && ports['Table'] !== undefined, blobPort: ports['Blob'], tablePort: ports['Table'] };
    },
    argv: (first) => [
      '--import',
      pathToFileURL(here('end-with-parent.mjs')).href,
      join(require.resolve('azurite/package.json'), '..', 'dist/src/azurite.js'),
      ...(directory === undefined ? ['--inMemoryPersistence'] : ['--location', join(directory, 'azurite')]),
      '--blobPort',
      String(first?.['blobPort'] ?? 0),
      '--tablePort',
      String(first?.['tablePort'] ?? 0),
      '--queuePort',
      '0',
      '--silent',
      '--skipApiVersionCheck',
      '--disableTelemetry',
      '--disableProductStyleUrl',
    ],
  };
}

export interface App {
  bundle: string;
  hostJson?: string | undefined;
  /** The Node that the worker runs on; default: this one. */
  node?: string | undefined;
}

export const functions = (port: number, { bundle, hostJson = here('../../../host.json'), node }: App): PartSpec => ({
  name: 'functions',
  readLine: readJsonLine,
  argv: (first) => [
    compiled('functions-host'),
    '--bundle',
    bundle,
    '--host-json',
    hostJson,
    '--port',
    first ? portOf(first['url']) : String(port),
    '--control',
    ...(node === undefined ? [] : ['--node', node]),
  ],
});
