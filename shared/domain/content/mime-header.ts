// The header of a whole RFC 5322 message, read from its bytes: field names and unfolded values.
import { contentProblems, MAXIMUM_HEADER_BYTES } from './content-limits.ts';
import { type Checked, ok, problems, refused } from './problem.ts';

interface HeaderField {
  /** Lower case. */
  name: string;
  /** Unfolded; RFC 2047 words still encoded. Bytes above 127 are read as UTF-8 (RFC 6532), else as Windows-1252. */
  value: string;
}

export interface MimeHeader {
  fields: HeaderField[];
}

const LF = 0x0a;
const CR = 0x0d;

/** Field names are printable ASCII without a colon (RFC 5322 section 3.6.8). */
const FIELD = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:([\s\S]*)$/;
const FIELD_NAME = /^[\x21-\x39\x3b-\x7e]+$/;

/** A name in what some readers take for blanks, such as a vertical tab: .NET's String.Trim removes them. */
function isDisguised(line: string): boolean {
  const [, name] = /^([^ \t:][^:]*|):/.exec(line) ?? [];
  return name !== undefined && !FIELD.test(line) && FIELD_NAME.test(name.trim());
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const windows1252 = new TextDecoder('windows-1252');

function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return windows1252.decode(bytes);
  }
}

/** The lines up to the empty one, or up to the end; undefined for a header beyond all measure. */
function headerLines(bytes: Uint8Array): string[] | undefined {
  const lines: string[] = [];
  for (let from = 0; from < bytes.length; ) {
    const feed = bytes.indexOf(LF, from);
    const to = feed < 0 ? bytes.length : feed;
    if (to > MAXIMUM_HEADER_BYTES) return undefined;
    const line = textOf(bytes.subarray(from, to > from && bytes[to - 1] === CR ? to - 1 : to));
    if (line === '') return lines;
    lines.push(line);
    from = to + 1;
  }
  return lines;
}

/**
 * The header fields. A line that is neither a field nor indented continues the field before it, as in Microsoft's own published
 * example, whose first header is folded without a blank.
 */
export function readMimeHeader(bytes: Uint8Array): Checked<MimeHeader> {
  const lines = headerLines(bytes);
  if (!lines) return refused(contentProblems.headerBytes());
  const fields: { name: string; parts: string[] }[] = [];
  for (const line of lines) {
    const match = /^[ \t]/.test(line) ? null : FIELD.exec(line);
    const last = fields.at(-1);
    if (match) fields.push({ name: (match[1] as string).toLowerCase(), parts: [(match[2] as string).trim()] });
    else if (last) last.parts.push(line.trim());
    else return refused(problems.mimeInvalid('It does not begin with a header field.'));
  }
  if (fields.length === 0) return refused(problems.mimeInvalid('It has no header.'));
  if (fields.some(({ parts }) => parts.some((part) => part.includes('\0')))) {
    return refused(problems.mimeInvalid('Its header has a NUL character.'));
  }
  // What follows is read otherwise by other readers, who would see other recipients than we do.
  if (lines.some(isDisguised)) return refused(problems.mimeInvalid('Its header has a field name with a blank that is none.'));
  if (lines.some((line) => line.includes('\r'))) {
    return refused(problems.mimeInvalid('Its header has a carriage return without a line feed.'));
  }
  return ok({ fields: fields.map(({ name, parts }) => ({ name, value: parts.join(' ').trim() })) });
}

export const fieldsNamed = (header: MimeHeader, name: string): string[] =>
  header.fields.filter((field) => field.name === name).map(({ value }) => value);
