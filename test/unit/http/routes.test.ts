// The route table: nothing is registered that is not in it, and the names in Azure stay what infrastructure and alerts call them.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type HttpDependencies, httpFunctions } from '../../../shared/adapters/http/handlers.ts';
import { methodsAt, unknownSegment } from '../../../shared/adapters/http/known-paths.ts';
import { MESSAGE_ACTIONS, methodsOf, QUALIFIED_ACTION, ROUTES, UNKNOWN_PATH } from '../../../shared/adapters/http/routes.ts';
import { ask, mailHttp } from './http.ts';

const functions = httpFunctions({
  ...mailHttp('sendMail').dependencies,
  version: '1.2.3',
  readiness: [],
  console: {},
} as unknown as HttpDependencies);

/** Azure knows functions by these names: alerts, queries and deployed settings use them. A new one is added here, none is changed. */
const NAMES_IN_AZURE = [
  'activity',
  'cancel-by-filter',
  'cancel-send-request',
  'console',
  'create-draft',
  'create-draft-in-drafts',
  'create-forward',
  'create-reply',
  'create-reply-all',
  'forward',
  'get-send-request',
  'health-live',
  'health-ready',
  'lift-suppression',
  'limits',
  'list-all-send-requests',
  'list-send-requests',
  'message-action-qualified',
  'openapi',
  'overview',
  'pauses',
  'preflight',
  'reply',
  'reply-all',
  'resend-by-filter',
  'resend-send-request',
  'resume',
  'send-draft',
  'send-mail',
  'send-mail-qualified',
  'suppressions',
  'unknown-path',
];

describe('the functions', () => {
  test('have the names that Azure knows', () => {
    expect(functions.map(({ name }) => name).sort()).toEqual(NAMES_IN_AZURE);
  });

  test('are those of the table, and the one for unknown paths comes last, by its name and by its place', () => {
    const named = [...ROUTES, QUALIFIED_ACTION, UNKNOWN_PATH].map(({ name }) => name);
    expect(functions.map(({ name }) => name)).toEqual(named);
    expect([...named].sort().at(-1)).toBe('unknown-path');
  });

  test('are registered from the table only: no other file registers a route', () => {
    const registering = readdirSync('functions').filter((file) => readFileSync(`functions/${file}`, 'utf8').includes('app.http'));
    expect(registering).toEqual(['http.ts']);
    expect(readFileSync('functions/http.ts', 'utf8').match(/app\.http\(/g)).toHaveLength(1);
  });

  test('have no two rows for the same method and path', () => {
    const keys = ROUTES.flatMap((route) =>
      methodsOf(route).map((method) => `${method} ${route.path.replace(/\{\w+\}/g, '{}').toLowerCase()}`),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('answer by the method of the request', async () => {
    const live = functions.find(({ name }) => name === 'health-live');
    expect(await ask(live!.handler, { method: 'GET', path: '/health/live', params: {} })).toMatchObject({ body: { version: '1.2.3' } });
    const openApi = functions.find(({ name }) => name === 'openapi');
    const answer = await openApi!.handler({ method: 'GET' } as never, {} as never);
    expect(answer).toMatchObject({ status: 200, jsonBody: { info: { version: '1.2.3' } } });
    const unknown = functions.find(({ name }) => name === 'unknown-path');
    expect(unknown).toMatchObject({ methods: expect.arrayContaining(['PUT', 'PATCH']), access: 'anonymous' });
  });
});

describe('a path', () => {
  test('of the table is known, whatever its letter case; so is each action of a message by its qualified name', () => {
    for (const route of ROUTES) {
      const segments = route.path
        .replace(/\{\*?\w+\}/g, 'x')
        .toUpperCase()
        .split('/');
      expect(methodsAt(segments)).toEqual(methodsOf(route));
    }
    for (const action of MESSAGE_ACTIONS.keys()) {
      expect(methodsAt(['v1.0', 'users', 'x', 'messages', 'x', `microsoft.graph.${action}`])).toEqual(['POST']);
    }
    expect(methodsAt(['v1.0', 'users', 'x', 'messages', 'x', 'microsoft.graph.move'])).toEqual([]);
  });

  test('is unknown from its first segment that no route has', () => {
    expect(unknownSegment(['v1.0', 'users', 'x', 'sendMail', 'y'])).toBe('y');
    expect(unknownSegment(['health', 'sendMail'])).toBe('sendMail');
    expect(unknownSegment(['v1.0', 'users'])).toBe('users');
    expect(unknownSegment([])).toBe('/');
  });
});

test('a pause whose id the host has no route for is not found', async () => {
  const unknown = functions.find(({ name }) => name === 'unknown-path');
  const answer = await ask(unknown!.handler, { method: 'DELETE', path: '/v1.0/pauses/a%0Ab', params: {} });
  expect(answer).toMatchObject({ status: 404, error: { code: 'ErrorItemNotFound' } });
});
