// Unary calls of gRPC over HTTP/2: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
// No gRPC library: the usual one is 0.9 MB of the bundle and takes 30 ms of CPU to load, and of gRPC only a call with one text is needed.
// Its own server judges this in test/contract/ports/settlement.test.ts.
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';

/** https://github.com/grpc/grpc/blob/master/doc/statuscodes.md */
export const GRPC_STATUS = { ok: 0, unknown: 2, deadlineExceeded: 4, failedPrecondition: 9, unimplemented: 12, unavailable: 14 } as const;

export class GrpcError extends Error {
  override name = 'GrpcError';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Length-Prefixed-Message: not compressed, four bytes of length, the message. */
function framed(message: Uint8Array): Buffer {
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  return frame;
}

/** Percent-encoded by the protocol; what is not must be taken as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** The headers carry the status if nothing else follows (Trailers-Only); a server or proxy that speaks no gRPC gives none. */
function errorOf(headers: IncomingHttpHeaders): GrpcError | undefined {
  const status = first(headers['grpc-status']);
  if (status === '0') return undefined;
  if (status !== undefined && /^\d+$/.test(status)) return new GrpcError(Number(status), decoded(first(headers['grpc-message']) ?? ''));
  return new GrpcError(GRPC_STATUS.unknown, `no status of gRPC in an answer with HTTP status ${headers[':status'] ?? 'unknown'}`);
}

const unavailable = (error: Error): GrpcError =>
  error instanceof GrpcError ? error : new GrpcError(GRPC_STATUS.unavailable, error.message);

/** Resolves with the status of the answer; what the answer holds is not read. */
function answered(stream: ClientHttp2Stream): Promise<void> {
  return new Promise((resolve, reject) => {
    let headers: IncomingHttpHeaders = {};
    stream.on('response', (received) => {
      headers = received;
    });
    stream.on('trailers', (received) => {
      headers = { ...headers, ...received };
    });
    stream.on('error', (error) => reject(unavailable(error)));
    stream.on('close', () => {
      const error = headers[':status'] === undefined ? unavailable(new Error('the connection was closed')) : errorOf(headers);
      if (error) reject(error);
      else resolve();
    });
    stream.resume();
  });
}

/** One connection, made with the first call and again after it was lost. */
export class GrpcChannel {
  readonly #url: string;
  readonly #deadlineMs: number;
  #session: ClientHttp2Session | undefined;

  /** `url` has the scheme http (HTTP/2 without TLS, by prior knowledge) or https. */
  constructor(url: string, deadlineMs: number) {
    this.#url = url;
    this.#deadlineMs = deadlineMs;
  }

  /** `path` is `/Service/Method`. Throws GrpcError if the answer is any other than OK, or does not come in time. */
  async call(path: string, message: Uint8Array): Promise<void> {
    const session = await this.#connected();
    const stream = this.#request(session, path);
    const timer = setTimeout(
      () => stream.destroy(new GrpcError(GRPC_STATUS.deadlineExceeded, `no answer within ${this.#deadlineMs} ms`)),
      this.#deadlineMs,
    );
    stream.end(framed(message));
    try {
      await answered(stream);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#session?.destroy();
  }

  #request(session: ClientHttp2Session, path: string): ClientHttp2Stream {
    const headers = {
      ':method': 'POST',
      ':path': path,
      te: 'trailers',
      'content-type': 'application/grpc+proto',
      'grpc-timeout': `${this.#deadlineMs}m`,
    };
    try {
      return session.request(headers);
    } catch (error) {
      throw unavailable(error as Error);
    }
  }

  async #connected(): Promise<ClientHttp2Session> {
    // Loaded with the first call: a process that only answers requests does not need it.
    const { connect } = await import('node:http2');
    if (this.#session && !this.#session.closed && !this.#session.destroyed) return this.#session;
    const session = connect(this.#url);
    // Each call sees its own error; without a listener this one would end the process.
    session.on('error', () => {});
    // An idle connection keeps no process alive.
    session.unref();
    this.#session = session;
    return session;
  }
}
