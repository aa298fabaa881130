// Blocks of `Name: value` lines (RFC 5322 section 2.2): unfolded, grouped, looked up.

import { MAXIMUM_FIELDS_TEXT, MAXIMUM_VALUE } from './limits.ts';

/** `name` is lower case; `value` is unfolded and trimmed. */
export type Field = { name: string; value: string };

const FIELD = /^([!-9;-~]{1,76})[ \t]{0,8}:(.*)$/;

/** Splits a text into groups of fields that blank lines separate; lines that are no field and no continuation are left out. */
export function readFieldGroups(text: string): Field[][] {
  const groups: Field[][] = [];
  let current: Array<{ name: string; lines: string[] }> = [];
  const close = () => {
    if (current.length > 0) groups.push(current.map(({ name, lines }) => ({ name, value: unfold(lines) })));
    current = [];
  };
  for (const line of text.slice(0, MAXIMUM_FIELDS_TEXT).split(/\r\n|\n|\r/)) {
    if (line.trim() === '') close();
    else if (line.startsWith(' ') || line.startsWith('\t')) current.at(-1)?.lines.push(line);
    else {
      const match = FIELD.exec(line);
      if (match) current.push({ name: match[1]!.toLowerCase(), lines: [match[2]!] });
    }
  }
  close();
  return groups;
}

export function fieldValue(fields: readonly Field[], name: string): string | undefined {
  return fields.find((field) => field.name === name && field.value !== '')?.value;
}

function unfold(lines: readonly string[]): string {
  let value = '';
  for (const line of lines) {
    if (value.length >= MAXIMUM_VALUE) break;
    value += ` ${line.slice(0, MAXIMUM_VALUE).trim()}`;
  }
  return value.trim().slice(0, MAXIMUM_VALUE);
}
