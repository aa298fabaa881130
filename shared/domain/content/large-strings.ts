// Keeps the large base64 strings of a JSON text where they are, in its bytes: only what is left is parsed, changed and written again.
import { isDenseBase64 } from './base64.ts';
import { joined } from './bytes.ts';

/** Shorter strings are parsed like any other. */
const LARGE_BYTES = 64 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

interface Range {
  from: number;
  to: number;
}

/** Where the string that begins at `from` ends: at its quote, or at the end of a text that is cut off. */
function endOfString(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from + 1); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let escapes = 0;
    while (bytes[at - 1 - escapes] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return bytes.length;
}

/** The strings' places, without their quotes. */
function largeRanges(bytes: Uint8Array): Range[] {
  const ranges: Range[] = [];
  for (let at = bytes.indexOf(QUOTE); at >= 0; ) {
    const range = { from: at + 1, to: endOfString(bytes, at) };
    if (range.to - range.from > LARGE_BYTES && isDenseBase64(bytes, range.from, range.to)) ranges.push(range);
    at = range.to < bytes.length ? bytes.indexOf(QUOTE, range.to + 1) : -1;
  }
  return ranges;
}

const utf8 = new TextEncoder();
const ascii = new TextDecoder('latin1');
const INDEX_LENGTH = 8;

/** The strings, each known by a sign that stands in its place: itself base64, and unlike anything in the text. */
export class LargeStrings {
  readonly #bytes: Uint8Array;
  readonly #ranges: readonly Range[];
  readonly #sign: string;

  constructor(bytes: Uint8Array, ranges: readonly Range[], sign: string) {
    this.#bytes = bytes;
    this.#ranges = ranges;
    this.#sign = sign;
  }

  static readonly none = new LargeStrings(new Uint8Array(), [], 'none');

  /** The bytes that a value stands for, or undefined where it is what it is. */
  bytesOf(value: string): Uint8Array | undefined {
    if (this.#ranges.length === 0 || !value.startsWith(this.#sign) || value.length !== this.#sign.length + INDEX_LENGTH) return undefined;
    const range = this.#ranges[Number(value.slice(this.#sign.length))];
    return range && this.#bytes.subarray(range.from, range.to);
  }

  textOf(value: string): string {
    const bytes = this.bytesOf(value);
    return bytes ? ascii.decode(bytes) : value;
  }

  /** A JSON text with every sign replaced by its string. */
  fill(json: string): Uint8Array {
    const pieces = this.#split(json).map((piece) => this.bytesOf(piece) ?? utf8.encode(piece));
    return joined(pieces);
  }

  fillText(json: string): string {
    return this.#split(json)
      .map((piece) => this.textOf(piece))
      .join('');
  }

  /** How many bytes it has once it is filled. */
  lengthOf(json: string): number {
    return this.#split(json).reduce((sum, piece) => sum + (this.bytesOf(piece) ?? utf8.encode(piece)).length, 0);
  }

  #split(json: string): string[] {
    return this.#ranges.length === 0 ? [json] : json.split(new RegExp(`(${this.#sign}\\d{${INDEX_LENGTH}})`));
  }
}

/** A sign that the text doesn't have: letters of base64, in groups of four. */
function unusedSign(text: string): string {
  for (let number = 0; ; number++) {
    const sign = `large${String(number).padStart(7, '0')}`;
    if (!text.includes(sign)) return sign;
  }
}

export interface Hollow {
  /** The JSON with a sign in the place of each large string. */
  bytes: Uint8Array;
  large: LargeStrings;
}

export function hollowJson(bytes: Uint8Array): Hollow {
  const ranges = largeRanges(bytes);
  if (ranges.length === 0) return { bytes, large: LargeStrings.none };
  const between: Uint8Array[] = [];
  let at = 0;
  for (const { from, to } of ranges) {
    between.push(bytes.subarray(at, from));
    at = to;
  }
  const last = bytes.subarray(at);
  const sign = unusedSign(ascii.decode(joined([...between, last])));
  const pieces = between.flatMap((piece, i) => [piece, utf8.encode(sign + String(i).padStart(INDEX_LENGTH, '0'))]);
  return { bytes: joined([...pieces, last]), large: new LargeStrings(bytes, ranges, sign) };
}
