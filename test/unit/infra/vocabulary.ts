// The events and properties that the code emits, read from its source: what a query may name.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENTS } from '../../../shared/domain/lifecycle.ts';
import { ROOT } from './bicep.ts';

const EMITTED = /telemetry\s*\.event\(\s*('(\w+)'|event\.type)\s*,\s*\{([\s\S]*?)\}\s*\)/g;

/** The names in an object literal; a value that is a call or an object of its own is skipped. */
function propertyNames(literal: string): string[] {
  const flat = literal.replace(/\([^()]*\)|\{[^{}]*\}/g, '');
  return flat
    .split(',')
    .map((part) => /^\s*(\w+)/.exec(part)?.[1])
    .filter((name): name is string => name !== undefined);
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'));
}

/** Property names by event; every event of a request's life has those of the one place that tells them all. */
export const VOCABULARY: ReadonlyMap<string, ReadonlySet<string>> = (() => {
  const found = new Map<string, Set<string>>();
  const add = (event: string, names: readonly string[]) => found.set(event, new Set([...(found.get(event) ?? []), ...names]));
  for (const text of [...sources('shared'), ...sources('functions')]) {
    for (const [, how, name, literal] of text.matchAll(EMITTED)) {
      const names = propertyNames(literal ?? '');
      if (how === 'event.type') for (const event of EVENTS) add(event, names);
      else add(name as string, names);
    }
  }
  return found;
})();
