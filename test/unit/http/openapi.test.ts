// The OpenAPI description: it passes a linter, its examples are answered as it says, and it has every path that there is.
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, test } from 'vitest';
import { cancelOrderSchema, resendOrderSchema } from '../../../shared/adapters/http/act-orders.ts';
import { methodsAt } from '../../../shared/adapters/http/known-paths.ts';
import { openApi } from '../../../shared/adapters/http/openapi.ts';
import { readRequestHeaders } from '../../../shared/adapters/http/request-headers.ts';
import { API_ROUTES } from '../../../shared/adapters/http/routes.ts';
import { LIST_OPTIONS, readListOptions } from '../../../shared/domain/log/list-options.ts';
import { isDraftOnly, OPERATION_TABLE, type Operation } from '../../../shared/domain/operations.ts';
import { undescribed } from '../../support/described-answers.ts';
import { mailHttp } from './http.ts';

interface Media {
  examples: Record<string, { value: unknown }>;
}
interface Described {
  operationId: Operation;
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, unknown>;
  parameters: { name: string; in: string }[];
  security?: object[];
}
interface Description {
  paths: Record<string, Record<string, Described>>;
  security: object[];
  components: { schemas: Record<string, unknown>; headers: Record<string, unknown>; securitySchemes: Record<string, unknown> };
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
  const used = new Set([...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, path]) => path));
  const { schemas, headers } = description.components;
  const pathsOf = (kind: string, components: object) => Object.keys(components).map((name) => `#/components/${kind}/${name}`);
  expect([...used].sort()).toEqual([...pathsOf('schemas', schemas), ...pathsOf('headers', headers)].sort());
});

/** Those that take mail in a body. */
const operations = Object.entries(description.paths).filter(
  ([, { post }]) => post?.requestBody && Object.hasOwn(OPERATION_TABLE, post.operationId),
);
const examples = operations.flatMap(([path, { post }]) =>
  Object.entries(post!.requestBody!.content).flatMap(([type, media]) =>
    Object.entries(media.examples).map(([name, { value }]) => [post!.operationId, name, path, type, value] as const),
  ),
);

describe('its examples', () => {
  test.each(examples)('%s: %s is answered 202', async (operation, _, path, type, value) => {
    const { post } = mailHttp(operation);
    const params = path.includes('{message}') ? { mailbox: 'ada@contoso.com', message: 'AAMk' } : { mailbox: 'ada@contoso.com' };
    const answer = await post({
      params,
      headers: { 'content-type': type },
      body: typeof value === 'string' ? value : JSON.stringify(value),
    });
    expect(answer.status).toBe(202);
  });
});

test.each([
  ['cancel', cancelOrderSchema],
  ['resend', resendOrderSchema],
] as const)('an example of %s is read as it stands', (action, schema) => {
  const { post } = description.paths[`/v1.0/users/{mailbox}/sendRequests/{id}/${action}`]!;
  const values = Object.values(post!.requestBody!.content['application/json']!.examples).map(({ value }) => value);
  expect(values.length).toBeGreaterThan(0);
  for (const value of values) expect(schema.safeParse(value).success).toBe(true);
});

describe('its paths', () => {
  test('are those of the routes; another spelling is not described twice', () => {
    const described = API_ROUTES.map(({ path }) => `/${path}`);
    expect(Object.keys(description.paths).sort()).toEqual(described.sort());
  });

  test('have one operation per operationId, and each path parameter is declared', () => {
    const all = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.values(methods).map(({ operationId, parameters }) => ({ path, operationId, parameters })),
    );
    expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length);
    for (const { path, parameters } of all) {
      const declared = parameters.filter(({ in: place }) => place === 'path').map(({ name }) => `{${name}}`);
      expect(declared).toEqual(path.match(/\{\w+\}/g) ?? []);
    }
  });

  test.each(Object.entries(description.paths))('%s answers another method with 405 and what is allowed', (path, methods) => {
    const example = path
      .replace(/\{[^}]*\}/g, 'x')
      .split('/')
      .filter(Boolean);
    expect(methodsAt(example)).toEqual(Object.keys(methods).map((method) => method.toUpperCase()));
  });
});

const parametersOf = (path: string, method: string, place: string): string[] =>
  description.paths[path]![method]!.parameters.filter((parameter) => parameter.in === place).map(({ name }) => name);

describe('its parameters', () => {
  const LISTS = ['/v1.0/sendRequests', '/v1.0/users/{mailbox}/sendRequests'];
  /** OData 4.01, part 2, section 5.1. */
  const ODATA = [
    '$deltatoken',
    '$filter',
    '$top',
    '$skip',
    '$skiptoken',
    '$orderby',
    '$select',
    '$expand',
    '$count',
    '$search',
    '$format',
    '$compute',
    '$index',
  ];
  const isRead = (name: string): boolean => {
    const read = readListOptions([[name, 'x']]);
    return read.ok || !read.problem.message.includes('is not supported');
  };

  test.each(LISTS)('of the list %s are the options that a list reads', (path) => {
    expect(parametersOf(path, 'get', 'query').sort()).toEqual(ODATA.filter(isRead).sort());
    expect(parametersOf(path, 'get', 'query').sort()).toEqual(Object.keys(LIST_OPTIONS).sort());
  });

  /** A source that notes which headers are asked for. */
  function headersRead(): string[] {
    const asked: string[] = [];
    const get = (name: string): null => {
      asked.push(name);
      return null;
    };
    readRequestHeaders({ get });
    return asked;
  }

  test.each(operations.map(([path]) => path))('of %s name every request header that is read, Prefer only if a draft is made', (path) => {
    const { operationId } = description.paths[path]!['post']!;
    const named = parametersOf(path, 'post', 'header');
    const expected = headersRead().filter((name) => name !== 'Prefer' || isDraftOnly(operationId));
    expect(named.sort()).toEqual([...expected, 'Content-Encoding'].sort());
  });
});

// Every answer that a test of a handler or of the HTTP API gets goes through this check.
test('an answer with a status or a header that it does not describe is noticed', () => {
  const sent = (status: number, ...headers: string[]) => undescribed('POST', '/v1.0/users/a%40contoso.com/sendMail', status, headers);
  expect(sent(202, 'request-id', 'client-request-id', 'location', 'repeat-of', 'content-type')).toEqual([]);
  expect(sent(202, 'X-New', 'retry-after')).toEqual(['x-new', 'retry-after']);
  expect(sent(418)).toEqual(['status 418']);
});

test('a generated client can authenticate, and knows where it need not', () => {
  expect(Object.keys(description.components.securitySchemes)).toEqual(description.security.flatMap((scheme) => Object.keys(scheme)));
  for (const { path, access, operations: byMethod } of API_ROUTES) {
    for (const method of Object.keys(byMethod)) {
      const { security, responses } = description.paths[`/${path}`]![method.toLowerCase()]!;
      expect(security).toEqual(access === 'anonymous' ? [] : undefined);
      expect(Object.hasOwn(responses, '401')).toBe(access !== 'anonymous');
    }
  }
});
