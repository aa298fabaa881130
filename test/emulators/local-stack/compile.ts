// Turns the emulators' TypeScript into one plain file each: a part is up in a fraction of the time that a loader takes.
import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { exportJWK, generateKeyPair } from 'jose';

const EMULATORS = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../../dist/emulators', import.meta.url));
const NAMES = ['event-grid', 'functions-host', 'graph-mail', 'service-bus'] as const;
const WORKER = join(FOLDER, 'worker.cjs');

/** Set by whoever has compiled already for the processes that it starts. */
export const COMPILED = 'EMULATORS_COMPILED';

export const compiled = (name: (typeof NAMES)[number]): string => join(FOLDER, `${name}.mjs`);

/** A file that asks where it is means its source: what it reads lies beside that. */
const ownPlace: Plugin = {
  name: 'own-place',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]test[\\/]emulators[\\/].*\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
    })),
};

/** The host's worker is compiled here once: otherwise each host would run the compiler when it starts. */
const compiledWorker: Plugin = {
  name: 'compiled-worker',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]functions-host[\\/]worker-bundle\.ts$/ }, () => ({
      loader: 'ts',
      contents: `export const workerFile = async () => ${JSON.stringify(WORKER)};`,
    })),
};

/** One file for Node, in memory: whoever builds it writes it. */
export const ONE_FILE = { bundle: true, platform: 'node', target: 'node20', write: false, logLevel: 'warning' } as const;

/** Some of the packages that are bundled are CommonJS. */
export const REQUIRE = "import { createRequire as makeRequire } from 'node:module';\nconst require = makeRequire(import.meta.url);";

/** The viewer's script is compiled here once, too, as page-script.ts does it. */
const compiledPage: Plugin = {
  name: 'compiled-page',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]graph-mail[\\/]viewer[\\/]page-script\.ts$/ }, async () => {
      const entryPoints = [join(EMULATORS, 'graph-mail/viewer/page/app.ts')];
      const { outputFiles } = await build({
        ...ONE_FILE,
        platform: 'browser',
        format: 'iife',
        target: 'es2022',
        minify: true,
        entryPoints,
      });
      return { loader: 'ts', contents: `export const pageScript = async () => ${JSON.stringify(outputFiles[0]?.text)};` };
    }),
};

/** The first key pair of each process is made here once: a stack would spend a tenth of its start on it. */
const compiledKeyPair: Plugin = {
  name: 'compiled-key-pair',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]graph-mail[\\/]identity[\\/]key-pair\.ts$/ }, async ({ path }) => {
      const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
      const [own, open] = await Promise.all([exportJWK(privateKey), exportJWK(publicKey)]);
      const imported = (jwk: object): string => `await importJWK(${JSON.stringify(jwk)}, 'RS256', { extractable: true })`;
      return {
        loader: 'ts',
        resolveDir: dirname(path),
        contents: `import { generateKeyPair, importJWK } from 'jose';
export const newKeyPair = () => generateKeyPair('RS256', { extractable: true });
export const firstKeyPair = async () => ({ privateKey: ${imported(own)}, publicKey: ${imported(open)} });`,
      };
    }),
};

/** Packages go into the files, too: a process that looks for their many files takes twice the time to start. */
const parts = () =>
  build({
    ...ONE_FILE,
    entryPoints: NAMES.map((name) => ({ in: join(EMULATORS, name, 'main.ts'), out: name })),
    outdir: FOLDER,
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    banner: { js: REQUIRE },
    plugins: [compiledWorker, compiledPage, compiledKeyPair, ownPlace],
  });

/** As test/emulators/functions-host/worker-bundle.ts does it, which says why. */
const worker = () =>
  build({
    ...ONE_FILE,
    entryPoints: [join(EMULATORS, 'functions-host/worker/main.ts')],
    outfile: WORKER,
    format: 'cjs',
    supported: { 'dynamic-import': true },
  });

/** Safe beside others that do the same: each file appears whole. */
export async function compileEmulators(): Promise<void> {
  if (process.env[COMPILED]) return;
  const results = await Promise.all([parts(), worker()]);
  await mkdir(FOLDER, { recursive: true });
  for (const { path, contents } of results.flatMap(({ outputFiles }) => outputFiles)) {
    const partial = `${path}.${process.pid}`;
    await writeFile(partial, contents);
    await rename(partial, join(FOLDER, basename(path)));
  }
}
