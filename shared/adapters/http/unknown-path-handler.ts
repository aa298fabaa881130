// Every path and method that no other function takes: Graph's words for it, and the path to use where one is meant.
import type { HttpRequest } from '@azure/functions';
import { type Problem, problems } from '../../domain/content/problem.ts';
import { problemAnswer } from './answer.ts';
import { type HandlerParts, type HttpHandler, httpHandler } from './handler.ts';

/** Known paths and what may be done there. The order counts: the first that fits. */
export const KNOWN_PATHS: readonly { path: RegExp; allow: string }[] = [
  { path: /^\/v1\.0\/users\/[^/]+\/sendmail$/, allow: 'POST' },
  { path: /^\/v1\.0\/users\/[^/]+\/sendrequests\/[^/]+$/, allow: 'GET' },
  { path: /^\/health\/(live|ready)$/, allow: 'GET' },
  { path: /^\/openapi\.json$/, allow: 'GET' },
];

const pathOf = (request: HttpRequest): string => new URL(request.url).pathname.replace(/\/+$/, '').toLowerCase();

/** The first segment that Graph (as far as we are it) doesn't have. */
function unknownSegment(path: string): Problem {
  const segments = path.split('/').filter(Boolean);
  const known = ['v1.0', 'users'];
  const at = segments.findIndex((segment, i) => i !== 2 && known[i] !== segment);
  return problems.unknownSegment((segments[at < 0 ? segments.length - 1 : at] ?? '/').replace(/[^\x20-\x7e]/g, '?').slice(0, 100));
}

export function unknownPathHandler(parts: HandlerParts): HttpHandler {
  return httpHandler(parts, async (request, ids) => {
    const path = pathOf(request);
    const known = KNOWN_PATHS.find((row) => row.path.test(path));
    if (known) return problemAnswer(problems.methodNotAllowed(request.method, known.allow), ids, parts.clock.now(), { allow: known.allow });
    if (/^\/v1\.0\/me(\/|$)/.test(path)) return problems.meNotPossible();
    return unknownSegment(path);
  });
}
