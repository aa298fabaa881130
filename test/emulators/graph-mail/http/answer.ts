// What an operation answers, and how it is written to the wire with Graph's headers.
import type { ServerResponse } from 'node:http';
import type { GraphError } from './errors.ts';
import type { GraphRequest } from './request.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  readonly text?: string;
  readonly bytes?: Buffer;
}

export interface Rendered {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const diagnostic = JSON.stringify({
  ServerInfo: { DataCenter: 'Emulator', Slice: 'E', Ring: '5', ScaleUnit: '001', RoleInstance: 'GRAPHMAILEMULATOR' },
});

/** Dates in innerError have no zone (documented samples). */
const localDate = (now: number) => new Date(now).toISOString().slice(0, 19);

export function errorBody(error: GraphError, request: GraphRequest): unknown {
  if (!error.withInnerError) return { error: { code: error.code, message: error.message } };
  const innerError = { date: localDate(request.receivedAt), 'request-id': request.requestId, 'client-request-id': request.clientRequestId };
  return { error: { code: error.code, message: error.message, innerError } };
}

export function errorAnswer(error: GraphError, request: GraphRequest): Answer {
  return { status: error.status, headers: error.headers, json: errorBody(error, request) };
}

export function render(answer: Answer, request: GraphRequest): Rendered {
  const headers: Record<string, string> = {
    'Cache-Control': 'private',
    'request-id': request.requestId,
    'client-request-id': request.clientRequestId,
    'x-ms-ags-diagnostic': diagnostic,
    Date: new Date(request.receivedAt).toUTCString(),
  };
  if (request.prefer.applied.length > 0) headers['Preference-Applied'] = request.prefer.applied.join(', ');
  let body: Buffer = Buffer.alloc(0);
  if (answer.json !== undefined) {
    headers['Content-Type'] = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';
    body = Buffer.from(JSON.stringify(answer.json));
  } else if (answer.text !== undefined || answer.bytes !== undefined) {
    headers['Content-Type'] = 'text/plain';
    body = answer.bytes ?? Buffer.from(answer.text ?? '');
  }
  Object.assign(headers, answer.headers);
  if (answer.status !== 204) headers['Content-Length'] = String(body.length);
  return { status: answer.status, headers, body };
}

export function write(rendered: Rendered, response: ServerResponse): void {
  response.writeHead(rendered.status, rendered.headers);
  response.end(rendered.body);
}
