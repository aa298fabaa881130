// Builds what Azure gets: one CommonJS file with a source map, the script of its worker threads, and nothing of node_modules beside them.
import { build } from 'esbuild';

const result = await build({
  entryPoints: { main: 'functions/index.ts', 'mail-thread': 'shared/adapters/threads/mail-thread.ts' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Provided by the Functions host's worker; it is in no registry.
  external: ['@azure/functions-core'],
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  sourcemap: true,
  // Names and lines are enough for a stack trace; the sources themselves would make half of the package.
  sourcesContent: false,
  minify: true,
  // Azure's packages recognise errors by the names of their classes.
  keepNames: true,
  // Some of the packages are ES modules that ask where they are.
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  metafile: true,
  logLevel: 'warning',
});

const bytes = result.metafile.outputs['dist/main.cjs']?.bytes ?? 0;
console.log(`dist/main.cjs ${(bytes / 1024 / 1024).toFixed(2)} MB`);
