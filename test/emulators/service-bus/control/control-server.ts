// Serves the control API as JSON over HTTP, on the loopback interface.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isLocalCaller, LOCAL_CALLERS_ONLY } from './local-caller.ts';
import { BadRequest, parseBody } from './requests.ts';
import { type Controlled, NotFound, routes } from './routes.ts';

export interface ControlServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startControlServer(emulator: Controlled, port: number): Promise<ControlServer> {
  // Node closes an idle connection after 5 seconds, perhaps just as a busy client asks again.
  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => void answer(emulator, request, response));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as { port: number }).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(emulator: Controlled, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  };
  if (!isLocalCaller(request.headers)) {
    request.resume();
    return send(403, { error: LOCAL_CALLERS_ONLY });
  }
  try {
    const { key, name } = match(request.method ?? '', new URL(request.url ?? '/', 'http://localhost').pathname);
    const route = routes[key];
    if (!route) throw new NotFound(`no such operation; there are: ${Object.keys(routes).join(', ')}`);
    send(200, route(emulator, parseBody(await read(request)), name));
  } catch (error) {
    const status = error instanceof NotFound ? 404 : error instanceof BadRequest ? 400 : 500;
    send(status, { error: (error as Error).message });
  }
}

/** A dead-letter queue's name has a slash of its own. */
function match(method: string, path: string): { key: string; name: string } {
  const entity = /^\/entities\/(.+?)(\/locks\/expire)?$/.exec(path);
  if (!entity) return { key: `${method} ${path}`, name: '' };
  return { key: `${method} /entities/*${entity[2] ?? ''}`, name: decodeURIComponent(entity[1]!) };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
