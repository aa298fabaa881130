// What messages and documents say of a section of a document is true: somebody looks for it at night.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FOLDERS = ['functions', 'shared', 'scripts', 'infra'];
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'OPERATIONS.md', 'SECURITY.md', 'infra/README.md', 'infra/COSTS.md'];

const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const inFolder = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs|bicep|ps1|kql)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length));

/** Headings of a document, without a number in front. */
const headings = (document: string): string[] =>
  [...text(document).matchAll(/^#+ (?:\d+\. )?(.+)$/gm)].map((match) => (match[1] as string).replaceAll('`', '').toLowerCase());

const REFERENCE = new RegExp(`(${DOCUMENTS.map((path) => path.replaceAll('.', '\\.')).join('|')}), "([^"]+)"`, 'g');

const references = [...DOCUMENTS, ...FOLDERS.flatMap(inFolder)].flatMap((path) =>
  [...text(path).replaceAll('\\"', '"').matchAll(REFERENCE)].map(([, document, section]) => ({
    path,
    document: document as string,
    section: (section as string).toLowerCase(),
  })),
);

test('there are references to look at', () => expect(references.length).toBeGreaterThan(8));

test.each(references)('$path: $document, "$section"', ({ document, section }) => {
  expect(headings(document)).toContain(section);
});

test('sections that OPERATIONS.md links to are there', () => {
  const anchors = headings('OPERATIONS.md').map((heading) => heading.replace(/[^\w -]/g, '').replaceAll(' ', '-'));
  const linked = [...text('OPERATIONS.md').matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1]);
  expect(linked.filter((anchor) => !anchors.includes(anchor as string))).toEqual([]);
});

test('alerts that the doctor names are there', () => {
  const named = inFolder('scripts/doctor').flatMap((path) => [...text(path).matchAll(/\balert ([a-z-]+)/g)].map((match) => match[1]));
  expect(named.filter((name) => !headings('OPERATIONS.md').includes(name as string))).toEqual([]);
  expect(named).toContain('overdue');
});
