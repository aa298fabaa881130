// One call to Graph: headers, time-out, and an answer that says exactly how much is known. Never repeated, no redirect followed.
import { retryAfterMs } from '../../domain/submit/retry-schedule.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CallContext, GraphAnswer } from '../../ports/graph-mail.ts';
import { explainFetchFailure } from './fetch-failure.ts';
import type { TokenSource } from './token-source.ts';

export interface GraphRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute. */
  url: string;
  contentType?: string;
  body?: string | Uint8Array;
  /** Further preferences beside immutable ids. */
  prefer?: string;
  /** Bytes of a range, and of the whole. */
  contentRange?: string;
  /** An upload URL carries its own right and refuses our token (https://learn.microsoft.com/graph/outlook-large-attachments). */
  withoutToken?: boolean;
}

/** How a successful answer's body is read; undefined where it isn't what it should be. */
export type ReadBody<T> = (bytes: Uint8Array) => T | undefined;

export interface GraphHttpOptions {
  tokens: TokenSource;
  clock: Clock;
  userAgent: string;
}

type Known = { kind: 'answered'; status: number; retryAfterMs?: number; requestId?: string };
type Failed = { kind: 'notSent' | 'noAnswer'; reason: string };

const MAXIMUM_MESSAGE = 2_048;

export class GraphHttp {
  readonly #options: GraphHttpOptions;

  constructor(options: GraphHttpOptions) {
    this.#options = options;
  }

  /** A call whose answer is its status: nothing that comes after the header changes it. */
  async send(context: CallContext, request: GraphRequest): Promise<GraphAnswer> {
    const called = await this.#fetch(context, request);
    if (!('response' in called)) return called;
    const { response, known } = called;
    if (!response.ok) return { ...known, ...(await readError(response)) };
    // Read to the end so that the connection can be used again; whether it gets there doesn't matter.
    response.arrayBuffer().catch(() => {});
    return known;
  }

  /** A call whose success means nothing without its body: where that breaks off or isn't what it should be, there was no answer. */
  async read<T>(context: CallContext, request: GraphRequest, readBody: ReadBody<T>): Promise<GraphAnswer<T>> {
    const called = await this.#fetch(context, request);
    if (!('response' in called)) return called;
    const { response, known } = called;
    if (!response.ok) return { ...known, ...(await readError(response)) };
    try {
      const body = readBody(new Uint8Array(await response.arrayBuffer()));
      return body === undefined ? unreadable(known.status, 'it is not what was asked for') : { ...known, body };
    } catch (error) {
      return unreadable(known.status, explainFetchFailure(error).reason);
    }
  }

  async #fetch(context: CallContext, request: GraphRequest): Promise<{ response: Response; known: Known } | Failed> {
    const signal = AbortSignal.timeout(Math.max(1, Math.min(context.timeoutMs, 2 ** 31 - 1)));
    let token: string | undefined;
    try {
      token = request.withoutToken ? undefined : await this.#options.tokens.get(signal);
    } catch (error) {
      return { kind: 'notSent', reason: `no token: ${(error as Error).message}`.slice(0, 500) };
    }
    try {
      const response = await fetch(request.url, this.#init(context, request, token, signal));
      return { response, known: this.#known(response) };
    } catch (error) {
      return signal.aborted ? { kind: 'noAnswer', reason: `no answer within ${context.timeoutMs} ms` } : explainFetchFailure(error);
    }
  }

  #init(context: CallContext, request: GraphRequest, token: string | undefined, signal: AbortSignal): RequestInit {
    const { method, body, contentType, contentRange, prefer } = request;
    return {
      method,
      signal,
      redirect: 'manual',
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        Accept: 'application/json',
        'User-Agent': this.#options.userAgent,
        'client-request-id': context.clientRequestId,
        'return-client-request-id': 'true',
        Prefer: ['IdType="ImmutableId"', ...(prefer ? [prefer] : [])].join(', '),
        ...(contentType !== undefined && { 'Content-Type': contentType }),
        ...(contentRange !== undefined && { 'Content-Range': contentRange }),
      },
      ...(body !== undefined && { body: body as string | Uint8Array<ArrayBuffer> }),
    };
  }

  #known({ status, headers }: Response): Known {
    const wait = retryAfterMs(headers.get('retry-after') ?? undefined, this.#options.clock.now());
    const requestId = headers.get('request-id') ?? undefined;
    return {
      kind: 'answered',
      status,
      ...(wait !== undefined && { retryAfterMs: wait }),
      ...(requestId !== undefined && { requestId }),
    };
  }
}

const unreadable = (status: number, why: string): Failed => ({ kind: 'noAnswer', reason: `${status}, but its body: ${why}` });

/** Graph's error envelope; gateways answer in HTML or not at all. Branch on the code, never on the message (concepts/errors). */
async function readError(response: Response): Promise<{ code?: string; message?: string }> {
  try {
    const { error } = (await response.json()) as { error?: { code?: unknown; message?: unknown } };
    return {
      ...(typeof error?.code === 'string' && error.code && { code: error.code }),
      ...(typeof error?.message === 'string' && error.message && { message: error.message.slice(0, MAXIMUM_MESSAGE) }),
    };
  } catch {
    return {};
  }
}
