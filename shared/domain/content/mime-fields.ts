// Takes fields out of the header of a whole RFC 5322 message, and puts others on top. No other byte changes.
import { joined } from './bytes.ts';

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const FIELD_NAME = /^([\x21-\x39\x3b-\x7e]+)[ \t]*$/;

const latin1 = new TextDecoder('windows-1252');

/** In lower case; undefined for a line that continues the field before it, indented or not, as `mime-header.ts` reads it. */
function fieldNameOf(line: Uint8Array): string | undefined {
  const colon = line.indexOf(COLON);
  return colon < 0 ? undefined : FIELD_NAME.exec(latin1.decode(line.subarray(0, colon)))?.[1]?.toLowerCase();
}

/** The parts of the message that stay: a removed field goes with the lines that continue it. */
function kept(bytes: Uint8Array, isRemoved: (name: string) => boolean): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let skips = false;
  let from = 0;
  while (from < bytes.length) {
    const feed = bytes.indexOf(LF, from);
    const end = feed < 0 ? bytes.length : feed + 1;
    const first = bytes[from];
    if (first === LF || (first === CR && bytes[from + 1] === LF)) break;
    const field = fieldNameOf(bytes.subarray(from, end));
    if (field !== undefined) skips = isRemoved(field);
    if (!skips) parts.push(bytes.subarray(from, end));
    from = end;
  }
  return [...parts, bytes.subarray(from)];
}

/** The message's own line ending, so that a message of bare line feeds stays one. */
export function lineEndingOf(bytes: Uint8Array): string {
  const feed = bytes.indexOf(LF);
  return feed >= 0 && bytes[feed - 1] !== CR ? '\n' : '\r\n';
}

/** `top`: whole header lines with their line ends. `isRemoved` is asked with names in lower case. */
export const changeFields = (bytes: Uint8Array, top: string, isRemoved: (name: string) => boolean): Uint8Array =>
  joined([new TextEncoder().encode(top), ...kept(bytes, isRemoved)]);
