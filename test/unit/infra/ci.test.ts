// What runs elsewhere names scripts that there are, and checks the same on every machine.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from './bicep.ts';

const text = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const { scripts, engines } = JSON.parse(text('package.json')) as { scripts: Record<string, string>; engines: { node: string } };
const named = (words: string): string[] => [...words.matchAll(/npm (?:run )?(?:--silent )?([a-z:]+)/g)].map((match) => match[1] as string);
const NPM_ITSELF = ['ci', 'install', 'has'];

it.each([
  '.github/workflows/ci.yml',
  '.github/workflows/release.yml',
  '.ci/run',
  'azure.yaml',
  'infra/README.md',
  'README.md',
  'OPERATIONS.md',
])('%s names npm scripts that there are', (file) => {
  expect(named(text(file)).filter((name) => !(name in scripts) && !NPM_ITSELF.includes(name))).toEqual([]);
});

it('the hosted workflow packs and checks, on every Node that is supported', () => {
  const workflow = text('.github/workflows/ci.yml');
  expect(named(workflow)).toEqual(expect.arrayContaining(['package', 'check']));
  const versions = /node: \[(.*)\]/.exec(workflow)?.[1]?.replaceAll("'", '').split(', ');
  expect(versions).toEqual(['20', '22', '24']);
  expect(engines.node.startsWith(`>=${versions?.[0]}`)).toBe(true);
});

const workflows = readdirSync(join(ROOT, '.github/workflows'));

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, { permissions?: Record<string, string>; 'timeout-minutes'?: number; steps: { uses?: string; run?: string }[] }>;
}

describe.each(workflows)('the hosted workflow %s', (file) => {
  const words = text(`.github/workflows/${file}`);
  const { permissions, jobs } = parse(words) as Workflow;

  it('takes actions by their digest, with the version beside it: a tag can be moved', () => {
    const taken = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses])));
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.filter((uses) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses))).toEqual([]);
    for (const uses of taken) expect(words).toMatch(new RegExp(`${uses} # v\\d+\\.\\d+\\.\\d+\\n`));
  });

  it('has no right but to read, unless a job says which one it needs, and ends by itself', () => {
    expect(permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  it('puts nothing that a stranger writes into a script', () => {
    const scripts = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run = '' }) => run));
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });
});

it('the release keeps the package with its digest', () => {
  expect(text('.github/workflows/release.yml')).toContain('gh release create "$TAG" dist/package.zip dist/package.zip.sha256');
});

it('npm run check and .ci/run do the same', () => {
  const parts = (words: string) => named(words).filter((name) => !NPM_ITSELF.includes(name));
  expect(parts(text('.ci/run').replace(/^#.*$/gm, ''))).toEqual(parts(scripts['check'] ?? ''));
});
