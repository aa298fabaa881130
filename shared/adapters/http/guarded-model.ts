// The library's programming model with a guard around each HTTP invocation: whatever a caller sends, the invocation ends and is answered.
// The host ends a whole worker if one invocation lasts as long as `functionTimeout`. ARCHITECTURE.md, "The Functions host", has the reasons.
import { type ServerResponse, request as sendRequest } from 'node:http';
import { type HttpResponse, InvocationContext } from '@azure/functions';
import { problems } from '../../domain/content/problem.ts';
import { ForwardedRequests, INVOCATION_ID_HEADER } from './forwarded-requests.ts';
import { GuardedInvocation } from './guarded-invocation.ts';
import type { CoreInvocationContext, ProgrammingModel } from './programming-model.ts';
import { problemResponse } from './valid-answer.ts';

export interface GuardOptions {
  /** How long an invocation waits for its request, and a request for its invocation. Milliseconds. */
  graceMs: number;
  /** How long a handler may take, with the time that the body needs to come. Milliseconds. */
  answerMs: number;
  /**
   * The trigger metadata that functions without HTTP read, in the library's camel case; default: all. The library tries to read each text as
   * JSON, and most are none: an exception for each takes 0.2 ms of CPU for a queue message.
   */
  metadata?: readonly string[];
}

const isHttp = ({ metadata }: CoreInvocationContext): boolean =>
  Object.values(metadata.bindings ?? {}).some(({ type }) => type?.toLowerCase() === 'httptrigger');

/** As the library makes them (toCamelCase.ts). */
const inCamelCase = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

function keepOnly({ request }: CoreInvocationContext, names: readonly string[]): void {
  const kept = Object.entries(request.triggerMetadata ?? {}).filter(([name]) => names.includes(inCamelCase(name)));
  request.triggerMetadata = Object.fromEntries(kept);
}

async function writeAnswer(response: ServerResponse, answer: HttpResponse): Promise<void> {
  const text = await answer.text();
  if (response.headersSent) return;
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(text);
}

export function guardedModel(inner: ProgrammingModel, { graceMs, answerMs, metadata }: GuardOptions): ProgrammingModel {
  let httpUri: string | undefined;
  let lastHttp: CoreInvocationContext | undefined;

  /** Makes the library forget a request that no invocation will ask for: it keeps each one until then. */
  async function forget(id: string): Promise<void> {
    if (!lastHttp) return;
    const model = inner.getInvocationModel({ ...lastHttp, invocationId: id });
    await Promise.allSettled([model.getArguments(), model.getResponse(new InvocationContext({ invocationId: id }), {})]);
  }

  const requests = new ForwardedRequests(graceMs, ({ id, response }, why) => {
    const problem = why === 'foreign' ? problems.hostHeader(INVOCATION_ID_HEADER) : problems.unmatchedRequest(INVOCATION_ID_HEADER);
    void writeAnswer(response, problemResponse(problem)).then(() => forget(id));
  });

  /** The missing request, sent from here: the library then ends its wait, and keeps nothing of it. */
  const standIn = (invocationId: string): void => {
    const headers = { [INVOCATION_ID_HEADER]: invocationId, 'x-forwarded-host': 'localhost', 'x-forwarded-proto': 'http' };
    sendRequest(new URL(httpUri as string), { headers, agent: false }, (answer) => answer.resume())
      .on('error', (error) => console.error(error))
      .end();
  };

  return {
    name: inner.name,
    version: inner.version,
    async getCapabilities(defaults) {
      const capabilities = (await inner.getCapabilities?.(defaults)) ?? defaults;
      httpUri = capabilities['HttpUri'];
      if (httpUri !== undefined) requests.watch(httpUri);
      return capabilities;
    },
    getInvocationModel(core) {
      if (metadata && !isHttp(core)) keepOnly(core, metadata);
      const model = inner.getInvocationModel(core);
      if (!isHttp(core)) return model;
      lastHttp = core;
      return new GuardedInvocation({ core, model, answerMs, ...(httpUri !== undefined && { streaming: { requests, standIn } }) });
    },
  };
}
