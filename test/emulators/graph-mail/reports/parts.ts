// Building blocks of a report's MIME: encoded words, quoted-printable text, boundaries, joined parts.
import { randomUUID } from 'node:crypto';

const crlf = '\r\n';

/** RFC 2047, in base64 where a character needs it, at most 75 characters a word. */
export function encodeWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const words: string[] = [];
  let chunk = '';
  for (const character of text) {
    if (Buffer.byteLength(chunk + character) > 42) {
      words.push(chunk);
      chunk = '';
    }
    chunk += character;
  }
  words.push(chunk);
  return words.map((word) => `=?utf-8?B?${Buffer.from(word).toString('base64')}?=`).join(`${crlf} `);
}

/** RFC 2045 section 6.7, lines of at most 76 characters. */
function quotedPrintable(text: string): string {
  const lines: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    let current = '';
    for (const byte of Buffer.from(line.replace(/[ \t]$/, ''))) {
      const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x3d;
      const encoded = plain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
      if (current.length + encoded.length > 75) {
        lines.push(`${current}=`);
        current = '';
      }
      current += encoded;
    }
    lines.push(current);
  }
  return lines.join(crlf);
}

export function textPart(type: 'plain' | 'html', text: string): Buffer {
  const head = `Content-Type: text/${type}; charset="utf-8"${crlf}Content-Transfer-Encoding: quoted-printable${crlf}${crlf}`;
  return Buffer.from(`${head}${quotedPrintable(text)}${crlf}`);
}

export function part(contentType: string, body: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from(`Content-Type: ${contentType}${crlf}${crlf}`), Buffer.from(body), Buffer.from(crlf)]);
}

export const newBoundary = () => randomUUID();

export function multipart(boundary: string, parts: readonly Buffer[]): Buffer {
  const opened = parts.flatMap((one) => [Buffer.from(`--${boundary}${crlf}`), one]);
  return Buffer.concat([...opened, Buffer.from(`--${boundary}--${crlf}`)]);
}

export function headerBlock(fields: readonly (readonly [string, string] | null)[]): Buffer {
  const lines = fields.filter((one) => one !== null).map(([name, value]) => `${name}: ${value}`.trimEnd() + crlf);
  return Buffer.from(`${lines.join('')}${crlf}`);
}

export const mailDate = (now: number) => new Date(now).toUTCString().replace('GMT', '+0000');

/** A line "Name: value" only if there is one. */
export const line = (name: string, value: string | undefined) => (value === undefined || value === '' ? '' : `${name}: ${value}${crlf}`);

export const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
