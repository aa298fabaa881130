// `npm run package`: builds the bundle and makes dist/package.zip, which goes to Azure as it is; nothing is installed there.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { zip } from './zip.ts';

const ROOT = new URL('../', import.meta.url);

/** What .funcignore lets through, so that the zip and `azd deploy` are the same. */
export const PACKAGED = [
  'host.json',
  'package.json',
  'dist/main.cjs',
  'dist/main.cjs.map',
  'dist/mail-thread.cjs',
  'dist/mail-thread.cjs.map',
] as const;

/** A cold start reads all of it. */
const MAXIMUM_BYTES = 2 * 1024 * 1024;

/** The package of the bundle that was built last. */
export function packageBytes(): Buffer {
  return zip(PACKAGED.map((name) => ({ name, bytes: readFileSync(new URL(name, ROOT)) })));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: fileURLToPath(ROOT), stdio: 'inherit' });
  if (status !== 0) process.exit(1);
  const bytes = packageBytes();
  const size = `dist/package.zip ${(bytes.length / 1024 / 1024).toFixed(2)} MB`;
  if (bytes.length >= MAXIMUM_BYTES) {
    console.error(`${size}: more than the ${MAXIMUM_BYTES / 1024 / 1024} MB that a package may have`);
    process.exit(1);
  }
  writeFileSync(new URL('dist/package.zip', ROOT), bytes);
  console.log(size);
}
