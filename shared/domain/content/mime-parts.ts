// The parts of a whole RFC 5322 message by their places in its bytes: for mail too large to be taken apart in memory as text.
import { fieldsNamed, type MimeHeader, readMimeHeader } from './mime-header.ts';

export interface MimePart {
  header: MimeHeader;
  /** Media type in lower case; RFC 2045 section 5.2: text/plain where none is named. */
  type: string;
  /** Where its body begins and ends. */
  from: number;
  to: number;
  parts: MimePart[];
}

/** Deeper than any mailer nests; what is deeper stays one part. */
const MAXIMUM_DEPTH = 30;
const MAXIMUM_PARTS = 5_000;

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

const first = (header: MimeHeader, name: string): string => fieldsNamed(header, name)[0] ?? '';

/** Comments (RFC 822) may stand before and behind the type. */
export const mediaTypeOf = (header: MimeHeader): string =>
  /^\s*(?:\([^)]*\)\s*)*([\w!#$&^.+-]+\/[\w!#$&^.+-]+)/.exec(first(header, 'content-type'))?.[1]?.toLowerCase() ?? 'text/plain';

const boundaryOf = (header: MimeHeader): string | undefined => {
  const [, quoted, bare] = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(first(header, 'content-type')) ?? [];
  return quoted ?? bare;
};

/** Where the body begins: behind the first empty line. A part may have no header at all. */
function bodyStart(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; ) {
    const feed = bytes.indexOf(LF, at);
    if (feed < 0 || feed >= to) return to;
    if (feed === at || (feed === at + 1 && bytes[at] === CR)) return feed + 1;
    at = feed + 1;
  }
  return to;
}

const EMPTY: MimeHeader = { fields: [] };

function headerOf(bytes: Uint8Array, from: number, to: number): MimeHeader {
  const read = readMimeHeader(bytes.subarray(from, to));
  return read.ok ? read.value : EMPTY;
}

/** Whether the line at a place is the delimiter: `open`, or `close` where it is the last one. Blanks may follow (RFC 2046 section 5.1.1). */
function delimiterAt(bytes: Uint8Array, at: number, end: number, delimiter: Uint8Array): 'open' | 'close' | undefined {
  if (bytes[at] !== DASH || end - at < delimiter.length) return undefined;
  for (let i = 0; i < delimiter.length; i++) if (bytes[at + i] !== delimiter[i]) return undefined;
  let rest = at + delimiter.length;
  const closes = bytes[rest] === DASH && bytes[rest + 1] === DASH;
  if (closes) rest += 2;
  for (; rest < end; rest++) if (![0x20, 0x09, CR].includes(bytes[rest] as number)) return undefined;
  return closes ? 'close' : 'open';
}

/** Without the line break before a delimiter, which belongs to that. */
const beforeLineBreak = (bytes: Uint8Array, from: number, at: number): number => {
  const feed = at > from && bytes[at - 1] === LF ? at - 1 : at;
  return feed > from && bytes[feed - 1] === CR ? feed - 1 : feed;
};

/** The places between the delimiters of a multipart. A missing last delimiter ends at the end. */
function* sections(bytes: Uint8Array, from: number, to: number, boundary: string): Generator<[number, number]> {
  const delimiter = new TextEncoder().encode(`--${boundary}`);
  let start: number | undefined;
  for (let at = from; at < to; ) {
    const feed = bytes.indexOf(LF, at);
    const end = feed < 0 || feed >= to ? to : feed;
    const found = delimiterAt(bytes, at, end, delimiter);
    if (found && start !== undefined) yield [start, beforeLineBreak(bytes, start, at)];
    if (found === 'close') return;
    if (found) start = end + 1;
    at = end + 1;
  }
  if (start !== undefined && start < to) yield [start, to];
}

interface Budget {
  parts: number;
}

function readPart(bytes: Uint8Array, start: number, to: number, depth: number, budget: Budget): MimePart {
  const from = bodyStart(bytes, start, to);
  const header = headerOf(bytes, start, from);
  const type = mediaTypeOf(header);
  const boundary = type.startsWith('multipart/') && depth < MAXIMUM_DEPTH ? boundaryOf(header) : undefined;
  const part: MimePart = { header, type, from, to, parts: [] };
  if (boundary === undefined) return part;
  for (const [begin, end] of sections(bytes, from, to, boundary)) {
    if (--budget.parts < 0) break;
    part.parts.push(readPart(bytes, begin, end, depth + 1, budget));
  }
  return part;
}

/** The message as a tree. A message that is attached (message/rfc822) is a leaf: it travels whole. */
export const readParts = (bytes: Uint8Array): MimePart => readPart(bytes, 0, bytes.length, 0, { parts: MAXIMUM_PARTS });

export function* leavesOf(part: MimePart): Generator<MimePart> {
  if (part.parts.length === 0) yield part;
  for (const inner of part.parts) yield* leavesOf(inner);
}

/** Types whose bytes are signed or encrypted: S/MIME (RFC 8551) and OpenPGP (RFC 3156). */
const SEALED = ['multipart/signed', 'multipart/encrypted', 'application/pkcs7-mime', 'application/x-pkcs7-mime'];

/** Whether a part of the message is signed or encrypted, so that it must travel as it is. */
export const isSealed = (part: MimePart): boolean => SEALED.includes(part.type) || part.parts.some(isSealed);

const dispositionOf = ({ header }: MimePart): string => first(header, 'content-disposition').split(';', 1)[0]!.trim().toLowerCase();

/** Whether it is text to be read rather than something attached. */
export const isText = (part: MimePart): boolean => ['text/plain', 'text/html'].includes(part.type) && dispositionOf(part) !== 'attachment';

/** Content-Transfer-Encoding, RFC 2045 section 6; 7bit where none is named. */
export const encodingOf = ({ header }: MimePart): string =>
  /[\w-]+/.exec(first(header, 'content-transfer-encoding').toLowerCase())?.[0] ?? '7bit';
