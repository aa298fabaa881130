// Reads the body of a request: its size and its content encoding.
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';
import type { HttpRequest } from '@azure/functions';
import { printable } from '../../domain/content/addresses.ts';
import { contentProblems, unpackedLimit } from '../../domain/content/content-limits.ts';
import { type Checked, ok, type Problem, problems, refused } from '../../domain/content/problem.ts';
import { CollectedBytes } from './collected-bytes.ts';
import { type Hold, SMALL_HOLD } from './permits.ts';

type Decoder = (bytes: Uint8Array, options: ZlibOptions) => Promise<Buffer>;

const zlibInflate: Decoder = promisify(inflate);
const rawInflate: Decoder = promisify(inflateRaw);
const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** RFC 9110 section 8.4.1.2: deflate is the zlib format, and some clients send it bare. */
const anyInflate: Decoder = async (bytes, options) => {
  try {
    return await zlibInflate(bytes, options);
  } catch (error) {
    if (codeOf(error) !== 'Z_DATA_ERROR') throw error;
    return rawInflate(bytes, options);
  }
};

const DECODERS = new Map<string, Decoder>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', anyInflate],
  ['br', promisify(brotliDecompress)],
]);

/** What Content-Encoding may say. */
export const CONTENT_ENCODINGS: readonly string[] = [...DECODERS.keys()];

const GZIP: readonly string[] = ['gzip', 'x-gzip'];
const PLAIN = /^(?:\ufeff?\s*\{|[A-Za-z0-9+/\s]+={0,2}\s*$)/;

/**
 * JSON or base64 as it is. Microsoft's Go client compresses the body of its first attempt only, and leaves the label on its repeats. No
 * gzip begins so: its first two bytes are 1f 8b (RFC 1952 section 2.3.1).
 */
const isPlain = (bytes: Uint8Array): boolean => bytes.length > 0 && PLAIN.test(new TextDecoder().decode(bytes.subarray(0, 64)));

/** So many bytes at a time are held by others that there is no room for these. */
const crowded = (): Problem => problems.unavailable('the service is reading as much mail as it has memory for', 5);

/** Bounded: a small body may not unfold into a large one. */
async function decompress(bytes: Uint8Array, encoding: string, maximum: number, hold: Hold): Promise<Checked<Uint8Array>> {
  const decode = DECODERS.get(encoding);
  if (!decode) return refused(problems.unsupportedEncoding(printable(encoding)));
  if (GZIP.includes(encoding) && isPlain(bytes)) return ok(bytes);
  const limit = unpackedLimit(bytes.length, maximum);
  if (!hold.extendTo(bytes.length + limit)) return refused(crowded());
  try {
    return ok(await decode(bytes, { maxOutputLength: limit }));
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE')
      return refused(limit < maximum ? contentProblems.unpacked(limit) : problems.tooLarge('The decompressed body', undefined, limit));
    return refused(
      problems.bodyUnreadable(
        `The body is not valid ${encoding}, which the header Content-Encoding says it is. Send the body as the header says, or leave the header out.`,
      ),
    );
  }
}

/** All chunks, bounded here: with HTTP streaming nobody else does it. A caller that goes away breaks its stream off. */
async function collect(request: HttpRequest, said: number, limit: number, hold: Hold): Promise<Checked<Uint8Array>> {
  if (!hold.extendTo(said)) return refused(crowded());
  const collected = new CollectedBytes(said);
  try {
    for await (const chunk of request.body ?? []) {
      const length = collected.length + (chunk as Uint8Array).length;
      if (length > limit) return refused(problems.tooLarge('The body', undefined, limit));
      if (!hold.extendTo(length)) return refused(crowded());
      collected.add(chunk as Uint8Array);
    }
  } catch {
    return refused(problems.brokenOff(collected.length));
  }
  return ok(collected.bytes());
}

/**
 * The bytes of the body, at most `limit`. Without HTTP streaming the Functions host passes a chunked body on as an empty one, which
 * must not be taken for it. `hold`: what it may hold of the memory for bodies; 503 if there is no room.
 */
export async function readBody(request: HttpRequest, limit: number, hold: Hold = SMALL_HOLD): Promise<Checked<Uint8Array>> {
  const said = request.headers.get('content-length');
  if (said !== null && Number(said) > limit) return refused(problems.tooLarge('The body', Number(said), limit));
  const collected = await collect(request, Number(said ?? 0) || 0, limit, hold);
  if (!collected.ok) return collected;
  const bytes = collected.value;
  if (bytes.length === 0 && request.headers.has('transfer-encoding')) return refused(problems.emptyBody());
  if (said !== null && Number(said) !== bytes.length) return refused(problems.cutOffBody(Number(said), bytes.length));
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase();
  return !encoding || encoding === 'identity' ? ok(bytes) : decompress(bytes, encoding, limit, hold);
}
