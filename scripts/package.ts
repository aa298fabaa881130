// `npm run package`: builds dist/app and packs it as dist/package.zip, which is deployed as it is: Azure installs nothing.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { zip } from './zip.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What the build writes, and azd packs by itself. */
export const APP = join(ROOT, 'dist/app');

/** Each new instance downloads all of it. */
const MAXIMUM_BYTES = 2 * 1024 * 1024;

/** The package of what was built last: all files of dist/app. */
export function packageBytes(): Buffer {
  const files = readdirSync(APP, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = files.map((entry) => relative(APP, join(entry.parentPath, entry.name)).replaceAll('\\', '/')).sort();
  return zip(names.map((name) => ({ name, bytes: readFileSync(join(APP, name)) })));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  // It takes no options.
  parseArgs();
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
  const bytes = packageBytes();
  const size = `dist/package.zip ${(bytes.length / 1024 / 1024).toFixed(2)} MB`;
  if (bytes.length >= MAXIMUM_BYTES) {
    console.error(`${size}: more than the limit of ${MAXIMUM_BYTES / 1024 / 1024} MB for a package`);
    process.exit(1);
  }
  writeFileSync(join(ROOT, 'dist/package.zip'), bytes);
  console.log(`${size}, sha256 ${createHash('sha256').update(bytes).digest('hex')}`);
}
