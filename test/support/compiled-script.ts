// A script as one file: it starts in a tenth of the time that a loader takes. What people run is the same source, by the loader.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { ONE_FILE, REQUIRE } from '../emulators/local-stack/compile.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = join(ROOT, 'dist/scripts');

/** The file that Node runs in place of this script; `path` is below the root. Safe beside others that do the same. */
export async function compiledScript(path: string): Promise<string> {
  const { outputFiles } = await build({ ...ONE_FILE, absWorkingDir: ROOT, entryPoints: [path], format: 'esm', banner: { js: REQUIRE } });
  const file = join(FOLDER, basename(path).replace(/\.ts$/, '.mjs'));
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, outputFiles[0]!.contents);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}
