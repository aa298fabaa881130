// One HTTP invocation under guard: it gets its request or ends, its handler answers in time, and its answer can be sent.
import { type HttpRequest, type HttpResponse, InvocationContext } from '@azure/functions';
import { type Problem, problems } from '../../domain/content/problem.ts';
import { type ForwardedRequest, type ForwardedRequests, INVOCATION_ID_HEADER } from './forwarded-requests.ts';
import type { Callback, CoreInvocationContext, InvocationModel } from './programming-model.ts';
import { routeValues } from './route-values.ts';
import { answerOf, problemResponse } from './valid-answer.ts';

interface Parts {
  core: CoreInvocationContext;
  model: InvocationModel;
  answerMs: number;
  /** Only with HTTP streaming; otherwise the request comes with the invocation. */
  streaming?: { requests: ForwardedRequests; standIn: (invocationId: string) => void };
}

type Arguments = Awaited<ReturnType<InvocationModel['getArguments']>>;

function headersOf({ request }: CoreInvocationContext): Record<string, unknown> {
  try {
    return JSON.parse(request.triggerMetadata?.['Headers']?.json ?? '{}') as Record<string, unknown>;
  } catch {
    return {};
  }
}

const routeOf = ({ metadata }: CoreInvocationContext): string =>
  String(Object.values(metadata.bindings ?? {}).find(({ route }) => typeof route === 'string')?.route ?? '');

/** What the caller sent as the host's own header, if it did. */
function foreignId(core: CoreInvocationContext): string | undefined {
  const found = Object.entries(headersOf(core)).find(([name]) => name.toLowerCase() === INVOCATION_ID_HEADER);
  return found && String(found[1]);
}

/**
 * The host puts query parameters among the route's values, and gives up the headers for a query parameter of that name
 * (HttpTriggerAttributeBindingProvider.GetRequestBindingData). Here the values come from the path, and the headers from the request.
 */
function correct(request: HttpRequest, core: CoreInvocationContext, forwarded: ForwardedRequest | undefined): void {
  Object.defineProperty(request, 'params', { value: routeValues(routeOf(core), request.url), enumerable: true });
  if (!forwarded || ![...new URL(request.url).searchParams.keys()].some((name) => name.toLowerCase() === 'headers')) return;
  const headers = new Headers();
  for (const [name, values] of Object.entries(forwarded.request.headersDistinct))
    for (const value of values ?? []) headers.append(name, value);
  Object.defineProperty(request, 'headers', { value: headers });
}

export class GuardedInvocation implements InvocationModel {
  readonly #parts: Parts;
  #forwarded: ForwardedRequest | undefined;
  #refusal: HttpResponse | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async getArguments(): Promise<Arguments> {
    const { core, model, streaming } = this.#parts;
    try {
      if (streaming) await this.#receive(streaming);
      const { context, inputs } = await model.getArguments();
      if (!this.#refusal) correct(inputs[0] as HttpRequest, core, this.#forwarded);
      return { context, inputs };
    } catch (error) {
      // The library can make no request of it: a Host header that is none, or a header value beyond Latin-1.
      core.log('warning', 'user', `The request could not be read: ${String(error)}`);
      this.#refusal ??= problemResponse(problems.unreadableRequest());
      return { context: new InvocationContext({ invocationId: core.invocationId, functionName: core.metadata.name ?? '' }), inputs: [] };
    }
  }

  async #receive({ requests, standIn }: NonNullable<Parts['streaming']>): Promise<void> {
    const { core } = this.#parts;
    const foreign = foreignId(core);
    this.#forwarded = foreign === undefined || foreign === core.invocationId ? await requests.of(core.invocationId) : undefined;
    if (this.#forwarded) return;
    if (foreign !== undefined) requests.refuse(foreign);
    this.#refusal = problemResponse(problems.unmatchedRequest(INVOCATION_ID_HEADER));
    const arrival = requests.of(core.invocationId, true);
    standIn(core.invocationId);
    if (!(await arrival)) throw new Error('The library cannot be reached.');
  }

  async invokeFunction(context: InvocationContext, inputs: unknown[], callback: Callback): Promise<unknown> {
    const { model } = this.#parts;
    if (this.#refusal) return this.#refusal;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<HttpResponse>((resolve) => {
      timer = setTimeout(() => resolve(problemResponse(this.#lateness())), this.#parts.answerMs);
    });
    const answer = answerOf(context, () => model.invokeFunction(context, inputs, callback));
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  #lateness(): Problem {
    const seconds = this.#parts.answerMs / 1000;
    return this.#forwarded?.request.complete === false ? problems.bodyTooSlow(seconds) : problems.noAnswerInTime(seconds);
  }

  async getResponse(context: InvocationContext, result: unknown): Promise<unknown> {
    const { model, core } = this.#parts;
    try {
      return await model.getResponse(context, result);
    } catch (error) {
      // A body that breaks off, or a hook's own answer: what has been sent cannot be taken back, so that the connection ends.
      context.error(error);
      this.#forwarded?.response.destroy();
      return { invocationId: core.invocationId, outputData: [] };
    }
  }
}
