// HTTP streaming (`app.setup({enableHttpStream: true})`): the request goes to the worker's own HTTP endpoint, the invocation beside it.
import { randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Invoker } from '../invoker.ts';
import type { RpcNullable, RpcTypedData } from '../rpc.ts';
import { escapePath } from './request-path.ts';
import type { RouteMatch } from './router.ts';
import { sendEmpty } from './rpc-to-http.ts';

export interface ForwardOptions {
  invoker: Invoker;
  httpUri: string;
  bodyLimit: number;
  request: IncomingMessage;
  response: ServerResponse;
  match: RouteMatch;
  headers: Record<string, RpcNullable<string>>;
  trace: { traceParent: string | undefined; traceState: string | undefined };
  target: { path: string; query: string };
}

const hopByHop = ['connection', 'keep-alive', 'te', 'trailer', 'upgrade', 'proxy-connection'];

/** The library takes headers and route values from the trigger metadata, body and method from the forwarded request. */
function triggerMetadata(options: ForwardOptions): Record<string, RpcTypedData> {
  const headers = Object.fromEntries(Object.entries(options.headers).map(([name, { value }]) => [name, value]));
  const metadata: Record<string, RpcTypedData> = { Headers: { json: JSON.stringify(headers) } };
  metadata['Query'] = { json: JSON.stringify(Object.fromEntries(new URLSearchParams(options.target.query))) };
  for (const [name, value] of Object.entries(options.match.params)) metadata[name] = { string: value };
  return metadata;
}

function withoutHopByHop(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.includes(name)));
}

export function forwardToWorker(options: ForwardOptions): Promise<void> {
  const { request, response, match } = options;
  const invocationId = randomUUID();
  const length = Number(request.headers['content-length'] ?? 0);
  if (length > options.bodyLimit) {
    sendEmpty(response, 413, { connection: 'close' });
    request.resume();
    return Promise.resolve();
  }
  const forwarded = httpRequest(new URL(options.httpUri), {
    method: request.method,
    path: `${escapePath(options.target.path)}${options.target.query}`,
    headers: {
      ...withoutHopByHop(request.headers),
      'x-ms-invocation-id': invocationId,
      'x-forwarded-host': request.headers.host ?? 'localhost',
      'x-forwarded-proto': 'http',
    },
  });
  let received = 0;
  request.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received <= options.bodyLimit) return;
    sendEmpty(response, 413, { connection: 'close' });
    forwarded.destroy();
  });
  request.pipe(forwarded);
  // A caller that goes away amid its body must not leave the function waiting for the rest.
  request.on('close', () => request.complete || forwarded.destroy());
  forwarded.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 200, withoutHopByHop(answer.headers));
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  const fail = () => {
    forwarded.destroy();
    if (response.headersSent) response.destroy();
    else sendEmpty(response, 500);
  };
  forwarded.on('error', fail);
  const reason = 'This function was programmatically called via the host APIs.';
  const input = { data: { http: {} }, triggerMetadata: triggerMetadata(options), reason, ...options.trace };
  return options.invoker.invoke(match.target, input, invocationId).then(() => undefined, fail);
}
