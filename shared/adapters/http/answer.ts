// Answers in Graph's envelope: request-id and client-request-id on every one, errors as Graph words them.
import type { HttpResponseInit } from '@azure/functions';
import type { Problem } from '../../domain/content/problem.ts';
import type { ResponseHeaders } from './response-headers.ts';

/** The ids that every answer carries. */
export interface RequestIds {
  requestId: string;
  clientRequestId: string;
}

const idHeaders = ({ requestId, clientRequestId }: RequestIds): ResponseHeaders => ({
  'request-id': requestId,
  'client-request-id': clientRequestId,
});

export function jsonAnswer(status: number, body: unknown, ids: RequestIds, headers: ResponseHeaders = {}): HttpResponseInit {
  const text = JSON.stringify(body);
  // With HTTP streaming the host sends a body without Content-Length in chunks.
  const length = { 'content-length': String(Buffer.byteLength(text)) };
  return { status, headers: { 'content-type': 'application/json', ...length, ...idHeaders(ids), ...headers }, body: text };
}

/** Graph's dates have no zone and no fraction. */
const graphDate = (now: number): string => new Date(now).toISOString().slice(0, 19);

export function problemAnswer(
  { status, code, message }: Problem,
  ids: RequestIds,
  now: number,
  headers: ResponseHeaders = {},
): HttpResponseInit {
  const innerError = { date: graphDate(now), 'request-id': ids.requestId, 'client-request-id': ids.clientRequestId };
  return jsonAnswer(status, { error: { code, message, innerError } }, ids, headers);
}
