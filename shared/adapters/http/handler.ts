// What every HTTP handler shares: request ids, the mailbox of the path, and one answer to an unreachable store or a bug.
import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { canonicalMailbox } from '../../domain/address/mailbox-name.ts';
import { printable } from '../../domain/content/addresses.ts';
import { type Problem, problems } from '../../domain/content/problem.ts';
import { telemetryLine } from '../../domain/log/telemetry-line.ts';
import type { Clock } from '../../ports/clock.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import { problemAnswer, type RequestIds } from './answer.ts';
import { clientRequestIdOf } from './request-headers.ts';

export interface HandlerDependencies {
  clock: Clock;
  /** A fresh GUID. */
  newId: () => string;
}

export type Handle = (request: HttpRequest, ids: RequestIds) => Promise<HttpResponseInit | Problem>;
export type HttpHandler = (request: HttpRequest, invocation: InvocationContext) => Promise<HttpResponseInit>;

const isProblem = (answer: HttpResponseInit | Problem): answer is Problem => 'code' in answer && 'message' in answer;

export const problemOfStore = ({ message }: StoreUnavailable): Problem => problems.unavailable(`a store is out of reach (${message})`);

/** What a thrown error is answered with. A store that is out of reach will be back; anything else is a bug and is logged with its stack. */
function problemOfThrown(error: unknown, requestId: string, invocation: InvocationContext): Problem {
  if (error instanceof StoreUnavailable) return problemOfStore(error);
  invocation.error(telemetryLine('unexpectedError', { requestId, error: error instanceof Error ? error.stack : String(error) }));
  return problems.internal();
}

/** Answers problems, returned or thrown, in Graph's envelope. */
export function httpHandler({ clock, newId }: HandlerDependencies, handle: Handle): HttpHandler {
  return async (request, invocation) => {
    const requestId = newId();
    const ids = { requestId, clientRequestId: clientRequestIdOf(request.headers) ?? requestId };
    const answer = await handle(request, ids).catch((error) => problemOfThrown(error, requestId, invocation));
    if (!isProblem(answer)) return answer;
    return problemAnswer(answer, ids, clock.now(), {
      ...(answer.retryAfter && { 'retry-after': String(answer.retryAfter) }),
      ...(answer.status === 401 && { 'www-authenticate': 'Bearer' }),
    });
  };
}

/** The canonical mailbox of the path, or Graph's 404. The host leaves %2F undecoded, so what still has a percent sign is refused. */
export function mailboxOf(request: HttpRequest): string | Problem {
  const name = request.params['mailbox'] ?? '';
  return canonicalMailbox(name) ?? problems.invalidUser(printable(name));
}
