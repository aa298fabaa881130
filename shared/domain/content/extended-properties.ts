// Whether a caller may set an extended property, by its id as Graph writes it: `{type} {tag}` or `{type} {set} Name|Id {name}`.
import { printable } from './addresses.ts';
import {
  HEADER_RULES,
  MICROSOFT_SETS,
  NUMBER_RULES,
  PS_INTERNET_HEADERS,
  PS_PUBLIC_STRINGS,
  RESERVED_HEADERS,
  TAG_RULES,
} from './extended-property-rules.ts';
import type { Message } from './message-schema.ts';
import { type Problem, problems } from './problem.ts';

const MAXIMUM_ID = 512;
const BY_TAG = /^(\w+) (0x[0-9a-f]{1,8})$/;
const NAMED = /^\w+ \{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\} (name|id) (\S.*)$/;

const isHeaderAllowed = (name: string): boolean =>
  /^[!-9;-~]+$/.test(name) &&
  !RESERVED_HEADERS.some((reserved) => name.startsWith(reserved)) &&
  HEADER_RULES.some((rule) => (rule.name.endsWith('-') ? name.startsWith(rule.name) && name !== rule.name : name === rule.name));

const isNumberAllowed = (set: string, number: string): boolean =>
  NUMBER_RULES.some((rule) => rule.set === set && /^0x[0-9a-f]{1,8}$/.test(number) && rule.numbers.includes(Number(number)));

function isNamedAllowed(set: string, by: string, name: string): boolean {
  if (set === PS_INTERNET_HEADERS) return by === 'name' && isHeaderAllowed(name);
  // Names with a colon are other ways to say a property by tag, such as `http://schemas.microsoft.com/mapi/proptag/...`.
  if (set === PS_PUBLIC_STRINGS) return by === 'name' && !name.includes(':');
  return !MICROSOFT_SETS.some((pattern) => pattern.test(set)) || (by === 'id' && isNumberAllowed(set, name));
}

function isAllowed(id: string): boolean {
  if (id.length > MAXIMUM_ID) return false;
  const plain = id.trim().replace(/\s+/g, ' ').toLowerCase();
  const [, type, tag] = BY_TAG.exec(plain) ?? [];
  if (tag !== undefined) return TAG_RULES.some((rule) => rule.type === type && rule.tag === Number(tag));
  const [, set, by, name] = NAMED.exec(plain) ?? [];
  return set !== undefined && isNamedAllowed(set, by as string, name as string);
}

/** `prefix`: the path of the message in the body, with its dot. */
export function extendedPropertyProblem(message: Message, prefix: string): Problem | undefined {
  for (const list of ['singleValueExtendedProperties', 'multiValueExtendedProperties'] as const) {
    const properties: readonly { id: string }[] = message[list] ?? [];
    const index = properties.findIndex(({ id }) => !isAllowed(id));
    if (index >= 0)
      return problems.extendedPropertyRefused(`${prefix}${list}[${index}]`, printable((properties[index] as { id: string }).id));
  }
  return undefined;
}
