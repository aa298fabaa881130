// The message as our schema knows it, compared with Graph's own metadata document: every writable property, and no other.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openApi } from '../../../shared/adapters/http/openapi.ts';
import { decodeSendMail } from '../../../shared/domain/content/decode-send-mail.ts';

const file = new URL('../../../../shared/facts/graph-mail-csdl-slice.xml', import.meta.url);
const metadata = existsSync(file) ? readFileSync(file, 'utf8') : '';
if (metadata === '') console.warn('graph-mail-csdl-slice.xml is not here: the schema is not compared');

const elementOf = (kind: string, name: string): string =>
  new RegExp(`<${kind} Name="${name}"(?:[^>]*/>|[\\s\\S]*?</${kind}>)`).exec(metadata)?.[0] ?? '';

/** Names and types of a type's properties, those of its base types included. */
function propertiesOf(name: string): Record<string, string> {
  const element = elementOf('EntityType', name) || elementOf('ComplexType', name);
  const base = /^<EntityType [^>]*BaseType="graph\.(\w+)"/.exec(element)?.[1];
  const own = [...element.matchAll(/<(?:Navigation)?Property Name="(\w+)" Type="([^"]+)"/g)].map(([, property, type]) => [property, type]);
  return { ...(base && propertiesOf(base)), ...(Object.fromEntries(own) as Record<string, string>) };
}
const membersOf = (name: string): string[] =>
  [...elementOf('EnumType', name).matchAll(/Member Name="(\w+)"/g)].map(([, member]) => member as string);

interface Schema {
  type?: string | string[];
  $ref?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  description?: string;
}
const { schemas } = (openApi('0') as { components: { schemas: Record<string, Schema> } }).components;
const ours = (name: string): Record<string, Schema> =>
  Object.fromEntries(Object.entries(schemas[name]?.properties ?? {}).filter(([property]) => !property.includes('@')));

/** What a schema takes besides null, in the metadata's words. */
function typeOf(schema: Schema): string {
  const [first = schema] = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter(({ type }) => type !== 'null');
  if (first !== schema) return typeOf(first);
  if (schema.$ref) return `graph.${schema.$ref.split('/').at(-1)}`;
  const type = [schema.type].flat().find((one) => one !== 'null');
  return type === 'array' ? `Collection(${typeOf(schema.items ?? {})})` : String(type);
}

/** Our word for a type of the metadata: enums and binaries travel as strings; of abstract types one is named. */
const asOurs = (type: string): string =>
  type
    .replace(/Edm\.(String|Binary)/, 'string')
    .replace('Edm.Boolean', 'boolean')
    .replace('Edm.Int32', 'integer')
    .replace(/graph\.(importance|inferenceClassificationType|followupFlagStatus|bodyType)\b/, 'string')
    .replace('graph.attachment', 'graph.fileAttachment')
    .replace('graph.outlookItem', 'object')
    .replace('graph.extension', 'graph.openTypeExtension');

/** https://learn.microsoft.com/graph/api/resources/message: what a caller cannot set, by type. */
const READ_ONLY: Record<string, string[]> = {
  message: [
    'id',
    'changeKey',
    'createdDateTime',
    'lastModifiedDateTime',
    'bodyPreview',
    'hasAttachments',
    'isDraft',
    'parentFolderId',
    'receivedDateTime',
    'sentDateTime',
    'uniqueBody',
    'webLink',
  ],
  fileAttachment: ['id', 'lastModifiedDateTime'],
  itemAttachment: ['id', 'lastModifiedDateTime'],
  openTypeExtension: ['id'],
};

describe.skipIf(metadata === '')('compared with the metadata document', () => {
  test.each([
    'message',
    'itemBody',
    'recipient',
    'emailAddress',
    'followupFlag',
    'dateTimeTimeZone',
    'internetMessageHeader',
    'fileAttachment',
    'itemAttachment',
    'openTypeExtension',
    'singleValueLegacyExtendedProperty',
    'multiValueLegacyExtendedProperty',
  ])('%s has every writable property with its type, and no other', (name) => {
    const writable = Object.entries(propertiesOf(name)).filter(([property]) => !READ_ONLY[name]?.includes(property));
    const expected = writable.map(([property, type]) => `${property}: ${asOurs(type)}`);
    const known = Object.entries(ours(name)).map(([property, schema]) => `${property}: ${typeOf(schema)}`);
    expect(known.sort()).toEqual(expected.sort());
  });

  test.each([
    ['message', 'importance', 'importance'],
    ['message', 'inferenceClassification', 'inferenceClassificationType'],
    ['itemBody', 'contentType', 'bodyType'],
    ['followupFlag', 'flagStatus', 'followupFlagStatus'],
  ])('the values of %s.%s are its members', (type, property, enumeration) => {
    const words = ours(type)[property]?.anyOf?.find(({ description }) => description)?.description;
    expect(words?.replace('; in any case', '').split(', ').sort()).toEqual(membersOf(enumeration).sort());
  });
});

describe('what only Exchange sets is refused by name', () => {
  const to = [{ emailAddress: { address: 'customer@example.com' } }];
  const refusal = (message: Record<string, unknown>): string => {
    const result = decodeSendMail(new TextEncoder().encode(JSON.stringify({ message: { toRecipients: to, ...message } })), 10);
    return result.ok ? '' : result.problem.message;
  };

  test.each(READ_ONLY['message'] as string[])('message.%s', (name) => {
    for (const value of ['x', false, null]) expect(refusal({ [name]: value })).toContain(`'message.${name}' is read-only`);
  });

  test.each(READ_ONLY['fileAttachment'] as string[])('message.attachments[1].%s', (name) => {
    const file = { '@odata.type': '#microsoft.graph.fileAttachment', name: 'a', contentBytes: 'QQ==' };
    expect(refusal({ attachments: [file, { ...file, [name]: 'x' }] })).toContain(`'message.attachments[1].${name}' is read-only`);
  });
});
