// The header of a whole RFC 5322 message, read from its bytes: field names and unfolded values.
import { contentProblems, MAXIMUM_HEADER_BYTES } from './content-limits.ts';
import { type Checked, ok, problems, refused } from './problem.ts';

export interface HeaderField {
  /** Lower case. */
  name: string;
  /** Unfolded; RFC 2047 words still encoded. Bytes above 127 are read as UTF-8 (RFC 6532), else as Windows-1252. */
  value: string;
  /** A continuation line of it does not begin with a space or tab: not every program counts that line to this field. */
  isUnindented?: true;
  /** It has bytes that are not UTF-8: each program decodes them to other characters. */
  isGuessed?: true;
}

export interface MimeHeader {
  fields: HeaderField[];
}

const LF = 0x0a;
const CR = 0x0d;

/** Field names are printable ASCII without a colon (RFC 5322 section 3.6.8). */
const FIELD = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:([\s\S]*)$/;
/** Text before a colon that is not all printable ASCII: some readers take what follows for a field (.NET's String.Trim removes a vertical tab). */
function isDisguised(line: string): boolean {
  const colon = line.indexOf(':');
  return colon > 0 && !/^[ \t]/.test(line) && /[^\x20-\x7e\t]/.test(line.slice(0, colon));
}

interface Line {
  text: string;
  isGuessed: boolean;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const windows1252 = new TextDecoder('windows-1252');

function lineOf(bytes: Uint8Array): Line {
  try {
    return { text: utf8.decode(bytes), isGuessed: false };
  } catch {
    return { text: windows1252.decode(bytes), isGuessed: true };
  }
}

/** The lines up to the empty one, or up to the end. Undefined if the header is too large. */
function headerLines(bytes: Uint8Array): Line[] | undefined {
  const lines: Line[] = [];
  for (let from = 0; from < bytes.length; ) {
    const feed = bytes.indexOf(LF, from);
    const to = feed < 0 ? bytes.length : feed;
    if (to > MAXIMUM_HEADER_BYTES) return undefined;
    const line = lineOf(bytes.subarray(from, to > from && bytes[to - 1] === CR ? to - 1 : to));
    if (line.text === '') return lines;
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
  const fields: { name: string; parts: string[]; isUnindented: boolean; isGuessed: boolean }[] = [];
  for (const { text, isGuessed } of lines) {
    const isIndented = /^[ \t]/.test(text);
    const match = isIndented ? null : FIELD.exec(text);
    const last = fields.at(-1);
    if (match)
      fields.push({ name: (match[1] as string).toLowerCase(), parts: [(match[2] as string).trim()], isUnindented: false, isGuessed });
    else if (last) {
      last.parts.push(text.trim());
      last.isUnindented ||= !isIndented;
      last.isGuessed ||= isGuessed;
    } else return refused(problems.mimeInvalid('It does not begin with a header field.'));
  }
  if (fields.length === 0) return refused(problems.mimeInvalid('It has no header.'));
  if (fields.some(({ parts }) => parts.some((part) => part.includes('\0')))) {
    return refused(problems.mimeInvalid('Its header has a NUL character.'));
  }
  // Other programs read such a header differently: they could see other recipients than we do.
  if (lines.some(({ text }) => isDisguised(text))) {
    return refused(problems.mimeInvalid('Its header has a field whose name is not printable ASCII (RFC 5322 section 3.6.8).'));
  }
  if (lines.some(({ text }) => text.includes('\r'))) {
    return refused(problems.mimeInvalid('Its header has a carriage return without a line feed.'));
  }
  return ok({
    fields: fields.map(({ name, parts, isUnindented, isGuessed }) => ({
      name,
      value: parts.join(' ').trim(),
      ...(isUnindented && { isUnindented }),
      ...(isGuessed && { isGuessed }),
    })),
  });
}

export const fieldsNamed = (header: MimeHeader, name: string): string[] =>
  header.fields.filter((field) => field.name === name).map(({ value }) => value);
