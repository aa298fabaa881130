// Takes large attachments out of a MIME message, each leaving a short sign in its place: what is left can be parsed as a whole.
import { decodeMimeBase64, encodeBase64 } from './base64.ts';
import { joined } from './bytes.ts';
import { encodingOf, isText, leavesOf, type MimePart } from './mime-parts.ts';

/** Smaller parts stay where they are. */
const LARGE_BYTES = 64 * 1024;

/** Encodings whose content can be read by its place alone. */
const PLAIN = ['7bit', '8bit', 'binary'];

export interface TakenOut {
  /** What stands in its place. */
  sign: string;
  make: () => Uint8Array;
}

export interface HollowMime {
  mime: Uint8Array;
  takenOut: TakenOut[];
}

const isLarge = (part: MimePart): boolean =>
  !isText(part) && part.to - part.from > LARGE_BYTES && (encodingOf(part) === 'base64' || PLAIN.includes(encodingOf(part)));

/** `nonce` makes the signs unlike anything that may stand in a mail. */
export function hollowMime(bytes: Uint8Array, root: MimePart, nonce: string): HollowMime {
  const utf8 = new TextEncoder();
  const pieces: Uint8Array[] = [];
  const takenOut: TakenOut[] = [];
  let at = 0;
  for (const part of leavesOf(root)) {
    if (part === root || !isLarge(part)) continue;
    const sign = `${nonce}-${takenOut.length}`;
    const isBase64 = encodingOf(part) === 'base64';
    pieces.push(bytes.subarray(at, part.from), utf8.encode(isBase64 ? encodeBase64(utf8.encode(sign)) : sign));
    const content = bytes.subarray(part.from, part.to);
    takenOut.push({ sign, make: () => (isBase64 ? decodeMimeBase64(content) : content) });
    at = part.to;
  }
  pieces.push(bytes.subarray(at));
  return { mime: joined(pieces), takenOut };
}
