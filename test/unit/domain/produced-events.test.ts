// Every event of the life cycle is produced by something that ships: a row of the table that nothing leads to would promise what never happens.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { EVENTS } from '../../../shared/domain/log/lifecycle.ts';

const SHARED = fileURLToPath(new URL('../../../shared', import.meta.url));
/** They list the events, and produce none. */
const LISTS = /lifecycle\.ts$|telemetry-events\.ts$/;
/** A name that something is compared with, in a `case` or a list that is searched. */
const ASKED = /(?:[=!]==\s*|\bcase\s+)'\w+'|'\w+'\s*[=!]==|\[[^\][]*\](?: as const)?\.includes\(/g;

/** The names that stand in what ships, in quotes or as the key of a table that turns one vocabulary into another. */
function produced(text: string): Set<string> {
  const source = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(ASKED, '');
  return new Set([...source.matchAll(/'(\w+)'/g)].map((match) => match[1] as string));
}

const SOURCE = ['domain', 'usecases']
  .flatMap((folder) => readdirSync(join(SHARED, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(SHARED, folder, name)))
  .filter((name) => name.endsWith('.ts') && !LISTS.test(name))
  .map((name) => readFileSync(name, 'utf8'))
  .join('\n');

test('every event is produced', () => {
  const names = produced(SOURCE);
  expect(EVENTS.filter((event) => !names.has(event))).toEqual([]);
});

test('a name that something is only compared with, or that stands in a comment, is not produced', () => {
  const text = "if (a === 'one' || ['two', 'three'].includes(b)) go(); // 'four'\nswitch (c) { case 'five': write({ type: 'six' }); }";
  expect([...produced(text)]).toEqual(['six']);
});
