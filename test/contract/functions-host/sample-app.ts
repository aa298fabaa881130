// Builds the sample app as the product is built and starts the host on it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type FunctionsHost, type FunctionsHostOptions, type LogEntry, startFunctionsHost } from '../../emulators/functions-host/index.ts';

export const sampleHostJson = fileURLToPath(new URL('./sample-app/host.json', import.meta.url));

export interface SampleFolder {
  folder: string;
  bundle: string;
  remove(): void;
}

export async function buildSampleApp(): Promise<SampleFolder> {
  const folder = mkdtempSync(join(tmpdir(), 'sample-app-'));
  const bundle = join(folder, 'main.cjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./sample-app/index.ts', import.meta.url))],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['@azure/functions-core'],
  });
  return { folder, bundle, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function writeHostJson(sample: SampleFolder, name: string, content: object): string {
  const file = join(sample.folder, name);
  writeFileSync(file, JSON.stringify({ version: '2.0', ...content }));
  return file;
}

export interface SampleHost extends FunctionsHost {
  entries: LogEntry[];
  /** Waits until a log line fits, and gives it. */
  logged(fits: (entry: LogEntry) => boolean): Promise<LogEntry>;
}

export const sampleSettings = { SAMPLE_ROUTE: 'from-setting', SAMPLE_SCHEDULE: '0 0 0 1 1 *', SAMPLE_QUEUE: 'sessions' };

export async function startSampleHost(sample: SampleFolder, options: Partial<FunctionsHostOptions> = {}): Promise<SampleHost> {
  const entries: LogEntry[] = [];
  const waiting = new Set<() => void>();
  const host = await startFunctionsHost({
    bundle: sample.bundle,
    hostJson: sampleHostJson,
    port: 0,
    writeLog: () => {},
    ...options,
    settings: { ...sampleSettings, ...options.settings },
    onLog(entry) {
      entries.push(entry);
      for (const check of [...waiting]) check();
    },
  });
  return Object.assign(host, {
    entries,
    logged(fits: (entry: LogEntry) => boolean): Promise<LogEntry> {
      return new Promise((resolve) => {
        const check = () => {
          const found = entries.find(fits);
          if (!found) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      });
    },
  });
}

/** What the echo functions of the sample app answer. */
export interface Echo {
  function: string;
  method: string;
  url: string;
  params: Record<string, string>;
  query: [string, string][];
  headers: Record<string, string>;
  bodyBase64: string;
  bodyLength: number;
  traceParent: string;
  pid: number;
  nodeVersion: string;
}

export const readEcho = async (response: Response): Promise<Echo> => (await response.json()) as Echo;
