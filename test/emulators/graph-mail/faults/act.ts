// How a fault shows on the wire.
import type { ServerResponse } from 'node:http';
import type { Answer, Rendered } from '../http/answer.ts';
import { errorBody, render } from '../http/answer.ts';
import { GraphError } from '../http/errors.ts';
import type { GraphRequest } from '../http/request.ts';
import type { FaultAction, FaultAnswer } from './fault.ts';

const defaultCodes: Record<number, [string, string]> = {
  401: ['InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.'],
  403: ['ErrorAccessDenied', 'Access is denied. Check credentials and try again.'],
  404: ['ErrorItemNotFound', 'The specified object was not found in the store.'],
  429: ['ApplicationThrottled', 'Application is over its MailboxConcurrency limit.'],
  500: ['ErrorInternalServerError', 'An internal server error occurred. The operation failed.'],
  503: ['ErrorServerBusy', 'The server is busy. Try again later.'],
};

/** 502 and 504 come from the gateway and have no words (seen). */
function faultAnswer(fault: FaultAnswer, request: GraphRequest): Answer {
  const { status, retryAfter, headers } = fault;
  const allHeaders = { ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }), ...headers };
  if (fault.body !== undefined) {
    return typeof fault.body === 'string'
      ? { status, headers: allHeaders, text: fault.body }
      : { status, headers: allHeaders, json: fault.body };
  }
  if (status < 400) return { status, headers: allHeaders };
  const [code, message] = defaultCodes[status] ?? ['UnknownError', ''];
  const error = new GraphError(status, fault.code ?? code, fault.message ?? message);
  return { status, headers: allHeaders, json: errorBody(error, request) };
}

/** Breaks the answer off in the middle: of its body, or, where it has none, of its header. */
function cutOff(rendered: Rendered, response: ServerResponse): void {
  const socket = response.socket;
  if (socket === null) return;
  const header = Object.entries(rendered.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`HTTP/1.1 ${rendered.status} Emulated\r\n${header.join('')}\r\n`);
  const whole = Buffer.concat([head, rendered.body]);
  const length = rendered.body.length > 0 ? head.length + Math.floor(rendered.body.length / 2) : Math.floor(head.length / 2);
  socket.write(whole.subarray(0, length), () => socket.destroy());
}

export function act(action: FaultAction, answer: Answer, request: GraphRequest, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    // A client that has gone already closes nothing any more.
    if (response.destroyed || response.socket === null || response.socket.destroyed) return resolve();
    if (action === 'timeout') return;
    if (action === 'reset') return void response.socket.resetAndDestroy();
    if (action === 'cutOff') return cutOff(render(answer, request), response);
    const rendered = render(action === 'normal' ? answer : faultAnswer(action, request), request);
    response.writeHead(rendered.status, rendered.headers);
    response.end(rendered.body);
  });
}
