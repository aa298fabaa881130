// Extended properties: their ids in one spelling, and those that mean something to Exchange itself.
// https://learn.microsoft.com/graph/api/resources/extended-properties-overview
import { errors } from '../http/errors.ts';
import type { ExtendedProperty } from '../store/item.ts';
import type { Json } from './check.ts';

/** PS_INTERNET_HEADERS: such properties are header fields. */
const internetHeadersGuid = '00020386-0000-0000-c000-000000000046';

const types = 'String|Integer|Boolean|SystemTime|Binary|Long|Short|Double|Float|Currency|CLSID|ApplicationTime';
const tagged = new RegExp(`^(${types})(Array)? 0x([0-9a-f]{1,8})$`, 'i');
const named = new RegExp(`^(${types})(Array)? \\{([0-9a-f-]{36})\\} (Name|Id) (.+)$`, 'is');

const spellings = new Map(types.split('|').map((type) => [type.toLowerCase(), type]));

/** One spelling per property: hexadecimal without leading zeros, GUID in lower case; a name keeps its case. */
export function normalisePropertyId(id: string): string | undefined {
  const byTag = tagged.exec(id.trim());
  if (byTag !== null) {
    const [, type = '', array = '', tag = ''] = byTag;
    return `${spellings.get(type.toLowerCase())}${array && 'Array'} 0x${Number.parseInt(tag, 16).toString(16)}`;
  }
  const byName = named.exec(id.trim());
  if (byName === null) return undefined;
  const [, type = '', array = '', guid = '', kind = '', name = ''] = byName;
  // Names that are header fields are coerced to lower case (MS-OXPROPS 1.3.2), others keep theirs.
  const isFolded = /^id$/i.test(kind) || guid.toLowerCase() === internetHeadersGuid;
  const key = `${/^id$/i.test(kind) ? 'Id' : 'Name'} ${isFolded ? name.toLowerCase() : name}`;
  return `${spellings.get(type.toLowerCase())}${array && 'Array'} {${guid.toLowerCase()}} ${key}`;
}

export function readExtendedProperties(json: Json): Map<string, ExtendedProperty> {
  const properties = new Map<string, ExtendedProperty>();
  for (const collection of ['singleValueExtendedProperties', 'multiValueExtendedProperties']) {
    for (const property of (json[collection] as Json[] | null | undefined) ?? []) {
      const id = typeof property['id'] === 'string' ? normalisePropertyId(property['id']) : undefined;
      if (id === undefined) throw errors.invalidArgument(`The extended property id '${String(property['id'])}' is not valid.`);
      properties.set(id, { id, value: (property['value'] as string | string[] | null) ?? '' });
    }
  }
  return properties;
}

/** The name of the header field that a property stands for, if it is one. */
export function headerNameOf(propertyId: string): string | undefined {
  const match = named.exec(propertyId);
  return match !== null && match[3]?.toLowerCase() === internetHeadersGuid && /^name$/i.test(match[4] ?? '') ? match[5] : undefined;
}

export const wellKnownProperties = {
  messageClass: 'String 0x1a',
  messageFlags: 'Integer 0xe07',
  internetMessageId: 'String 0x1035',
  subject: 'String 0x37',
  transportHeaders: 'String 0x7d',
  inReplyTo: 'String 0x1042',
  references: 'String 0x1039',
  listUnsubscribe: 'String 0x1045',
  deferredSendTime: 'SystemTime 0x3fef',
  deferredDeliveryTime: 'SystemTime 0xf',
  sensitivity: 'Integer 0x36',
} as const;
