// One call to Graph: token, headers, time-out, and an answer that says exactly what is known of its outcome. Never repeated, no redirect followed.
import type { IncomingMessage } from 'node:http';
import type { TokenCredential } from '@azure/identity';
import { retryAfterMs } from '../../domain/submit/retry-after.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CallContext, GraphAnswer } from '../../ports/graph-mail.ts';
import { type GraphError, readErrorEnvelope } from './error-envelope.ts';
import { type Connections, openConnections } from './ready-connections.ts';
import { readUpTo, reasonOf, sendOnce, type WireAnswer, type WireFailure } from './send-once.ts';
import { TokenSource } from './token-source.ts';

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
  /** The first so many bytes of the answer's body are enough. */
  prefixBytes?: number;
  /** If it is not the usual limit of an answer's body. */
  maximumBytes?: number;
}

/** How a successful answer's body is read; undefined if it isn't what it should be. */
export type ReadBody<T> = (bytes: Uint8Array) => T | undefined;

export interface GraphClientOptions {
  baseUrl: string;
  makeCredential: () => TokenCredential;
  clock: Clock;
  userAgent?: string;
  connections?: Connections;
}

type Known = { kind: 'answered'; status: number; retryAfterMs?: number; requestId?: string };

const MAXIMUM_ERROR_BYTES = 65_536;
/** A draft comes back with its body, a list with many mails' headers; both are far smaller. */
const MAXIMUM_BODY_BYTES = 33_554_432;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

export class GraphHttp {
  readonly #tokens: TokenSource;
  readonly #connections: Connections;
  readonly #clock: Clock;
  readonly #userAgent: string;

  constructor(scope: string, options: GraphClientOptions) {
    const { makeCredential, clock, userAgent = 'graph-mail-queue', connections = openConnections() } = options;
    this.#tokens = new TokenSource({ makeCredential, scope, clock });
    this.#connections = connections;
    this.#clock = clock;
    this.#userAgent = userAgent;
  }

  /** A call of which only the status counts: the body of its answer changes nothing. */
  async send(context: CallContext, request: GraphRequest): Promise<GraphAnswer> {
    const called = await this.#call(context, request);
    if (!('response' in called)) return called;
    const { response, known } = called;
    if (!isSuccess(known.status)) return { ...known, ...(await readError(response)) };
    // Read to the end so that the connection can be used again; whether it gets there doesn't matter.
    readUpTo(response, MAXIMUM_ERROR_BYTES).catch(() => {});
    return known;
  }

  /** A call that needs the body of a success. If the body breaks off or has the wrong form, the call counts as not answered. */
  async read<T>(context: CallContext, request: GraphRequest, readBody: ReadBody<T>): Promise<GraphAnswer<T>> {
    const called = await this.#call(context, request);
    if (!('response' in called)) return called;
    const { response, known } = called;
    if (!isSuccess(known.status)) return { ...known, ...(await readError(response)) };
    try {
      const { prefixBytes, maximumBytes = MAXIMUM_BODY_BYTES } = request;
      const { bytes, whole } = await readUpTo(response, prefixBytes ?? maximumBytes);
      if (!whole && prefixBytes === undefined) return unreadable(known.status, `it is larger than ${maximumBytes} bytes`);
      const body = readBody(bytes);
      return body === undefined ? unreadable(known.status, 'it does not have the expected form') : { ...known, body };
    } catch (error) {
      return unreadable(known.status, reasonOf(error));
    }
  }

  async #call(context: CallContext, request: GraphRequest): Promise<{ response: IncomingMessage; known: Known } | WireFailure> {
    const signal = AbortSignal.timeout(Math.max(1, Math.min(context.timeoutMs, LONGEST_TIMER_MS)));
    let token: string | undefined;
    try {
      token = request.withoutToken ? undefined : await this.#tokens.get(signal);
    } catch (error) {
      return { kind: 'notSent', reason: `no token: ${(error as Error).message}`.slice(0, 500) };
    }
    const answer = await sendOnce(this.#connections, this.#onTheWire(context, request, token), signal);
    if (answer.kind !== 'answered') return signal.aborted ? { ...answer, reason: `no answer within ${context.timeoutMs} ms` } : answer;
    if (answer.status === 401 && token !== undefined) this.#tokens.refused(token);
    return { response: answer.response, known: this.#known(answer) };
  }

  #onTheWire(context: CallContext, request: GraphRequest, token: string | undefined) {
    const { method, url, body, contentType, contentRange, prefer } = request;
    return {
      method,
      url,
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        Accept: 'application/json',
        'User-Agent': this.#userAgent,
        'client-request-id': context.clientRequestId,
        'return-client-request-id': 'true',
        Prefer: ['IdType="ImmutableId"', ...(prefer ? [prefer] : [])].join(', '),
        ...(contentType !== undefined && { 'Content-Type': contentType }),
        ...(contentRange !== undefined && { 'Content-Range': contentRange }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? Buffer.from(body) : body }),
    };
  }

  #known({ status, field }: WireAnswer): Known {
    const wait = retryAfterMs(field('retry-after'), this.#clock.now());
    const requestId = field('request-id');
    return {
      kind: 'answered',
      status,
      ...(wait !== undefined && { retryAfterMs: wait }),
      ...(requestId !== undefined && { requestId }),
    };
  }
}

const unreadable = (status: number, why: string): WireFailure => ({
  kind: 'noAnswer',
  reason: `${status}, but its body cannot be used: ${why}`,
});

/** A body that breaks off is not an error envelope. */
async function readError(response: IncomingMessage): Promise<GraphError> {
  try {
    const { bytes } = await readUpTo(response, MAXIMUM_ERROR_BYTES);
    return readErrorEnvelope(bytes);
  } catch {
    return {};
  }
}
