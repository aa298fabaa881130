// What a leaf of a MIME message holds: its bytes without their transfer encoding, and its text without its charset.
import { decodeMimeBase64 } from './base64.ts';
import { encodingOf, parameterOf } from './content-type-field.ts';
import type { MimePart } from './mime-parts.ts';

const EQUALS = 0x3d;
const LF = 0x0a;
const CR = 0x0d;

const hexValue = (code: number | undefined): number => {
  const value = code === undefined ? Number.NaN : Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? -1 : value;
};

const isLineBlank = (code: number | undefined): boolean => code === 0x20 || code === 0x09;

/** RFC 2045 section 6.7. An equals sign without a valid sequence after it is kept. */
export function decodeQuotedPrintable(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(text.length);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text[i] as number;
    if (code !== EQUALS) {
      bytes[at++] = code;
      continue;
    }
    const [high, low] = [hexValue(text[i + 1]), hexValue(text[i + 2])];
    if (high >= 0 && low >= 0) {
      bytes[at++] = high * 16 + low;
      i += 2;
      continue;
    }
    let end = i + 1;
    while (isLineBlank(text[end])) end++;
    if (text[end] === CR && text[end + 1] === LF) end++;
    if (end >= text.length || text[end] === LF) i = end;
    else bytes[at++] = code;
  }
  return bytes.slice(0, at);
}

/** Encodings that leave the bytes as they are. */
const PLAIN = ['7bit', '8bit', 'binary'];

export const hasKnownEncoding = ({ header }: MimePart): boolean => [...PLAIN, 'base64', 'quoted-printable'].includes(encodingOf(header));

/** A copy: the message need not be kept for it. */
export function contentOf(mime: Uint8Array, { header, from, to }: MimePart): Uint8Array {
  const encoding = encodingOf(header);
  if (encoding === 'base64') return decodeMimeBase64(mime.subarray(from, to));
  if (encoding === 'quoted-printable') return decodeQuotedPrintable(mime.subarray(from, to));
  return mime.slice(from, to);
}

function decoderOf(charset: string, fatal: boolean): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(charset, { fatal });
  } catch {
    return undefined;
  }
}

export const hasKnownCharset = ({ header }: MimePart): boolean => decoderOf(parameterOf(header, 'charset') ?? 'utf-8', false) !== undefined;

/** RFC 3676: lines that end in a blank go on in the next one. The signature's separator does not. */
function withoutSoftBreaks(text: string, isSpaceDeleted: boolean): string {
  const lines: string[] = [];
  let isOpen = false;
  for (const line of text.split('\n')) {
    const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
    const unstuffed = bare.startsWith(' ') ? bare.slice(1) : bare;
    const flows = unstuffed.endsWith(' ') && unstuffed !== '-- ';
    const words = flows && isSpaceDeleted ? unstuffed.slice(0, -1) : unstuffed;
    if (isOpen && !unstuffed.startsWith('>') && unstuffed !== '-- ') lines.push((lines.pop() as string) + words);
    else lines.push(words);
    // Quoted lines stay as they are: joined, they would need their marks anew.
    isOpen = flows && !unstuffed.startsWith('>');
  }
  return lines.join('\r\n');
}

/** If no charset is named: UTF-8 if the bytes are valid UTF-8, else Windows-1252, as most mail clients read it. */
export function textOf(mime: Uint8Array, part: MimePart): string {
  const bytes = contentOf(mime, part);
  const charset = parameterOf(part.header, 'charset');
  let text: string;
  try {
    text = (decoderOf(charset ?? 'utf-8', charset === undefined) as InstanceType<typeof TextDecoder>).decode(bytes);
  } catch {
    text = new TextDecoder('windows-1252').decode(bytes);
  }
  const isFlowed = part.type === 'text/plain' && parameterOf(part.header, 'format')?.toLowerCase() === 'flowed';
  return isFlowed ? withoutSoftBreaks(text, parameterOf(part.header, 'delsp')?.toLowerCase() === 'yes') : text;
}
