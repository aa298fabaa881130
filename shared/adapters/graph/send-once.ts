// One HTTP request on the wire, and never a second one.
//
// Node's own client is used because it has no repetition at all (read in lib/_http_client.js and lib/_http_agent.js of Node 20 to 24): no status is followed
// up, 421 and redirects included; a request leaves the agent's queue once, for one socket; a pooled socket that the server closed fails the request with
// ECONNRESET (`request.reusedSocket` leaves trying again to the caller); no `Expect` is sent; and HTTP/2 is never negotiated, so there is no GOAWAY or REFUSED_STREAM.
// fetch (undici) repeats a request after 421 by itself (lib/web/fetch/index.js, as the Fetch standard demands), and its client puts queued requests on a new connection.
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Connections } from './ready-connections.ts';

export interface WireRequest {
  method: string;
  /** Absolute, http or https. */
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: Uint8Array;
}

/** `notSent`: no byte of the request was sent. `noAnswer`: some bytes may have been sent. */
export type WireFailure = { kind: 'notSent' | 'noAnswer'; reason: string };

export interface WireAnswer {
  kind: 'answered';
  status: number;
  /** All values of a field, joined by commas (RFC 9110 section 5.3). */
  field: (name: string) => string | undefined;
  response: IncomingMessage;
}

const MAXIMUM_REASON = 500;

interface Cause {
  code?: string;
  message?: string;
  errors?: readonly unknown[];
}

/** One entry per address that was tried. */
const causesOf = (error: unknown): Cause[] => {
  const { errors } = error as Cause;
  return errors && errors.length > 0 ? errors.flatMap(causesOf) : [error as Cause];
};

export function reasonOf(error: unknown): string {
  const reasons = causesOf(error).map(({ code, message }) => [code, message].filter(Boolean).join(': '));
  return [...new Set(reasons)].join('; ').slice(0, MAXIMUM_REASON);
}

function open({ http, https }: Connections, { method, url, headers, body }: WireRequest): ClientRequest {
  const length = body?.length ?? (method === 'GET' || method === 'DELETE' ? undefined : 0);
  const options = { method, headers: { ...headers, ...(length !== undefined && { 'Content-Length': String(length) }) } };
  const target = new URL(url);
  return target.protocol === 'https:'
    ? requestHttps(target, { ...options, agent: https })
    : requestHttp(target, { ...options, agent: http });
}

/** A body that is still being written when the answer ends must not share its connection with the next request. */
function endWithAnswer(call: ClientRequest, response: IncomingMessage): void {
  const { socket } = call;
  if (!call.writableFinished || (socket?.writableLength ?? 0) > 0) response.once('end', () => socket?.destroy());
}

/** Resolves with the head of the final answer (1xx are interim, except 101), or with a failure that says whether bytes may have been sent. Never rejects. The signal ends the body, too. */
export function sendOnce(connections: Connections, request: WireRequest, signal: AbortSignal): Promise<WireAnswer | WireFailure> {
  return new Promise((resolve) => {
    let mayHaveLeft = false;
    if (signal.aborted) return resolve({ kind: 'notSent', reason: reasonOf(signal.reason) });
    const fail = (error: unknown) => resolve({ kind: mayHaveLeft ? 'noAnswer' : 'notSent', reason: reasonOf(error) });
    let call: ClientRequest;
    try {
      call = open(connections, request);
    } catch (error) {
      return fail(error);
    }
    const abort = () => {
      fail(signal.reason);
      // A request that is destroyed before it has a socket writes nothing to the one that it gets later.
      call.destroy(signal.reason as Error);
    };
    // The first byte is written after this event.
    call.once('socket', () => {
      mayHaveLeft = true;
    });
    call.once('response', (response) => {
      endWithAnswer(call, response);
      const field = (name: string) => response.headersDistinct[name]?.join(', ');
      resolve({ kind: 'answered', status: response.statusCode as number, field, response });
    });
    call.once('upgrade', ({ statusCode }, socket) => {
      socket.destroy();
      fail(new Error(`${statusCode} Switching Protocols, which nobody asked for`));
    });
    call.on('error', fail);
    call.once('close', () => {
      signal.removeEventListener('abort', abort);
      fail(new Error('the connection was closed'));
    });
    signal.addEventListener('abort', abort, { once: true });
    call.end(request.body);
  });
}

/** At most so many bytes of a body. `whole` says whether these are all; the rest is not waited for, and its connection is closed. Throws if the body breaks off. */
export async function readUpTo(response: IncomingMessage, maximum: number): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maximum) return { bytes: Buffer.concat(chunks, maximum), whole: false };
  }
  return { bytes: Buffer.concat(chunks, length), whole: true };
}
