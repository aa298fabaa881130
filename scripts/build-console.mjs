// Builds the console for browsers: its own code in one file, and what only a sign-in needs in a chunk beside it.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const SOURCE = fileURLToPath(new URL('../shared/console', import.meta.url));
const COPIED = ['index.html', 'icon.svg'];

/**
 * @param {string} folder where the files go
 * @param {(path: string, content: string | Uint8Array) => void} write
 * @returns {Promise<string[]>} the paths of all files
 */
export async function buildConsole(folder, write) {
  mkdirSync(folder, { recursive: true });
  const { outputFiles } = await build({
    absWorkingDir: SOURCE,
    entryPoints: ['app.tsx', 'app.css'],
    bundle: true,
    format: 'esm',
    splitting: true,
    minify: true,
    platform: 'browser',

    target: ['es2022'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'eof',
    outdir: folder,
    chunkNames: '[name]-[hash]',
    write: false,
    logLevel: 'warning',
  });
  for (const { path, contents } of outputFiles) write(path, contents);
  for (const name of COPIED) write(join(folder, name), readFileSync(join(SOURCE, name)));
  return [...outputFiles.map(({ path }) => path), ...COPIED.map((name) => join(folder, name))];
}
