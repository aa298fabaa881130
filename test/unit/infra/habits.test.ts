// What editors, version managers, containers and update bots are told is what package.json says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './bicep.ts';

const text = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const container = JSON.parse(text('.devcontainer/devcontainer.json')) as { image: string; postCreateCommand: string };
const oldest = Number(/\d+/.exec(JSON.parse(text('package.json')).engines.node)?.[0]);
const version = Number(text('.nvmrc'));

it('the Node of .nvmrc is one that the project supports and that the hosted workflow tries', () => {
  expect(version).toBeGreaterThanOrEqual(oldest);
  expect(text('.github/workflows/ci.yml')).toContain(`'${version}'`);
});

it('the dev container has the same Node, and is ready for npm test once it is made', () => {
  expect(container.image).toMatch(new RegExp(`:${version}(-|$)`));
  expect(container.postCreateCommand).toMatch(/&& npm ci$/);
});
