// ARCHITECTURE.md says why each dependency is there: of every one, and of no other.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
const section = /^## Dependencies, and why each is there\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(read('ARCHITECTURE.md'))?.[1] ?? '';
const [shipped = '', development = ''] = section.split('Development only:');
const named = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string).sort();

test('each dependency that ships has a reason', () => {
  expect(named(shipped)).toEqual(Object.keys(dependencies ?? {}).sort());
});

test('each dependency of development has a reason', () => {
  expect(named(development)).toEqual(Object.keys(devDependencies ?? {}).sort());
});

test('each version is exact', () => {
  const versions = Object.values({ ...dependencies, ...devDependencies });
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});
