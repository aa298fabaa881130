// Builds what Azure gets, as a folder: dist/app. azd packs that folder as it is, and so does `npm run package`; nothing of node_modules is in it.
// It has the bundle in chunks, of which the start of the app reads only what it needs, and the script of its worker threads.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { buildConsole } from './build-console.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const APP = join(ROOT, 'dist/app');
const MAIN = join(APP, 'dist/main.cjs');

/**
 * Not minified, and without a source map: lines of a stack trace can be read in the chunk itself, which names each module's file.
 * Minified it loads no faster; a source map that Node reads at start costs 0.13 s and 88 MB (measured on Node 20).
 */
const COMMON = /** @type {const} */ ({
  platform: 'node',
  target: 'node20',
});

/** The texts that zod has for its errors in forty languages: English is the one that it uses unless told otherwise. */
const englishOnly = {
  name: 'english-only',
  /** @param {import('esbuild').PluginBuild} build */
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: "export { default as en } from './en.js';" }));
  },
};

/** The names of the modules' files are comments, which a translation drops unless they are marked to be kept. */
const keepingFileNames = (/** @type {string} */ text) => text.replace(/^(\s*)\/\/ (?=\S+$)/gm, '$1//! ');

// esbuild divides only ES modules into chunks. The worker loads CommonJS, so each chunk is translated then.
const { outputFiles, metafile } = await build({
  ...COMMON,
  absWorkingDir: ROOT,
  entryPoints: { main: 'functions/index.ts', 'mail-thread': 'shared/adapters/threads/mail-thread.ts' },
  bundle: true,
  format: 'esm',
  splitting: true,
  // Provided by the Functions host's worker; it is in no registry.
  external: ['@azure/functions-core'],
  outdir: join(APP, 'dist'),
  outExtension: { '.js': '.cjs' },
  // Some of the packages are ES modules that ask where they are.
  define: { 'import.meta.url': 'bundleUrl' },
  plugins: [englishOnly],
  metafile: true,
  write: false,
  logLevel: 'warning',
});

/** Each file appears whole: an app that starts in the middle of a build reads no half of one, and no other name of the file changes. */
function write(/** @type {string} */ path, /** @type {string | Uint8Array} */ content) {
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, content);
  renameSync(partial, path);
}

mkdirSync(join(APP, 'dist'), { recursive: true });
for (const { path, text } of outputFiles) {
  const { code } = await transform(keepingFileNames(text), {
    ...COMMON,
    format: 'cjs',
    legalComments: 'inline',
    supported: { 'dynamic-import': false },
    banner: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;",
  });
  write(path, code);
}

const page = await buildConsole(join(APP, 'console'), write);

write(join(APP, 'host.json'), readFileSync(join(ROOT, 'host.json')));
const { name, version, type } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const about = { name, version, type, main: relative(APP, MAIN).replaceAll('\\', '/') };
write(join(APP, 'package.json'), `${JSON.stringify(about, undefined, 2)}\n`);

// Files of an older build are removed, so that they are not deployed.
const built = [...outputFiles.map(({ path }) => path), ...page, join(APP, 'host.json'), join(APP, 'package.json')];
for (const entry of readdirSync(APP, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (!entry.isDirectory() && !built.includes(path)) rmSync(path);
}

const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1024 / 1024).toFixed(2)} MB`;
const sizes = Object.entries(metafile.outputs).map(([path, { bytes }]) => ({ name: basename(path), bytes }));
console.log(`dist/app ${megabytes(sizes.reduce((sum, { bytes }) => sum + bytes, 0))}`);
if (process.argv.includes('--sizes')) for (const { name, bytes } of sizes) console.log(`  ${name} ${megabytes(bytes)}`);
