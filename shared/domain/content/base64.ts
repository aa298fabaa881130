// Base64 as Graph takes it: RFC 4648 section 4 with white space anywhere, and nothing else. And base64 of MIME, which may contain any other character.
import { Buffer } from 'node:buffer';

const WHITE_SPACE = 64;
const PAD = 65;
const ILLEGAL = 255;

/** What each byte is: the value of a letter (0 to 63), white space, a pad, or nothing of base64. */
const KINDS = new Uint8Array(256).fill(ILLEGAL);
for (const [value, letter] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  KINDS[letter.charCodeAt(0)] = value;
}
for (const blank of ' \t\r\n') KINDS[blank.charCodeAt(0)] = WHITE_SPACE;
KINDS['='.charCodeAt(0)] = PAD;

/** A reader of text skips the byte order mark. */
const startOf = (text: Uint8Array): number => (text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0);

interface Tally {
  letters: number;
  pads: number;
}

/** Whole groups of four, of which at most the last two places are pads. */
const isComplete = ({ letters, pads }: Tally): boolean => (letters + pads) % 4 === 0 && pads < 3;

/** Counts the characters of a text, or of a piece of one, by kind. False for another alphabet, and for anything after a pad. */
function count(text: string, tally: Tally): boolean {
  let { letters, pads } = tally;
  for (let i = 0; i < text.length; i++) {
    const kind = KINDS[text.charCodeAt(i)] ?? ILLEGAL;
    if (kind === WHITE_SPACE) continue;
    if (kind === PAD) pads++;
    else if (kind === ILLEGAL || pads > 0) return false;
    else letters++;
  }
  tally.letters = letters;
  tally.pads = pads;
  return true;
}

/** Whether a JSON string is base64; the empty one is (an empty attachment). Makes no copy: attachments are large. */
export function isBase64(text: string): boolean {
  const tally = { letters: 0, pads: 0 };
  return count(text, tally) && isComplete(tally);
}

const bufferOf = ({ buffer, byteOffset, length }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, length);

const PIECE_BYTES = 0x10000;

/**
 * The decoded bytes; undefined for another alphabet, a missing or extra pad, or anything after a pad. Node's decoder takes anything,
 * so each piece is checked first. By pieces, so that the text is not copied as a whole.
 */
export function decodeBase64(text: Uint8Array): Uint8Array | undefined {
  const from = bufferOf(text);
  const to = Buffer.from(new ArrayBuffer(Math.ceil((text.length * 3) / 4)));
  const tally = { letters: 0, pads: 0 };
  let at = 0;
  let rest = '';
  for (let start = startOf(text); start < text.length; start += PIECE_BYTES) {
    const piece = from.toString('latin1', start, start + PIECE_BYTES);
    if (!count(piece, tally)) return undefined;
    const letters = rest + piece.replace(/[ \t\r\n]+/g, '');
    const whole = letters.length - (letters.length % 4);
    at += to.write(letters.slice(0, whole), at, 'base64');
    rest = letters.slice(whole);
  }
  return isComplete(tally) ? new Uint8Array(to.buffer, 0, at) : undefined;
}

/** Whether bytes are base64 without white space, whole groups of four: its length then tells how much it holds. */
export function isDenseBase64(bytes: Uint8Array, from: number, to: number): boolean {
  let end = to;
  while (end > from && end > to - 2 && KINDS[bytes[end - 1] as number] === PAD) end--;
  for (let at = from; at < end; at++) if ((KINDS[bytes[at] as number] as number) >= WHITE_SPACE) return false;
  return (to - from) % 4 === 0;
}

/** Without line breaks. */
export const encodeBase64 = (bytes: Uint8Array): string => bufferOf(bytes).toString('base64');

/** The base64 of a MIME part: what isn't of the alphabet is skipped (RFC 2045 section 6.8), and a pad ends a unit wherever it stands. */
export function decodeMimeBase64(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let at = 0;
  let group = 0;
  let letters = 0;
  const end = (): void => {
    if (letters === 2) bytes[at++] = group >> 4;
    if (letters === 3) {
      bytes[at++] = group >> 10;
      bytes[at++] = group >> 2;
    }
    letters = 0;
  };
  for (let i = 0; i < text.length; i++) {
    const kind = KINDS[text[i] as number] as number;
    if (kind === PAD) end();
    if (kind >= WHITE_SPACE) continue;
    group = ((group << 6) | kind) & 0xffffff;
    if (++letters < 4) continue;
    bytes[at++] = group >> 16;
    bytes[at++] = group >> 8;
    bytes[at++] = group;
    letters = 0;
  }
  end();
  return bytes.subarray(0, at);
}
