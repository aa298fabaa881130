// `npm run test:quick [-- REVISION]`: the unit tests that are related to a change, and the architecture test, within seconds.
// A change is what differs from the last commit, or from the revision; files that git does not track yet count.
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** It reads files by their paths, so its imports do not show what it depends on. */
const ALWAYS = 'test/architecture.test.ts';
const MODULES = ['*.ts', '*.mjs'];

const git = (...options: string[]): string => execFileSync('git', options, { cwd: ROOT, encoding: 'utf8' });
const lines = (text: string): string[] => text.split('\n').filter(Boolean);

/** Files that are there and differ. Throws what git says if it does not know the revision. */
function changedSince(revision: string): string[] {
  const differing = git('diff', '--name-only', '--diff-filter=d', '--relative', revision, '--');
  return lines(differing + git('ls-files', '--others', '--exclude-standard'));
}

/** The words by which a module that reads a file without an import names it: its path, its name, or a folder above it. */
function namesOf(path: string): string[] {
  const parts = path.split('/');
  const folders = parts.slice(0, -1).map((_, depth) => `'${parts.slice(0, depth + 1).join('/')}'`);
  return /\.(ts|mjs)$/.test(path) ? [`${path}'`, ...folders] : [`${parts.at(-1)}'`, ...folders];
}

/** What `vitest related` is asked about: the files themselves, and the modules that read one of them. Paths below the root. */
export function relatedTo(changed: readonly string[]): string[] {
  const names = [...new Set(changed.flatMap(namesOf))].flatMap((name) => ['-e', name]);
  const search = spawnSync('git', ['grep', '--untracked', '-lF', ...names, '--', ...MODULES], { cwd: ROOT, encoding: 'utf8' });
  return [...new Set([ALWAYS, ...changed, ...(changed.length > 0 ? lines(search.stdout) : [])])];
}

function run(): number {
  const { positionals } = parseArgs({ allowPositionals: true });
  let changed: string[];
  try {
    changed = changedSince(positionals[0] ?? 'HEAD');
  } catch (error) {
    console.error(`npm run test:quick [-- REVISION] asks git what has changed: ${(error as Error).message}`);
    return 2;
  }
  const options = ['node_modules/vitest/vitest.mjs', 'related', '--run', '--project', 'unit', ...relatedTo(changed)];
  return spawnSync(process.execPath, options, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.exit(run());
