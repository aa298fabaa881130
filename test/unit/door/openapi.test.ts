// The OpenAPI description: it passes a linter, its examples are answered as it says, and it has every path that there is.
import { readdirSync, readFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, test } from 'vitest';
import { openApi } from '../../../shared/adapters/http/openapi.ts';
import { KNOWN_PATHS } from '../../../shared/adapters/http/unknown-path-handler.ts';
import type { Operation } from '../../../shared/domain/operations.ts';
import { mailDoor } from './door.ts';

interface Media {
  examples: Record<string, { value: unknown }>;
}
interface Described {
  operationId: Operation;
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, unknown>;
}
interface Description {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, unknown> };
}
const description = openApi('1.2.3') as Description;
const text = JSON.stringify(description);

test('passes the linter', async () => {
  // A probe takes no parameters, so there is nothing to refuse with a 4xx.
  const config = await createConfig({
    extends: ['recommended'],
    rules: { 'operation-4xx-response': 'off', 'no-invalid-media-type-examples': 'error', 'no-invalid-schema-examples': 'error' },
  });
  const findings = await lintFromString({ source: text, config });
  expect(findings.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)).toEqual([]);
});

test('refers only to components that it has, and uses each', () => {
  const used = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]*)"/g)].map(([, name]) => name));
  expect([...used].sort()).toEqual(Object.keys(description.components.schemas).sort());
  expect(text.match(/"\$ref"/g)).toHaveLength(text.match(/"#\/components\/schemas\/[A-Za-z]+"/g)!.length);
});

/** Those that take mail. */
const operations = Object.entries(description.paths).filter(([path, { post }]) => path.includes('/users/') && post?.requestBody);
const examples = operations.flatMap(([path, { post }]) =>
  Object.entries(post!.requestBody!.content).flatMap(([type, media]) =>
    Object.entries(media.examples).map(([name, { value }]) => [post!.operationId, name, path, type, value] as const),
  ),
);

describe('its examples', () => {
  test.each(examples)('%s: %s is answered 202', async (operation, _, path, type, value) => {
    const { post } = mailDoor(operation);
    const params = path.includes('{message}') ? { mailbox: 'ada@contoso.com', message: 'AAMk' } : { mailbox: 'ada@contoso.com' };
    const answer = await post({
      params,
      headers: { 'content-type': type },
      body: typeof value === 'string' ? value : JSON.stringify(value),
    });
    expect(answer.status).toBe(202);
  });
});

describe('its paths', () => {
  const functions = readdirSync('functions').map((file) => readFileSync(`functions/${file}`, 'utf8'));
  const all = functions.flatMap((source) => [...source.matchAll(/route: '([^'{][^']*)'/g)].map(([, route]) => `/${route}`));
  // Qualified names are another spelling of the same paths.
  const routes = all.filter((route) => !route.includes('microsoft.graph.'));

  test('are those of the functions', () => {
    expect(Object.keys(description.paths).sort()).toEqual(routes.sort());
  });

  test.each(Object.entries(description.paths))('%s answers another method with 405 and what is allowed', (path, methods) => {
    const example = path.replace(/\{[^}]*\}/g, 'x').toLowerCase();
    const allow = Object.keys(methods).map((method) => method.toUpperCase());
    expect(KNOWN_PATHS.find((known) => known.path.test(example))?.allow).toBe(allow.join(', '));
  });

  test('are found before the path of everything else: the host takes functions in the order of their names', () => {
    const names = functions.flatMap((source) => [...source.matchAll(/app\.http\('([^']+)'/g)].map(([, name]) => name));
    expect(names.sort().at(-1)).toBe('unknown-path');
  });
});
