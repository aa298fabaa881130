// The parts of a whole RFC 5322 message by their places in its bytes: read in one pass, line by line, with a stack of open multiparts.
import { contentProblems, MAXIMUM_HEADER_BYTES, MAXIMUM_MIME_DEPTH, MAXIMUM_MIME_PARTS } from './content-limits.ts';
import { boundaryOf, EMPTY_HEADER, mediaTypeOf } from './content-type-field.ts';
import { type MimeHeader, readMimeHeader } from './mime-header.ts';
import { type Checked, ok, type Problem, problems, refused } from './problem.ts';

export interface MimePart {
  header: MimeHeader;
  /** Media type in lower case; RFC 2045 section 5.2: text/plain if none is named. */
  type: string;
  /** It has header lines that can't be read. */
  damaged?: true;
  /** Where its header begins. */
  start: number;
  /** Where its body begins and ends. */
  from: number;
  to: number;
  parts: MimePart[];
}

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;
const isLineBlank = (code: number | undefined): boolean => code === CR || code === 0x20 || code === 0x09;

const latin1 = new TextDecoder('latin1');

interface OpenMultipart {
  part: MimePart;
  boundary: string;
}

interface Delimiter {
  /** On the stack. */
  index: number;
  closes: boolean;
}

class PartsReader {
  readonly #bytes: Uint8Array;
  /** From the outermost to the innermost. */
  readonly #open: OpenMultipart[] = [];
  readonly #delimiters = new Map<string, Delimiter>();
  /** The lengths of all delimiters so far, also of multiparts that are closed. */
  readonly #lengths = new Set<number>();
  readonly root: MimePart;
  /** The leaf that the lines belong to; none between a multipart's last delimiter and the next delimiter around it. */
  #current: MimePart | undefined;
  #inHeader = true;
  #count = 1;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.root = this.#newPart(0);
    this.#current = this.root;
  }

  read(): Problem | undefined {
    const { length } = this.#bytes;
    for (let at = 0; at < length; ) {
      let end = at;
      while (end < length && this.#bytes[end] !== LF) end++;
      const problem = this.#line(at, end);
      if (problem) return problem;
      at = end + 1;
    }
    return this.#finish(length, length);
  }

  #newPart(start: number): MimePart {
    return { header: EMPTY_HEADER, type: 'text/plain', start, from: start, to: start, parts: [] };
  }

  #line(at: number, end: number): Problem | undefined {
    const found = this.#open.length > 0 && this.#bytes[at] === DASH && this.#bytes[at + 1] === DASH ? this.#delimiter(at, end) : undefined;
    if (found) return this.#cut(found.index, found.closes, at, end);
    if (this.#inHeader && this.#current && (end === at || (end === at + 1 && this.#bytes[at] === CR))) return this.#beginBody(end + 1);
    return undefined;
  }

  /** Which open multipart the line delimits. Blanks may follow (RFC 2046 section 5.1.1). */
  #delimiter(at: number, end: number): Delimiter | undefined {
    let to = end;
    while (to > at && isLineBlank(this.#bytes[to - 1])) to--;
    // Most lines that begin with two dashes are not as long as any delimiter, so they need no decoding.
    if (!this.#lengths.has(to - at)) return undefined;
    return this.#delimiters.get(latin1.decode(this.#bytes.subarray(at, to)));
  }

  #pushOpen(part: MimePart, boundary: string): void {
    const index = this.#open.push({ part, boundary }) - 1;
    this.#delimiters.set(`--${boundary}--`, { index, closes: true });
    this.#delimiters.set(`--${boundary}`, { index, closes: false });
    this.#lengths.add(boundary.length + 2).add(boundary.length + 4);
  }

  /** Closes the multiparts from this index of the stack on. */
  #closeFrom(place: number, to: number): void {
    for (const { part, boundary } of this.#open.splice(place)) {
      part.to = Math.max(part.from, to);
      this.#delimiters.delete(`--${boundary}`);
      this.#delimiters.delete(`--${boundary}--`);
    }
  }

  /** A delimiter of an outer multipart ends those within. */
  #cut(index: number, closes: boolean, at: number, end: number): Problem | undefined {
    const problem = this.#finish(this.#beforeLineBreak(at), at, index);
    if (problem) return problem;
    if (closes) {
      this.#closeFrom(index, at);
      return undefined;
    }
    if (++this.#count > MAXIMUM_MIME_PARTS) return contentProblems.mimeParts();
    this.#current = this.#newPart(Math.min(end + 1, this.#bytes.length));
    (this.#open[index] as OpenMultipart).part.parts.push(this.#current);
    this.#inHeader = true;
    return undefined;
  }

  /** Ends what is open after this index of the stack. If no empty line ends a header, the part has no body. */
  #finish(to: number, headerTo: number, index = -1): Problem | undefined {
    if (this.#current && this.#inHeader) {
      const problem = this.#beginBody(headerTo);
      if (problem) return problem;
    }
    this.#closeFrom(index + 1, to);
    if (this.#current) this.#current.to = Math.max(this.#current.from, to);
    this.#current = undefined;
    return undefined;
  }

  #beginBody(from: number): Problem | undefined {
    const part = this.#current as MimePart;
    this.#inHeader = false;
    part.from = Math.min(from, this.#bytes.length);
    const header = readMimeHeader(this.#bytes.subarray(part.start, part.from));
    if (!header.ok) return this.#withoutHeader(part);
    part.header = header.value;
    part.type = mediaTypeOf(header.value);
    if (!part.type.startsWith('multipart/')) return undefined;
    const boundary = boundaryOf(header.value);
    if (boundary === undefined) return undefined;
    if (this.#open.length >= MAXIMUM_MIME_DEPTH) return contentProblems.mimeDepth();
    // Readers disagree on which of the two a delimiter belongs to.
    if (this.#delimiters.has(`--${boundary}`) || this.#delimiters.has(`--${boundary}--`)) {
      return problems.mimeInvalid('A multipart has the boundary of one that it is in. Give each its own.');
    }
    this.#pushOpen(part, boundary);
    this.#current = undefined;
    return undefined;
  }

  /** A part may have no header at all: its body begins with the empty line. */
  #withoutHeader(part: MimePart): Problem | undefined {
    if (part.from - part.start > 2) part.damaged = true;
    return part.from - part.start > MAXIMUM_HEADER_BYTES ? contentProblems.headerBytes() : undefined;
  }

  /** The line break before a delimiter belongs to the delimiter. A header comes before every delimiter, so there is one. */
  #beforeLineBreak(at: number): number {
    const feed = at - 1;
    return this.#bytes[feed - 1] === CR ? feed - 1 : feed;
  }
}

/** The message as a tree, within the limits. A message that is attached (message/rfc822) is a leaf: it travels whole. */
export function readParts(bytes: Uint8Array): Checked<MimePart> {
  const reader = new PartsReader(bytes);
  const problem = reader.read();
  return problem ? refused(problem) : ok(reader.root);
}

export function* leavesOf(part: MimePart): Generator<MimePart> {
  if (part.parts.length === 0) yield part;
  for (const inner of part.parts) yield* leavesOf(inner);
}

/** Types whose bytes are signed or encrypted: S/MIME (RFC 8551) and OpenPGP (RFC 3156). */
const SIGNED_OR_ENCRYPTED = ['multipart/signed', 'multipart/encrypted', 'application/pkcs7-mime', 'application/x-pkcs7-mime'];

/** Whether a part of the message is signed or encrypted, so that it must travel as it is. */
export const isSignedOrEncrypted = (part: MimePart): boolean =>
  SIGNED_OR_ENCRYPTED.includes(part.type) || part.parts.some(isSignedOrEncrypted);
