// Base64 as Graph takes it: RFC 4648 section 4 with white space anywhere, and nothing else. And as MIME has it, where anything goes.

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

/** Whole groups of four, of which at most the last two places are pads. */
const isComplete = (letters: number, pads: number): boolean => (letters + pads) % 4 === 0 && pads < 3;

/** A reader of text skips the byte order mark. */
const startOf = (text: Uint8Array): number => (text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0);

/** The decoded bytes; undefined for another alphabet, a missing or extra pad, or anything after a pad. */
export function decodeBase64(text: Uint8Array): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let at = 0;
  let group = 0;
  let letters = 0;
  let pads = 0;
  for (let i = startOf(text); i < text.length; i++) {
    const kind = KINDS[text[i] as number] as number;
    if (kind === WHITE_SPACE) continue;
    if (kind === PAD) {
      pads++;
      continue;
    }
    if (kind === ILLEGAL || pads > 0) return undefined;
    group = ((group << 6) | kind) & 0xffffff;
    if (++letters % 4 !== 0) continue;
    bytes[at++] = group >> 16;
    bytes[at++] = group >> 8;
    bytes[at++] = group;
  }
  if (!isComplete(letters, pads)) return undefined;
  if (letters % 4 === 2) bytes[at++] = group >> 4;
  if (letters % 4 === 3) {
    bytes[at++] = group >> 10;
    bytes[at++] = group >> 2;
  }
  return bytes.subarray(0, at);
}

/** Whether a JSON string is base64; the empty one is (an empty attachment). Makes no copy: attachments are large. */
export function isBase64(text: string): boolean {
  let letters = 0;
  let pads = 0;
  for (let i = 0; i < text.length; i++) {
    const kind = KINDS[text.charCodeAt(i)] ?? ILLEGAL;
    if (kind === WHITE_SPACE) continue;
    if (kind === PAD) pads++;
    else if (kind === ILLEGAL || pads > 0) return false;
    else letters++;
  }
  return isComplete(letters, pads);
}

/** Whether bytes are base64 without white space, whole groups of four: its length then tells how much it holds. */
export function isDenseBase64(bytes: Uint8Array, from: number, to: number): boolean {
  let end = to;
  while (end > from && end > to - 2 && KINDS[bytes[end - 1] as number] === PAD) end--;
  for (let at = from; at < end; at++) if ((KINDS[bytes[at] as number] as number) >= WHITE_SPACE) return false;
  return (to - from) % 4 === 0;
}

/** Without line breaks. The domain knows no runtime, so this is what the language has. */
export function encodeBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  // A multiple of three, so that the pieces' base64 can be joined.
  const piece = 0x6000;
  for (let at = 0; at < bytes.length; at += piece) pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + piece))));
  return pieces.join('');
}

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
