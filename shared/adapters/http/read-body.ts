// The body of a request: its size, its content encoding, and the trap of a chunked body that never reaches a function.
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { HttpRequest } from '@azure/functions';
import { type Checked, ok, problems, refused } from '../../domain/content/problem.ts';

const DECODERS: Record<string, (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip) as (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>,
  'x-gzip': promisify(gunzip) as (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>,
  deflate: promisify(inflate) as (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>,
  br: promisify(brotliDecompress) as (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>,
};

/** Bounded: a small body may not unfold into a large one. */
async function decompress(bytes: Uint8Array, encoding: string, limit: number): Promise<Checked<Uint8Array>> {
  const decode = DECODERS[encoding];
  if (!decode) return refused(problems.unsupportedEncoding(encoding));
  try {
    return ok(await decode(bytes, { maxOutputLength: limit }));
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return refused(
      tooLarge
        ? problems.tooLarge('The decompressed body', undefined, limit)
        : problems.bodyUnreadable(`The body is not valid ${encoding}.`),
    );
  }
}

/**
 * The bytes of the body, at most `limit`. An empty body is an answer only where its length was said: without HTTP streaming the
 * Functions host passes a chunked body on as an empty one.
 */
export async function readBody(request: HttpRequest, limit: number): Promise<Checked<Uint8Array>> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (bytes.length === 0 && request.headers.get('content-length') !== '0') return refused(problems.emptyBody());
  if (bytes.length > limit) return refused(problems.tooLarge('The body', bytes.length, limit));
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase();
  return !encoding || encoding === 'identity' ? ok(bytes) : decompress(bytes, encoding, limit);
}
