// HTTP streaming (`app.setup({enableHttpStream: true})`): the request goes to the worker's own HTTP endpoint, the invocation beside it.
// Each way to wait for ever is the host's: nothing but the invocation's own end, or functionTimeout, ends a request here.
import { randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Invoker } from '../invoker.ts';
import type { RpcNullable } from '../rpc.ts';
import { bindingData } from './binding-data.ts';
import { encodePath } from './request-path.ts';
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

const correlationHeader = 'x-ms-invocation-id';
const hopByHop = ['connection', 'keep-alive', 'te', 'trailer', 'upgrade', 'proxy-connection'];
/** ForwarderRequestConfig.ActivityTimeout of DefaultHttpProxyService. */
const activityTimeout = 240_000;

const withoutHopByHop = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.includes(name)));

/** What .NET's HTTP client refuses to send: header values beyond ASCII. */
const beyondAscii = (headers: ForwardOptions['headers']): boolean => Object.values(headers).some(({ value }) => /[^\0-\x7f]/.test(value));

/** What Node's HTTP server refuses, and its client cannot send: control characters in a header value. */
const withControls = (headers: ForwardOptions['headers']): boolean =>
  Object.values(headers).some(({ value }) => /[\0-\x08\x0a-\x1f\x7f]/.test(value));

/** The forwarder's task: resolves when the answer has been copied, rejects when there is none. The answer does not end here. */
function forward(options: ForwardOptions, invocationId: string): Promise<void> {
  const { request, response, headers } = options;
  if (beyondAscii(headers)) {
    request.resume();
    return Promise.reject(new Error('Failed to proxy request with ForwarderError: Request'));
  }
  if (withControls(headers)) {
    request.resume();
    response.statusCode = 400;
    return Promise.resolve();
  }
  return new Promise((resolve, reject) => {
    const forwarded = httpRequest(new URL(options.httpUri), {
      method: request.method,
      path: `${encodePath(options.target.path)}${options.target.query}`,
      headers: {
        // TryAdd: what the caller has sent stays.
        [correlationHeader]: invocationId,
        ...withoutHopByHop(request.headers),
        // X-Forwarded-* are set from what the host knows, and left out if it knows nothing (YARP, ForwardedTransformActions.Set).
        ...(request.headers.host !== undefined && { 'x-forwarded-host': request.headers.host }),
        'x-forwarded-proto': 'http',
      },
    });
    const fail = (error: Error) => {
      forwarded.destroy();
      reject(error);
    };
    let received = 0;
    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received <= options.bodyLimit) return;
      sendEmpty(response, 413, { connection: 'close' });
      fail(new Error('Request body too large.'));
    });
    request.pipe(forwarded);
    // A caller that goes away amid its body must not leave the function waiting for the rest.
    request.on('close', () => request.complete || fail(new Error('The client reset the request stream.')));
    forwarded.setTimeout(activityTimeout, () => fail(new Error('Failed to proxy request with ForwarderError: RequestTimedOut')));
    forwarded.on('error', fail);
    forwarded.on('response', (answer) => {
      response.statusCode = answer.statusCode ?? 200;
      for (const [name, value] of Object.entries(withoutHopByHop(answer.headers))) response.setHeader(name, value as string | string[]);
      // A head without a body stays here until the request ends.
      answer.on('data', (chunk: Buffer) => response.write(chunk) || answer.pause());
      response.on('drain', () => answer.resume());
      answer.on('end', resolve).on('error', fail);
      response.on('close', () => answer.complete || fail(new Error('The client went away.')));
    });
  });
}

/**
 * GrpcWorkerChannel: the forwarding starts first, nobody looks at how it goes until the worker's own response is there, and then it is
 * awaited before anything else, whether the function has succeeded or failed.
 */
export async function forwardToWorker(options: ForwardOptions): Promise<void> {
  const { request, response, match } = options;
  const invocationId = randomUUID();
  if (Number(request.headers['content-length'] ?? 0) > options.bodyLimit) {
    sendEmpty(response, 413, { connection: 'close' });
    request.resume();
    return;
  }
  const forwarding = forward(options, invocationId);
  forwarding.catch(() => {});
  const input = {
    data: { http: {} },
    triggerMetadata: bindingData(options.target.query, options.match.params, options.headers),
    reason: 'This function was programmatically called via the host APIs.',
    afterResponse: forwarding,
    ...options.trace,
  };
  try {
    await options.invoker.invoke(match.target, input, invocationId);
    if (!response.headersSent && !response.hasHeader('content-length') && !response.hasHeader('transfer-encoding'))
      response.setHeader('content-length', '0');
    response.end();
  } catch {
    if (response.headersSent) response.destroy();
    else {
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      sendEmpty(response, 500);
    }
  }
}
