// Whether OpenAPI describes an answer that was really given: its status, and each header that this service sets.
import { expect } from 'vitest';
import { openApi } from '../../shared/adapters/http/openapi.ts';

interface Operation {
  responses: Record<string, { headers?: Record<string, unknown> }>;
}

/** HTTP's own (RFC 9110 sections 6.6, 8.3 and 8.6, RFC 9112 sections 6.1 and 9.6), and what the Functions library sets. */
const NOT_OURS = ['content-type', 'content-length', 'transfer-encoding', 'date', 'connection', 'keep-alive', 'x-ms-invocation-id'];

const { paths } = openApi('1.2.3') as { paths: Record<string, Record<string, Operation>> };
const PATTERNS = Object.entries(paths).map(
  ([path, methods]) => [new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`, 'i'), methods] as const,
);

/** Of an answer over HTTP. One without a request-id is the host's own. */
export function expectDescribed(method: string, { url, status, headers }: Pick<Response, 'url' | 'status' | 'headers'>): void {
  if (!headers.has('request-id')) return;
  const { pathname } = new URL(url);
  expect(undescribed(method, pathname, status, headers.keys()), `OpenAPI does not say of ${method} ${pathname}`).toEqual([]);
}

/** What of the answer OpenAPI does not say. Nothing if no operation has this method and path. */
export function undescribed(method: string, path: string, status: number, headers: Iterable<string>): string[] {
  const pathname = path.split('?', 1)[0] ?? '';
  const operation = PATTERNS.find(([pattern]) => pattern.test(pathname))?.[1][method.toLowerCase()];
  if (!operation) return [];
  const response = operation.responses[status];
  if (!response) return [`status ${status}`];
  const described = Object.keys(response.headers ?? {}).map((name) => name.toLowerCase());
  return [...headers].map((name) => name.toLowerCase()).filter((name) => !NOT_OURS.includes(name) && !described.includes(name));
}
