// What azd and the Functions tools deploy from this folder: the bundle and what names it, never node_modules.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { bicepFile, ROOT } from './bicep.ts';

const DEPLOYED = ['dist/main.cjs', 'dist/main.cjs.map', 'host.json', 'package.json'];
const LEFT_BEHIND = [
  '.git/config',
  '.github/workflows/ci.yml',
  'dist/other.js',
  'functions/http.ts',
  'infra/main.bicep',
  'local.settings.json',
  'node_modules/@azure/functions/package.json',
  'package-lock.json',
  'shared/config.ts',
  'test/unit/x.test.ts',
];

/** git reads the same patterns as .funcignore is written in. */
function kept(files: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'funcignore-'));
  try {
    for (const file of files.filter((name) => !name.startsWith('.git/'))) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), '');
    }
    copyFileSync(join(ROOT, '.funcignore'), join(folder, '.gitignore'));
    execFileSync('git', ['init', '--quiet', folder]);
    const listed = execFileSync('git', ['-C', folder, 'ls-files', '--others', '--exclude-standard'], { encoding: 'utf8' });
    return listed.trim().split('\n').sort();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('.funcignore keeps the bundle, host.json and package.json, and nothing else', () => {
  expect(kept([...DEPLOYED, ...LEFT_BEHIND])).toEqual(DEPLOYED);
});

it('the entry point of package.json is in the package', () => {
  expect(DEPLOYED).toContain(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).main);
});

it('azd builds before it packs, installs nothing in Azure, and finds the app by the tag that it carries', () => {
  const text = readFileSync(join(ROOT, 'azure.yaml'), 'utf8');
  expect(text).toMatch(/^ {4}remoteBuild: false$/m);
  expect(text).toMatch(/^ {4}language: custom$/m);
  expect(text).toMatch(/npm ci && npm run build/);
  const service = /^services:\n(?: +#.*\n)* {2}(\w+):/m.exec(text)?.[1];
  expect(bicepFile('main.bicep').text).toContain(`'azd-service-name': '${service}'`);
});
