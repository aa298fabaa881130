// Pairs what the Functions host sends twice with HTTP streaming: the invocation, over gRPC, and the request, to the library's own server.
// The two have the invocation's id in common. If one never comes, the library waits for it for ever; this gives up after a while.
import { randomUUID } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** The host adds it with `TryAdd` (DefaultHttpProxyService.StartForwarding): if the caller has sent one, that one is kept. */
export const INVOCATION_ID_HEADER = 'x-ms-invocation-id';

/**
 * How long the library's server keeps an idle connection. Milliseconds. The host's client keeps it for 60 s
 * (SocketsHttpHandler.PooledConnectionIdleTimeout), and must be the first to close it. Node's own 5 s end a connection on which a request
 * has come that a busy process has not read yet: the host answers it with a bare 500.
 */
const IDLE_CONNECTION_MS = 75_000;

/** `Guid.ToString()` of .NET: the only form of an id that the host makes. */
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface ForwardedRequest {
  /** By which the library knows it. */
  id: string;
  request: IncomingMessage;
  response: ServerResponse;
}

interface Waiting {
  ticks: number;
  isStoodInFor: boolean;
  resolve: (arrived: ForwardedRequest | undefined) => void;
}

/** `foreign`: its id is the caller's. `late`: no invocation has come for it, or it has ended without it. */
type Why = 'foreign' | 'late';
export type Unmatched = (unmatched: ForwardedRequest, why: Why) => void;

/**
 * Time is counted in turns of a timer, not by the clock: while this process is busy, both sides stand still, and what has arrived
 * meanwhile is read before the next turn.
 */
const TICKS = 10;

export class ForwardedRequests {
  readonly #tickMs: number;
  readonly #unmatched: Unmatched;
  readonly #arrived = new Map<string, ForwardedRequest & { ticks: number }>();
  readonly #waiting = new Map<string, Waiting>();
  /** Ids whose next request no invocation asks for, with their turns. */
  readonly #refused = new Map<string, { ticks: number; why: Why }>();
  #found = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(graceMs: number, unmatched: Unmatched) {
    this.#tickMs = graceMs / TICKS;
    this.#unmatched = unmatched;
  }

  /** Sees every request of the library's server, and before the library does: Node publishes it before it emits `request`. */
  watch(httpUri: string): void {
    const port = Number(new URL(httpUri).port);
    subscribe('http.server.request.start', (message) => {
      const { server } = message as { server: Server };
      const address = server.address();
      if (this.#found || address === null || typeof address === 'string' || address.port !== port) return;
      this.#found = true;
      server.keepAliveTimeout = IDLE_CONNECTION_MS;
      server.prependListener('request', (request, response) => this.#arrive(request, response));
    });
  }

  /**
   * The request of the invocation; undefined if it has not come in time. `isStoodInFor`: one is sent in its place. Should both come, the
   * second is answered by itself: the library knows them by the same id, and would leave one of them open.
   */
  of(invocationId: string, isStoodInFor = false): Promise<ForwardedRequest | undefined> {
    const arrived = this.#arrived.get(invocationId);
    if (arrived) {
      this.#arrived.delete(invocationId);
      return Promise.resolve(arrived);
    }
    return new Promise((resolve) => {
      this.#waiting.set(invocationId, { ticks: 0, isStoodInFor, resolve });
      this.#keepTime();
    });
  }

  /** This id is a caller's: no invocation asks for its request. */
  refuse(id: string): void {
    const arrived = this.#arrived.get(id);
    if (this.#arrived.delete(id) && arrived) this.#unmatched(arrived, 'foreign');
    // Any other form is refused as it arrives.
    else if (GUID.test(id)) {
      this.#refused.set(id, { ticks: 0, why: 'foreign' });
      this.#keepTime();
    }
  }

  #arrive(request: IncomingMessage, response: ServerResponse): void {
    const said = request.headers[INVOCATION_ID_HEADER];
    if (typeof said !== 'string') return;
    const waiting = this.#waiting.get(said);
    if (waiting) {
      this.#waiting.delete(said);
      if (waiting.isStoodInFor) this.#refused.set(said, { ticks: 0, why: 'late' });
      waiting.resolve({ id: said, request, response });
      return;
    }
    if (GUID.test(said) && !this.#arrived.has(said) && !this.#refused.has(said)) {
      this.#arrived.set(said, { id: said, request, response, ticks: 0 });
      this.#keepTime();
      return;
    }
    const why = this.#refused.get(said)?.why ?? 'foreign';
    // The library would use it as a name: `error` as that of an event ends the whole process.
    const id = randomUUID();
    request.headers[INVOCATION_ID_HEADER] = id;
    setImmediate(() => this.#unmatched({ id, request, response }, why));
  }

  #keepTime(): void {
    this.#timer ??= setInterval(() => this.#tick(), this.#tickMs).unref();
  }

  #tick(): void {
    for (const [id, waiting] of this.#waiting) {
      if (++waiting.ticks < TICKS) continue;
      this.#waiting.delete(id);
      waiting.resolve(undefined);
    }
    for (const [id, arrived] of this.#arrived) {
      if (++arrived.ticks < TICKS) continue;
      this.#arrived.delete(id);
      this.#unmatched(arrived, 'late');
    }
    for (const [id, refused] of this.#refused) if (++refused.ticks >= TICKS) this.#refused.delete(id);
    if (this.#waiting.size + this.#arrived.size + this.#refused.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
