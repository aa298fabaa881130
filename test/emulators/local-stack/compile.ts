// Turns the emulators' TypeScript into one plain file each: a part is up in a fraction of the time that a loader takes.
import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const EMULATORS = fileURLToPath(new URL('..', import.meta.url));
/** Below the project, so that packages are found. */
const FOLDER = fileURLToPath(new URL('../../../dist/emulators', import.meta.url));
const NAMES = ['functions-host', 'graph-mail', 'service-bus'] as const;

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

/** Safe beside others that do the same: each file appears whole. */
export async function compileEmulators(): Promise<void> {
  if (process.env[COMPILED]) return;
  const { outputFiles } = await build({
    entryPoints: NAMES.map((name) => ({ in: join(EMULATORS, name, 'main.ts'), out: name })),
    outdir: FOLDER,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'inline',
    plugins: [ownPlace],
    write: false,
    logLevel: 'warning',
  });
  await mkdir(FOLDER, { recursive: true });
  for (const { path, contents } of outputFiles) {
    const partial = `${path}.${process.pid}`;
    await writeFile(partial, contents);
    await rename(partial, join(FOLDER, basename(path)));
  }
}
