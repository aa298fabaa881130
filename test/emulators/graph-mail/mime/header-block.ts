// Header fields of a message as bytes: found, taken out, put on top, with not a byte of the rest changed.

export interface HeaderField {
  readonly name: string;
  /** Unfolded, trimmed. */
  readonly value: string;
  /** The whole field with its line ends, byte for byte (latin1). */
  readonly raw: string;
}

export interface SplitMessage {
  readonly fields: readonly HeaderField[];
  /** From the empty line on. */
  readonly rest: Buffer;
  readonly lineEnd: '\r\n' | '\n';
}

const fieldStart = /^([A-Za-z][!-9;-~]*)[ \t]*:/;

/** Splits at the first empty line. A line that is no field and isn't folded belongs to the field before it: such mail is sent. */
export function splitMessage(mime: Buffer): SplitMessage {
  const fields: { name: string; raw: string }[] = [];
  let position = 0;
  let restFrom = mime.length;
  while (position < mime.length) {
    const newline = mime.indexOf(0x0a, position);
    const end = newline === -1 ? mime.length : newline + 1;
    const line = mime.toString('latin1', position, end);
    if (/^\r?\n?$/.test(line)) {
      restFrom = position;
      break;
    }
    const start = fieldStart.exec(line);
    const last = fields.at(-1);
    if (start !== null) fields.push({ name: start[1] ?? '', raw: line });
    else if (last !== undefined) last.raw += line;
    else fields.push({ name: '', raw: line });
    position = end;
  }
  const lineEnd = mime.indexOf('\r\n') === -1 && mime.includes(0x0a) ? '\n' : '\r\n';
  return { fields: fields.map(withValue), rest: mime.subarray(restFrom), lineEnd };
}

function withValue({ name, raw }: { name: string; raw: string }): HeaderField {
  const value = raw
    .slice(raw.indexOf(':') + 1)
    .replace(/\r?\n(?=[ \t])/g, '')
    .replace(/\r?\n/g, ' ')
    .trim();
  return { name, raw, value };
}

function joinMessage(message: SplitMessage, fields: readonly HeaderField[]): Buffer {
  return Buffer.concat([Buffer.from(fields.map((field) => field.raw).join(''), 'latin1'), message.rest]);
}

export function headerValue(message: SplitMessage, name: string): string | undefined {
  return message.fields.find((field) => field.name.toLowerCase() === name.toLowerCase())?.value;
}

function field(name: string, value: string, lineEnd: string): HeaderField {
  return { name, value, raw: `${name}: ${value}${lineEnd}` };
}

/** The same message with every field folded as it should be, for readers that are strict about it. */
export function withFoldedFields(message: SplitMessage): Buffer {
  const header = message.fields.filter(({ name }) => name !== '').map(({ raw }) => raw.replace(/(\r?\n)(?=[^ \t\r\n])/g, '$1 '));
  return Buffer.concat([Buffer.from(header.join(''), 'latin1'), message.rest]);
}

export interface HeaderChanges {
  /** Put on top, in this order. */
  readonly prepend?: readonly (readonly [string, string])[];
  readonly remove?: (field: HeaderField) => boolean;
  /** New values for fields that are there. */
  readonly replace?: Readonly<Record<string, string>>;
}

export function changeHeader(mime: Buffer, changes: HeaderChanges): Buffer {
  const message = splitMessage(mime);
  const replace = new Map(Object.entries(changes.replace ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const kept = message.fields
    .filter((one) => !changes.remove?.(one))
    .map((one) => {
      const value = replace.get(one.name.toLowerCase());
      return value === undefined ? one : field(one.name, value, message.lineEnd);
    });
  const added = (changes.prepend ?? []).map(([name, value]) => field(name, value, message.lineEnd));
  return joinMessage(message, [...added, ...kept]);
}

export const isNamed = (...names: string[]) => {
  const wanted = names.map((name) => name.toLowerCase());
  return (one: HeaderField) => wanted.includes(one.name.toLowerCase());
};
