// Names of Graph's types in @odata.type: read without regard to case, passed on as Graph spells them.

import { LargeString } from './large-string.ts';

/** The types that a mail, or an item attached to it, may name. */
const GRAPH_TYPES = [
  'message',
  'recipient',
  'emailAddress',
  'itemBody',
  'dateTimeTimeZone',
  'followupFlag',
  'internetMessageHeader',
  'fileAttachment',
  'itemAttachment',
  'singleValueLegacyExtendedProperty',
  'multiValueLegacyExtendedProperty',
  'openTypeExtension',
  'event',
  'contact',
] as const;

export type GraphTypeName = (typeof GRAPH_TYPES)[number];

const BY_LOWER_CASE = new Map(GRAPH_TYPES.map((name) => [name.toLowerCase(), name]));

/** `#microsoft.graph.message`, with or without the number sign, or a collection of them (OData JSON Format 4.01 section 4.6.3). */
const NAME = /^(#?)(Collection\()?microsoft\.graph\.(\w+)(\)?)$/i;

function canonical(text: string): string {
  const [, sign = '', collection, name = '', end = ''] = NAME.exec(text) ?? [];
  const known = BY_LOWER_CASE.get(name.toLowerCase());
  return known ? `${sign}${collection ? 'Collection(' : ''}microsoft.graph.${known}${end}` : text;
}

/** Changes the names in the value itself. Libraries write `microsoft.graph.Message`, and nobody has verified that Graph takes that everywhere. */
export function canonicaliseTypeNames(value: unknown): void {
  if (typeof value !== 'object' || value === null || value instanceof LargeString) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name.endsWith('@odata.type') && typeof inner === 'string') (value as Record<string, unknown>)[name] = canonical(inner);
    else canonicaliseTypeNames(inner);
  }
}
