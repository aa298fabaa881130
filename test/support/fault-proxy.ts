// An HTTP proxy between a client and one server: records what passes, and plays the faults of a network on chosen requests.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Passed {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
  status?: number;
}

type Fault =
  /** The request is handled, its answer is lost. */
  | { kind: 'loseAnswer' }
  /** The request never gets there. */
  | { kind: 'reset' }
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
  /** No answer until the proxy closes. */
  | { kind: 'hang' };

export interface FaultProxy {
  url: string;
  passed: Passed[];
  /** The next requests that `when` accepts (all, if absent) meet these faults, one each. */
  inject(faults: Fault[], when?: (request: Passed) => boolean): void;
  /** Forgets the faults that were not met. */
  heal(): void;
  close(): Promise<void>;
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

export async function startFaultProxy(targetUrl: string): Promise<FaultProxy> {
  const target = new URL(targetUrl);
  const passed: Passed[] = [];
  const waiting: { fault: Fault; when: (request: Passed) => boolean }[] = [];

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = '', url: path = '', headers } = incoming;
    const entry: Passed = { method, path, headers, body: await readAll(incoming) };
    passed.push(entry);
    const index = waiting.findIndex(({ when }) => when(entry));
    const fault = index < 0 ? undefined : waiting.splice(index, 1)[0]?.fault;
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') return void incoming.socket.destroy();
    if (fault?.kind === 'answer') return void outgoing.writeHead(fault.status, fault.headers).end(fault.body);
    const answer = await forward(target, entry);
    entry.status = answer.status;
    if (fault?.kind === 'loseAnswer') return void incoming.socket.destroy();
    const { 'transfer-encoding': _, ...rest } = answer.headers;
    const length = method === 'HEAD' ? {} : { 'content-length': answer.body.length };
    outgoing.writeHead(answer.status, { ...rest, ...length }).end(answer.body);
  };

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    inject: (faults, when = () => true) => void waiting.push(...faults.map((fault) => ({ fault, when }))),
    heal: () => void waiting.splice(0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
