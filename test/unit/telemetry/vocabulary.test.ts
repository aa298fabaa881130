// The vocabulary holds what the code tells: no more, and a query can trust it; no less, since nothing else compiles.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { EVENTS } from '../../../shared/domain/log/lifecycle.ts';
import { TELEMETRY_EVENTS } from '../../../shared/domain/log/telemetry-events.ts';
import { TELEMETRY_PROPERTIES } from '../../../shared/domain/log/telemetry-properties.ts';

const SHARED = fileURLToPath(new URL('../../../shared', import.meta.url));
const SOURCE = readdirSync(SHARED, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('telemetry-events.ts'))
  .map((name) => readFileSync(join(SHARED, name), 'utf8'))
  .join('\n');

test('every event is told somewhere', () => {
  const told = new Set([...SOURCE.matchAll(/(?:\.event|telemetryLine)\(\s*'(\w+)'/g)].map((match) => match[1]));
  const silent = Object.keys(TELEMETRY_EVENTS).filter((name) => !told.has(name) && !(EVENTS as readonly string[]).includes(name));
  expect(silent).toEqual([]);
});

test('every property belongs to an event', () => {
  const used = new Set(Object.values(TELEMETRY_EVENTS).flatMap(({ properties }) => properties as readonly string[]));
  expect(Object.keys(TELEMETRY_PROPERTIES).filter((name) => !used.has(name))).toEqual([]);
});

test('no property is made for content, subjects or recipients', () => {
  expect(Object.keys(TELEMETRY_PROPERTIES).join(' ')).not.toMatch(/recipient|address|subject|body|content|token/i);
});
