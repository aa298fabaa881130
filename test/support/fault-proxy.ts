// An HTTP proxy between a client and one server: records what passes, plays the faults of a network, and holds chosen requests.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { until } from './until.ts';

export interface Passed {
  /** When it came, in milliseconds since 1970. */
  at: number;
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
  status?: number;
  /** Known to holds after the request was handled. */
  answer?: Buffer;
}

export type When = (request: Passed) => boolean;

type Fault =
  /** The request is handled, its answer is lost: the connection breaks, or a gateway gives up and says `status`. */
  | { kind: 'loseAnswer'; status?: number }
  /** The request never gets there. */
  | { kind: 'reset' }
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
  /** No answer until the proxy closes. */
  | { kind: 'hang' };

/** A request that is kept where it is: before the server sees it, or after it was handled and before the client hears of it. */
export interface Held {
  /** Resolves once the request is there. */
  reached: Promise<Passed>;
  isReached(): boolean;
  /** Lets it go on; what its client gave up before the server saw it never gets there. */
  release(): void;
}

interface Hold {
  at: 'before' | 'after';
  reach: (passed: Passed) => void;
  released: Promise<void>;
}

/** `refuse`: nobody listens. Otherwise every request is answered like this. */
type Outage = 'refuse' | { status: number; headers?: Record<string, string> };

export interface FaultProxy {
  url: string;
  passed: Passed[];
  /** The next requests that `when` accepts (all, if absent) meet these faults, one each. */
  inject(faults: Fault[], when?: When): void;
  /** Holds the next request that `when` accepts. */
  hold(at: 'before' | 'after', when: When): Held;
  /** How many faults and holds no request has met yet. */
  pending(): number;
  /** Forgets the faults that were not met. */
  heal(): void;
  down(outage: Outage): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

function deferred<T>(): [Promise<T>, (value: T) => void] {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return [promise, settle];
}

const readAll = async (stream: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

function forward(target: URL, incoming: Passed): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const { method, path, headers } = incoming;
    const outgoing = request({ host: target.hostname, port: target.port, method, path, headers }, (answer) => {
      readAll(answer).then((body) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }), reject);
    });
    outgoing.on('error', reject);
    outgoing.end(incoming.body);
  });
}

/** `target` may be known only later, but before the first request; `rewrite` changes paths on their way to it. */
export async function startFaultProxy(
  target: string | (() => string),
  rewrite: (path: string) => string = (path) => path,
): Promise<FaultProxy> {
  const passed: Passed[] = [];
  const faults: { fault: Fault; when: When }[] = [];
  const holds: { hold: Hold; when: When }[] = [];
  let outage: Outage | undefined;

  const takeFault = (entry: Passed): Fault | undefined => {
    const index = faults.findIndex(({ when }) => when(entry));
    return index < 0 ? undefined : faults.splice(index, 1)[0]?.fault;
  };
  const keep = async (at: Hold['at'], entry: Passed): Promise<void> => {
    const index = holds.findIndex(({ hold, when }) => hold.at === at && when(entry));
    const hold = index < 0 ? undefined : holds.splice(index, 1)[0]?.hold;
    hold?.reach(entry);
    await hold?.released;
  };

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = '', url: path = '', headers } = incoming;
    const entry: Passed = { at: Date.now(), method, path, headers, body: await readAll(incoming) };
    passed.push(entry);
    if (typeof outage === 'object') return void outgoing.writeHead(outage.status, outage.headers).end();
    const fault = takeFault(entry);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') return void incoming.socket.destroy();
    if (fault?.kind === 'answer') return void outgoing.writeHead(fault.status, fault.headers).end(fault.body);
    await keep('before', entry);
    if (incoming.socket.destroyed) return;
    const answer = await forward(new URL(typeof target === 'string' ? target : target()), { ...entry, path: rewrite(path) });
    entry.status = answer.status;
    await keep('after', { ...entry, answer: answer.body });
    if (fault?.kind === 'loseAnswer') return void (fault.status ? outgoing.writeHead(fault.status).end() : incoming.socket.destroy());
    const { 'transfer-encoding': _, ...rest } = answer.headers;
    const length = method === 'HEAD' ? {} : { 'content-length': answer.body.length };
    outgoing.writeHead(answer.status, { ...rest, ...length }).end(answer.body);
  };

  // Node closes an idle connection after 5 seconds, perhaps just as a busy client asks again: a fault that nobody ordered.
  const server = createServer({ keepAliveTimeout: 600_000 }, (incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.removeListener('error', reject);
        resolve();
      });
    });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    passed,
    inject: (more, when = () => true) => void faults.push(...more.map((fault) => ({ fault, when }))),
    hold(at, when) {
      const [reached, reach] = deferred<Passed>();
      const [released, release] = deferred<void>();
      let isReached = false;
      void reached.then(() => {
        isReached = true;
      });
      holds.push({ hold: { at, reach, released }, when });
      return { reached, isReached: () => isReached, release };
    },
    pending: () => faults.length + holds.length,
    heal: () => {
      faults.splice(0);
      holds.splice(0);
    },
    async down(next) {
      outage = next;
      if (next === 'refuse') await stop();
    },
    async up() {
      const refused = outage === 'refuse';
      outage = undefined;
      // A connection of another process may have the port by chance, for a moment.
      if (refused) await until('listening again', () => listen(port).then(() => true), Boolean);
    },
    close: () => (server.listening ? stop() : Promise.resolve()),
  };
}
