// The host's HTTP server: limits as Kestrel has them, admin API, routing, keys, then the function.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Invoker } from '../invoker.ts';
import type { WorkerSupervisor } from '../worker-supervisor.ts';
import type { AdminApi } from './admin.ts';
import { readBody } from './body.ts';
import { readHeaders, toRpcHttpRequest } from './http-to-rpc.ts';
import { type FunctionKeys, isAuthorized } from './keys.ts';
import { isLocalCaller, LOCAL_CALLERS_ONLY } from './local-caller.ts';
import { readTarget } from './request-path.ts';
import type { RouteMatch, Router } from './router.ts';
import { sendEmpty, sendRpcResponse } from './rpc-to-http.ts';
import { forwardToWorker } from './stream-proxy.ts';

// Kestrel's defaults: request line 8 KB, header section 32 KB, 100 headers.
const requestLineLimit = 8192;
const headerSectionLimit = 32_768;
const headerCountLimit = 100;

export interface HttpServerOptions {
  router: Router;
  invoker: Invoker;
  worker: WorkerSupervisor;
  admin: AdminApi;
  keys: FunctionKeys | undefined;
  bodyLimit: number;
}

function limitBroken(request: IncomingMessage): number | undefined {
  const line = `${request.method} ${request.url} HTTP/${request.httpVersion}\r\n`;
  if (line.length > requestLineLimit) return 414;
  const hosts = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  if (hosts.length > 1) return 400;
  return request.rawHeaders.length / 2 > headerCountLimit ? 431 : undefined;
}

/** Http1MessageBody.For: of two lengths the chunks count, and Content-Length goes on under another name. */
function preferTransferEncoding(request: IncomingMessage): void {
  const length = request.headers['content-length'];
  if (length === undefined || request.headers['transfer-encoding'] === undefined) return;
  delete request.headers['content-length'];
  request.headers['x-content-length'] = length;
  for (let index = 0; index < request.rawHeaders.length; index += 2)
    if (request.rawHeaders[index]!.toLowerCase() === 'content-length') request.rawHeaders[index] = 'X-Content-Length';
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  sendEmpty(response, status, { connection: 'close' });
  request.resume();
}

async function callFunction(
  options: HttpServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  match: RouteMatch,
  target: { path: string; query: string },
): Promise<void> {
  const headers = readHeaders(request);
  if (!headers) return refuse(request, response, 400);
  const trace = { traceParent: request.headers['traceparent'] as string, traceState: request.headers['tracestate'] as string };
  const reason = 'This function was programmatically called via the host APIs.';
  const httpUri = (await options.worker.capabilities())['HttpUri'];
  if (httpUri) return forwardToWorker({ ...options, httpUri, request, response, match, headers, trace, target });

  const read = await readBody(request, options.bodyLimit);
  if (read.kind === 'aborted') return;
  if (read.kind === 'tooLarge') return refuse(request, response, 413);
  const http = toRpcHttpRequest({ request, target, headers, params: match.params, body: read.body });
  try {
    sendRpcResponse(response, await options.invoker.invoke(match.target, { data: { http }, reason, ...trace }));
  } catch {
    sendEmpty(response, 500);
  }
}

async function answer(options: HttpServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const broken = limitBroken(request);
  if (broken !== undefined) return refuse(request, response, broken);
  const { path, query } = readTarget(request.url ?? '/');
  if (path === undefined) return refuse(request, response, 400);
  const given = (request.headers['x-functions-key'] as string | undefined) ?? new URLSearchParams(query).get('code') ?? undefined;

  // WebJobsRouter keeps /admin for the host: no function can have it.
  if (/^\/admin(\/|$)/i.test(path)) {
    if (!isLocalCaller(request.headers)) {
      request.resume();
      response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end(LOCAL_CALLERS_ONLY);
      return;
    }
    if (!isAuthorized(options.keys, 'admin', undefined, given)) return refuse(request, response, 401);
    return options.admin.answer(request, response, path);
  }
  const match = options.router.match(request.method ?? 'GET', path);
  if (!match) return refuse(request, response, 404);
  if (!isAuthorized(options.keys, match.target.authLevel, match.target.name, given)) return refuse(request, response, 401);
  return callFunction(options, request, response, match, { path, query });
}

export function createHttpServer(options: () => HttpServerOptions | undefined): Server {
  // Kestrel reads what Node's strict parser refuses: control characters in a value, lines that end with LF, two ways to say a length.
  const limits = { maxHeaderSize: headerSectionLimit + requestLineLimit, insecureHTTPParser: true };
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    request.on('error', () => {});
    preferTransferEncoding(request);
    const ready = options();
    if (!ready) refuse(request, response, 503);
    else answer(ready, request, response).catch(() => sendEmpty(response, 500));
  };
  const server = createServer(limits, take);
  // Kestrel knows 100-continue and passes every other expectation on.
  server.on('checkExpectation', take);
  server.maxHeadersCount = 0;
  // Functions may take long and clients may send slowly; Kestrel's minimum data rate is not played.
  server.requestTimeout = 0;
  // Kestrel's own.
  server.headersTimeout = 30_000;
  server.keepAliveTimeout = 130_000;
  return server;
}
