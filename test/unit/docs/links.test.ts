// Every link of the documents leads somewhere: the file is there, and so is the heading.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const LISTED = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'];
const documents = execFileSync('git', LISTED, { cwd: ROOT, encoding: 'utf8' })
  .trimEnd()
  .split('\n')
  .filter((name) => existsSync(join(ROOT, name)));

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8').replace(/^```.*?^```/gms, '');

/** As GitHub makes them of headings: lower case, without punctuation, blanks become hyphens; the second of its name ends in -1. */
function anchorsOf(path: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of textOf(path).matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const name = plain.replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
    let anchor = name;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${name}-${n}`;
    anchors.add(anchor);
  }
  for (const [, id = ''] of textOf(path).matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}

const targetsOf = (path: string): string[] =>
  [
    ...textOf(path)
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map((match) => match[1] as string);

test('the documents are found, and have links', () => {
  expect(documents).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/clients.md', 'infra/README.md']));
  expect(targetsOf('README.md').length).toBeGreaterThan(5);
});

test.each(documents)('the links of %s lead somewhere', (path) => {
  const broken = targetsOf(path).filter((target) => {
    if (/^(?:https?|mailto):/.test(target)) return !URL.canParse(target);
    const [file = '', anchor] = target.split('#');
    const found = file === '' ? path : join(dirname(path), file);
    return !existsSync(join(ROOT, found)) || (anchor !== undefined && !anchorsOf(found).has(anchor));
  });
  expect(broken).toEqual([]);
});
