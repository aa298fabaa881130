// Turns the worker's TypeScript into one plain file, so that any Node version can run it and no loader touches the app under it.
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

let built: Promise<string> | undefined;

async function buildWorker(): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('./worker/main.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // esbuild would turn `import()` into `require()`, which Node 20 refuses for ES modules.
    supported: { 'dynamic-import': true },
    write: false,
  });
  const code = result.outputFiles[0]!.contents;
  const folder = join(tmpdir(), `functions-host-emulator-${process.getuid?.() ?? ''}`);
  const file = join(folder, `worker-${createHash('sha256').update(code).digest('hex').slice(0, 16)}.cjs`);
  mkdirSync(folder, { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, code);
  renameSync(partial, file);
  return file;
}

export function workerFile(): Promise<string> {
  built ??= buildWorker();
  return built;
}
