// Builds the console for browsers: its own code in one file, and what only a sign-in needs in a chunk beside it.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const SOURCE = fileURLToPath(new URL('../shared/console', import.meta.url));
const COPIED = ['index.html', 'icon.svg'];

/**
 * @param {string} folder where the files go
 * @returns {Promise<string[]>} the paths of all files
 */
export async function buildConsole(folder) {
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
  for (const { path, contents } of outputFiles) writeFileSync(path, contents);
  for (const name of COPIED) copyFileSync(join(SOURCE, name), join(folder, name));
  return [...outputFiles.map(({ path }) => path), ...COPIED.map((name) => join(folder, name))];
}
