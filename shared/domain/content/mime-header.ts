// The header of a whole RFC 5322 message, read from its bytes: names, unfolded values, and where the body begins.

export interface HeaderField {
  /** Lower case. */
  name: string;
  /** Unfolded; RFC 2047 words still encoded. Bytes above 127 are read as UTF-8 (RFC 6532). */
  value: string;
}

export interface MimeHeader {
  fields: HeaderField[];
}

/** A header larger than this is refused rather than read: Exchange Online takes 256 KB of header. */
const MAXIMUM_HEADER_BYTES = 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;

/** Field names are printable ASCII without a colon (RFC 5322 section 3.6.8). */
const FIELD = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:[ \t]*([\s\S]*)$/;

function* lines(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder();
  const end = Math.min(bytes.length, MAXIMUM_HEADER_BYTES);
  for (let from = 0; from < end; ) {
    let to = bytes.indexOf(LF, from);
    if (to < 0 || to > end) to = end;
    yield decoder.decode(bytes.subarray(from, bytes[to - 1] === CR ? to - 1 : to));
    from = to + 1;
  }
}

/**
 * The header fields. A line that is neither a field nor indented continues the field before it, as Exchange reads Microsoft's own
 * published example, whose first header is folded without a blank. Undefined where there is no field at all.
 */
export function readMimeHeader(bytes: Uint8Array): MimeHeader | undefined {
  const fields: HeaderField[] = [];
  for (const line of lines(bytes)) {
    if (line === '') break;
    const last = fields.at(-1);
    const match = /^[ \t]/.test(line) ? undefined : FIELD.exec(line);
    if (match) fields.push({ name: (match[1] as string).toLowerCase(), value: (match[2] as string).trimEnd() });
    else if (last) last.value = `${last.value} ${line.trim()}`;
    else return undefined;
  }
  return fields.length > 0 ? { fields } : undefined;
}

export const fieldsNamed = (header: MimeHeader, name: string): string[] =>
  header.fields.filter((field) => field.name === name).map(({ value }) => value);
