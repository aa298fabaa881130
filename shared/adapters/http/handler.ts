// What every HTTP function shares: ids, the mailbox of the path, and no bare 500 whatever happens.
import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { canonicalMailbox } from '../../domain/accept/mailbox-name.ts';
import { printable } from '../../domain/content/addresses.ts';
import { type Problem, problems } from '../../domain/content/problem.ts';
import { telemetryLine } from '../../domain/log/telemetry-line.ts';
import type { Clock } from '../../ports/clock.ts';
import { problemAnswer, type RequestIds } from './answer.ts';
import { clientRequestIdOf } from './request-headers.ts';

export interface HandlerParts {
  clock: Clock;
  /** A fresh GUID. */
  newId: () => string;
}

export type Handle = (request: HttpRequest, ids: RequestIds) => Promise<HttpResponseInit | Problem>;
export type HttpHandler = (request: HttpRequest, invocation: InvocationContext) => Promise<HttpResponseInit>;

const isProblem = (answer: HttpResponseInit | Problem): answer is Problem => 'code' in answer && 'message' in answer;

/** Turns problems into answers. What is thrown is a bug: logged with its stack, answered in Graph's envelope without it. */
export function httpHandler({ clock, newId }: HandlerParts, handle: Handle): HttpHandler {
  return async (request, invocation) => {
    const requestId = newId();
    const ids = { requestId, clientRequestId: clientRequestIdOf(request.headers) ?? requestId };
    try {
      const answer = await handle(request, ids);
      if (!isProblem(answer)) return answer;
      return problemAnswer(answer, ids, clock.now(), {
        ...(answer.retryAfter && { 'retry-after': String(answer.retryAfter) }),
        ...(answer.status === 401 && { 'www-authenticate': 'Bearer' }),
      });
    } catch (error) {
      invocation.error(telemetryLine('unexpectedError', { requestId, error: error instanceof Error ? error.stack : String(error) }));
      return problemAnswer(problems.internal(), ids, clock.now());
    }
  };
}

/** The canonical mailbox of the path, or Graph's 404. The host leaves %2F undecoded, so what still has a percent sign is refused. */
export function mailboxOf(request: HttpRequest): string | Problem {
  const name = request.params['mailbox'] ?? '';
  return canonicalMailbox(name) ?? problems.invalidUser(printable(name));
}
