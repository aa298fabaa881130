// A server of bytes: counts what arrives on its sockets itself, with no HTTP library of either side, and answers with whatever bytes it is told.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

export interface RawRequest {
  /** Such as `POST /v1.0/users/a/sendMail`. */
  line: string;
  bodyLength: number;
}

export interface RawServer {
  url: string;
  /** Requests of which the last byte arrived, in order. */
  complete: RawRequest[];
  /** Bytes of any kind (behind TLS: of the application). */
  received: number;
  connections: number;
  /** Called once a request is complete, or at the first byte of it if `early`. */
  behave: (socket: Socket) => void;
  early: boolean;
  /** Called when a connection is there, before anything arrived on it. */
  connected: (socket: Socket) => void;
  /** Forgets what was seen, and drops all connections. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Takes complete requests (Content-Length only: what we send is never chunked) off the front of what arrived. */
function takeRequests(bytes: Buffer, found: RawRequest[]): Buffer {
  let rest = bytes;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return rest;
    const head = rest.subarray(0, end).toString('latin1');
    const bodyLength = Number(/^content-length: *(\d+)$/im.exec(head)?.[1] ?? 0);
    if (rest.length < end + 4 + bodyLength) return rest;
    found.push({ line: head.split(' HTTP/')[0] ?? '', bodyLength });
    rest = rest.subarray(end + 4 + bodyLength);
  }
}

export async function startRawServer(tls?: TlsOptions): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const serve = (socket: Socket) => {
    sockets.add(socket);
    result.connections++;
    let rest: Buffer = Buffer.alloc(0);
    let begun = false;
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      result.received += chunk.length;
      const before = result.complete.length;
      rest = takeRequests(Buffer.concat([rest, chunk]), result.complete);
      if (result.early && !begun) {
        begun = true;
        result.behave(socket);
      }
      if (!result.early && result.complete.length > before) result.behave(socket);
    });
    result.connected(socket);
  };
  const server: Server = tls ? createTlsServer(tls, serve) : createServer(serve);
  const dropAll = async () => {
    const closed = [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
  };
  const result: RawServer = {
    url: '',
    complete: [],
    received: 0,
    connections: 0,
    behave: () => {},
    early: false,
    connected: () => {},
    async reset() {
      await dropAll();
      Object.assign(result, { complete: [], received: 0, connections: 0, behave: () => {}, early: false, connected: () => {} });
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await dropAll();
      await closed;
    },
  };
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  result.url = `${tls ? 'https' : 'http'}://localhost:${(server.address() as AddressInfo).port}`;
  return result;
}
