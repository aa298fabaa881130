// The HTTP server: hands each request to Graph's part, the identity part, the upload part or the control API.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { controlRequest } from '../control/routes.ts';
import type { EmulatorState } from '../state.ts';
import { streamChanges } from '../viewer/changes.ts';
import { viewerRequest } from '../viewer/routes.ts';
import { errorAnswer, render, write } from './answer.ts';
import { errors, GraphError } from './errors.ts';
import { run } from './graph.ts';
import { isLocalCaller, LOCAL_CALLERS_ONLY } from './local-caller.ts';
import { type GraphRequest, readRequest } from './request.ts';
import { graphWork, identityWork, uploadWork } from './works.ts';

const controlLimit = 256 * 1024 * 1024;
const open = () => {};

async function handle(state: EmulatorState, controlled: boolean, message: IncomingMessage, response: ServerResponse): Promise<void> {
  let head: GraphRequest;
  try {
    head = readRequest(message, Buffer.alloc(0), state.clock.now(), new URL(state.url).host);
  } catch (error) {
    const request = readRequest(Object.assign(message, { url: '/' }), Buffer.alloc(0), state.clock.now(), 'localhost');
    return write(render(errorAnswer(error instanceof GraphError ? error : errors.internal(), request), request), response);
  }
  const [first = '', ...rest] = head.segments;
  if (first === 'v1.0') return run(state, message, response, graphWork(state, message, rest));
  if (first === 'control' && controlled) {
    if (!isLocalCaller(message.headers)) {
      message.resume();
      response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end(LOCAL_CALLERS_ONLY);
      return;
    }
    return run(state, message, response, {
      name: 'control',
      mailbox: null,
      bodyLimit: controlLimit,
      admit: open,
      perform: (request) => controlRequest(state, request),
    });
  }
  const identity = identityWork(state, head.segments);
  if (identity !== undefined) return run(state, message, response, identity);
  if (first === 'api' && rest.length >= 6) return run(state, message, response, uploadWork(state, head));
  if (first === 'viewer' && rest[0] === 'changes' && head.method === 'GET') return streamChanges(state, response);
  return run(state, message, response, {
    name: 'other',
    mailbox: null,
    bodyLimit: 65_536,
    admit: open,
    perform: (request) => viewerRequest(state, request, controlled),
  });
}

export interface RunningServer {
  readonly server: Server;
  readonly port: number;
  close(): Promise<void>;
}

export async function listen(state: EmulatorState, port: number, host: string, controlled: boolean): Promise<RunningServer> {
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (message, response) => {
    handle(state, controlled, message, response).catch((error: unknown) => {
      process.stderr.write(`graph-mail: ${error instanceof Error ? error.stack : String(error)}\n`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    server,
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
