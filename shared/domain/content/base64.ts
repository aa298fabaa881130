// Base64 as Graph takes it for MIME: RFC 4648 with any white space in it, and nothing else.
import { type Checked, ok, problems, refused } from './problem.ts';

const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
const PAD = 0x3d;

/** Value of each ASCII code, or 255. */
const VALUES = new Uint8Array(256).fill(255);
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  VALUES[character.charCodeAt(0)] = value;
}

interface Compact {
  values: Uint8Array;
  pads: number;
}

/** Values without white space; undefined where a character is none of base64, or follows a pad. */
function compact(text: Uint8Array): Compact | undefined {
  const values = new Uint8Array(text.length);
  let length = 0;
  let pads = 0;
  for (const code of text) {
    if (WHITE_SPACE.has(code)) continue;
    if (code === PAD) {
      pads++;
      continue;
    }
    const value = VALUES[code] as number;
    if (value === 255 || pads > 0) return undefined;
    values[length++] = value;
  }
  return { values: values.subarray(0, length), pads };
}

/** The decoded bytes. Empty content, another alphabet, a missing or extra pad: Graph's own 400. */
export function decodeBase64(text: Uint8Array): Checked<Uint8Array> {
  const compacted = compact(text);
  if (!compacted) return refused(problems.mimeNotBase64());
  const { values, pads } = compacted;
  const rest = values.length % 4;
  const padsWanted = rest === 0 ? 0 : 4 - rest;
  if (values.length === 0 || rest === 1 || pads !== padsWanted) return refused(problems.mimeNotBase64());
  const bytes = new Uint8Array(Math.floor((values.length * 6) / 8));
  let buffer = 0;
  let bits = 0;
  let at = 0;
  for (const value of values) {
    buffer = ((buffer << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (buffer >> bits) & 0xff;
  }
  return ok(bytes);
}
