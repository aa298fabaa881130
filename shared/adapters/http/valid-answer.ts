// What a handler returned, as an answer that can be sent. A handler that throws, or returns nothing or an impossible answer, is a bug.
import { randomUUID } from 'node:crypto';
import { HttpResponse, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { type Problem, problems } from '../../domain/content/problem.ts';
import { telemetryLine } from '../../domain/log/telemetry-line.ts';
import { problemAnswer } from './answer.ts';

/** Node refuses other characters in a header value (`ERR_INVALID_CHAR`). */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** An answer in Graph's envelope to a request that no handler has answered. */
export function problemResponse(problem: Problem, requestId: string = randomUUID()): HttpResponse {
  const headers = problem.retryAfter === undefined ? {} : { 'retry-after': String(problem.retryAfter) };
  return new HttpResponse(problemAnswer(problem, { requestId, clientRequestId: requestId }, Date.now(), headers));
}

/** Throws if the answer cannot be sent. */
function toResponse(answer: unknown): HttpResponse {
  if (typeof answer !== 'object' || answer === null) throw new TypeError(`The handler returned ${String(answer)}, which is no answer.`);
  // The constructor throws on a status outside of 200 to 599, and on a name that no header may have.
  const response = answer instanceof HttpResponse ? answer : new HttpResponse(answer as HttpResponseInit);
  for (const [name, value] of response.headers)
    if (!SENDABLE.test(value)) throw new TypeError(`The handler's header ${name} has a character that no header may have.`);
  return response;
}

/** Never rejects: what goes wrong is logged with its stack, and answered with 500 in Graph's envelope. */
export async function answerOf(context: InvocationContext, handle: () => unknown): Promise<HttpResponse> {
  try {
    return toResponse(await handle());
  } catch (error) {
    const requestId = randomUUID();
    context.error(telemetryLine('unexpectedError', { requestId, error: error instanceof Error ? error.stack : String(error) }));
    return problemResponse(problems.internal(), requestId);
  }
}
