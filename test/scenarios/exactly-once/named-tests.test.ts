// ARCHITECTURE.md names a test for everything that can go wrong: each of them exists, and no crash point or outage is missing there.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const [, section = ''] = /## What can go wrong, and what then\n(.*?)\n## /s.exec(read('../../../ARCHITECTURE.md')) ?? [];
const named = [...section.matchAll(/\| `([\w-]+\.test\.ts)`: (.+) \|$/gm)].map(([, file = '', name = '']) => ({ file, name }));

test('every row names a test that is there', () => {
  expect(named.length).toBeGreaterThan(50);
  const missing = named.filter(({ file, name }) => !read(file).includes(`'${name}'`));
  expect(missing).toEqual([]);
});

test.each(['crash-points-submit.test.ts', 'crash-points-reconcile.test.ts', 'outages.test.ts'])('every case of %s has its row', (file) => {
  const cases = [...read(file).matchAll(/\bname: '([^']+ [^']+)'/g)].map(([, name]) => name);
  const rows = named.filter((row) => row.file === file).map(({ name }) => name);
  expect(cases.length).toBeGreaterThan(5);
  expect(cases.filter((name) => !rows.includes(name as string))).toEqual([]);
});
