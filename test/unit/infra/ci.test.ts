// What runs elsewhere names scripts that there are, and checks the same on every machine.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './bicep.ts';

const text = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const { scripts, engines } = JSON.parse(text('package.json')) as { scripts: Record<string, string>; engines: { node: string } };
const named = (words: string): string[] => [...words.matchAll(/npm (?:run )?(?:--silent )?([a-z:]+)/g)].map((match) => match[1] as string);
const NPM_ITSELF = ['ci', 'install', 'has'];

it.each(['.github/workflows/ci.yml', '.ci/run', 'azure.yaml', 'infra/README.md', 'README.md', 'OPERATIONS.md'])(
  '%s names npm scripts that there are',
  (file) => {
    expect(named(text(file)).filter((name) => !(name in scripts) && !NPM_ITSELF.includes(name))).toEqual([]);
  },
);

it('the hosted workflow packs and checks, on every Node that is supported', () => {
  const workflow = text('.github/workflows/ci.yml');
  expect(named(workflow)).toEqual(expect.arrayContaining(['package', 'check']));
  const versions = /node: \[(.*)\]/.exec(workflow)?.[1]?.replaceAll("'", '').split(', ');
  expect(versions).toEqual(['20', '22', '24']);
  expect(engines.node.startsWith(`>=${versions?.[0]}`)).toBe(true);
});

it('npm run check and .ci/run do the same', () => {
  const parts = (words: string) => named(words).filter((name) => !NPM_ITSELF.includes(name));
  expect(parts(text('.ci/run').replace(/^#.*$/gm, ''))).toEqual(parts(scripts['check'] ?? ''));
});
