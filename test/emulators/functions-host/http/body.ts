// Reads request bodies as the host does when HTTP streaming is off.
import type { IncomingMessage } from 'node:http';

export const defaultBodyLimit = 104_857_600;

export type ReadBody = { kind: 'body'; body: Buffer | undefined } | { kind: 'tooLarge' } | { kind: 'aborted' };

/**
 * A body is read only when `Content-Length` says more than 0: a chunked request reaches the function with an empty body
 * (GrpcMessageConversionExtensions: `request.ContentLength > 0`).
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<ReadBody> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (!(length > 0)) {
    request.resume();
    return { kind: 'body', body: undefined };
  }
  if (length > limit) return { kind: 'tooLarge' };
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return { kind: 'aborted' };
  }
  return { kind: 'body', body: Buffer.concat(chunks) };
}
