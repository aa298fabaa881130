// The word list of the spelling check stays short: in order, and without words that nobody uses.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const words = read('words.txt').trimEnd().split('\n');

test('words.txt is sorted, in lower case, and has each word once', () => {
  expect(words).toEqual([...new Set(words.map((word) => word.toLowerCase()))].sort());
});

test('words.txt has no word that stands nowhere', () => {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'], { cwd: ROOT });
  const deleted = execFileSync('git', ['ls-files', '--deleted'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
  const files = listed.toString().trimEnd().split('\n');
  const others = files.filter((name) => !['words.txt', 'package-lock.json', ...deleted].includes(name));
  const text = others.map((name) => read(name).toLowerCase()).join('\n');
  expect(words.filter((word) => !text.includes(word))).toEqual([]);
});
