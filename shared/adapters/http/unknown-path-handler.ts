// Every path and method that no other function takes: Graph's words for it, and the path to use where one is meant.
import type { HttpRequest } from '@azure/functions';
import { printable } from '../../domain/content/addresses.ts';
import { type Problem, problems } from '../../domain/content/problem.ts';
import { problemAnswer } from './answer.ts';
import { type HandlerParts, type HttpHandler, httpHandler } from './handler.ts';

/** Known paths and what may be done there. The order counts: the first that fits. */
export const KNOWN_PATHS: readonly { path: RegExp; allow: string }[] = [
  { path: /^\/v1\.0\/users\/[^/]+\/(microsoft\.graph\.)?sendmail$/, allow: 'POST' },
  { path: /^\/v1\.0\/users\/[^/]+\/messages$/, allow: 'POST' },
  {
    path: /^\/v1\.0\/users\/[^/]+\/messages\/[^/]+\/(microsoft\.graph\.)?(reply|replyall|forward|createreply|createreplyall|createforward|send)$/,
    allow: 'POST',
  },
  { path: /^\/v1\.0\/users\/[^/]+\/sendrequests(\/[^/]+)?$/, allow: 'GET' },
  { path: /^\/v1\.0\/users\/[^/]+\/sendrequests\/[^/]+\/(cancel|resend)$/, allow: 'POST' },
  { path: /^\/v1\.0\/users\/[^/]+\/preflight$/, allow: 'GET' },
  { path: /^\/v1\.0\/pauses$/, allow: 'GET, POST' },
  { path: /^\/v1\.0\/pauses\/[^/]+$/, allow: 'DELETE' },
  { path: /^\/v1\.0\/sendrequests$/, allow: 'GET' },
  { path: /^\/v1\.0\/sendrequests\/(cancel|resend)$/, allow: 'POST' },
  { path: /^\/health\/(live|ready)$/, allow: 'GET' },
  { path: /^\/openapi\.json$/, allow: 'GET' },
];

const segmentsOf = (request: HttpRequest): string[] => new URL(request.url).pathname.split('/').filter(Boolean);

/** Segments as we have them; `*` stands for any. */
const KNOWN_SEGMENTS = [['v1.0'], ['users', 'sendrequests', 'pauses'], ['*'], ['sendmail', 'sendrequests', 'messages', 'preflight'], ['*']];

/** The first segment that Graph (as far as we are it) doesn't have; the last one of a path that goes on further. */
function unknownSegment(segments: readonly string[]): Problem {
  const isKnown = (segment: string, i: number): boolean =>
    KNOWN_SEGMENTS[i]?.some((known) => known === '*' || known === segment.toLowerCase()) === true;
  return problems.unknownSegment(printable(segments.find((segment, i) => !isKnown(segment, i)) ?? segments.at(-1) ?? '/'));
}

export function unknownPathHandler(parts: HandlerParts): HttpHandler {
  return httpHandler(parts, async (request, ids) => {
    // The host brings such a path here, whatever its segments are.
    if (new URL(request.url).pathname.includes('//')) return problems.emptySegment();
    const segments = segmentsOf(request);
    const path = `/${segments.join('/').toLowerCase()}`;
    const known = KNOWN_PATHS.find((row) => row.path.test(path));
    // A name that no route takes, such as one with a line break: then it isn't the method that is wrong.
    if (known?.allow.split(', ').includes(request.method)) return problems.invalidUser(printable(segments[2] ?? path));
    if (known) return problemAnswer(problems.methodNotAllowed(request.method, known.allow), ids, parts.clock.now(), { allow: known.allow });
    const [version, me, ...rest] = segments;
    if (version?.toLowerCase() === 'v1.0' && me?.toLowerCase() === 'me') return problems.meNotPossible(printable(rest.join('/')));
    return unknownSegment(segments);
  });
}
