// The content encodings of a body: unpacked whole, or as a stream.
import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import {
  brotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  gunzip,
  inflate,
  inflateRaw,
  type ZlibOptions,
} from 'node:zlib';
import { printable } from '../../domain/content/addresses.ts';
import { contentProblems } from '../../domain/content/content-limits.ts';
import { type Checked, ok, type Problem, problems, refused } from '../../domain/content/problem.ts';

type Whole = (bytes: Uint8Array, options: ZlibOptions) => Promise<Buffer>;

export interface ContentEncoding {
  name: string;
  whole: Whole;
  /** `first`: the first bytes of the body. */
  stream: (first: Uint8Array) => Transform;
  /** Whether a body with this label may be uncompressed. */
  mayBePlain?: true;
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

const zlibInflate: Whole = promisify(inflate);
const rawInflate: Whole = promisify(inflateRaw);

/** RFC 9110 section 8.4.1.2: deflate is the zlib format, and some clients send it bare. */
const anyInflate: Whole = async (bytes, options) => {
  try {
    return await zlibInflate(bytes, options);
  } catch (error) {
    if (codeOf(error) !== 'Z_DATA_ERROR') throw error;
    return rawInflate(bytes, options);
  }
};

/** RFC 1950 section 2.2: method 8, and the two bytes are a multiple of 31. */
const isZlib = ([method = 0, flags = 0]: Uint8Array): boolean => method % 16 === 8 && (method * 256 + flags) % 31 === 0;

const gzip = { whole: promisify(gunzip), stream: () => createGunzip(), mayBePlain: true } as const;

const ENCODINGS: readonly ContentEncoding[] = [
  { name: 'gzip', ...gzip },
  { name: 'x-gzip', ...gzip },
  { name: 'deflate', whole: anyInflate, stream: (first) => (isZlib(first) ? createInflate() : createInflateRaw()) },
  { name: 'br', whole: promisify(brotliDecompress), stream: () => createBrotliDecompress() },
];

/** What Content-Encoding may say. */
export const CONTENT_ENCODINGS: readonly string[] = ENCODINGS.map(({ name }) => name);

/** Undefined if the body is as it is. */
export function contentEncodingOf(headers: { get(name: string): string | null }): Checked<ContentEncoding | undefined> {
  const named = headers.get('content-encoding')?.trim().toLowerCase();
  if (!named || named === 'identity') return ok(undefined);
  const found = ENCODINGS.find(({ name }) => name === named);
  return found ? ok(found) : refused(problems.unsupportedEncoding(printable(named)));
}

/** Bytes that are enough to recognize an uncompressed body. */
export const FIRST_BYTES = 64;
const PLAIN = /^(?:\ufeff?\s*\{|[A-Za-z0-9+/\s]+={0,2}\s*$)/;

/**
 * JSON or base64 as it is. Microsoft's Go client compresses the body of its first attempt only, and leaves the label on its repeats. No
 * gzip begins so: its first two bytes are 1f 8b (RFC 1952 section 2.3.1). `first`: the body's first bytes, or all of it.
 */
export const isPlain = ({ mayBePlain }: ContentEncoding, first: Uint8Array): boolean =>
  mayBePlain === true && first.length > 0 && PLAIN.test(new TextDecoder().decode(first.subarray(0, FIRST_BYTES)));

/** What is wrong with a body that could not be unpacked to at most `limit` bytes; `maximum` is that of any body. */
export function packedProblem(error: unknown, { name }: ContentEncoding, limit: number, maximum: number): Problem {
  if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE')
    return limit < maximum ? contentProblems.unpacked(limit) : problems.tooLarge('The decompressed body', undefined, limit);
  return problems.bodyUnreadable(
    `The header Content-Encoding says ${name}, but the body is not valid ${name}. Compress the body as the header says, or leave the header out.`,
  );
}
