// Checks JSON against the schema as Graph does: an unknown property or a wrong type is RequestBodyRead with the property's name.
import { errors } from '../http/errors.ts';
import { decodeBase64 } from './base64.ts';
import { enumerations, opaqueTypes, types } from './schema.ts';

export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Items in items and their like; beyond it nobody means it. */
const deepest = 250;

/** Enum values are read without regard to case. */
export function readEnum(type: string, value: string): string | undefined {
  return enumerations[type]?.find((member) => member.toLowerCase() === value.toLowerCase());
}

const primitive: Record<string, (value: unknown) => boolean> = {
  'Edm.String': (value) => typeof value === 'string',
  'Edm.Boolean': (value) => typeof value === 'boolean',
  'Edm.Int32': (value) => Number.isInteger(value),
  'Edm.Int64': (value) => Number.isInteger(value) || (typeof value === 'string' && /^\d+$/.test(value)),
  'Edm.DateTimeOffset': (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) && !Number.isNaN(Date.parse(value)),
  'Edm.Binary': (value) => typeof value === 'string' && (value === '' || decodeBase64(value) !== undefined),
};

/** The derived type that an @odata.type names, if it is one that fits. */
function derivedType(value: Json, declared: string): string {
  const named = value['@odata.type'];
  if (declared !== 'attachment' && declared !== 'outlookItem') return declared;
  if (typeof named !== 'string') throw errors.undeserializable();
  const type = named.replace(/^#/, '').replace(/^microsoft\.graph\./i, '');
  const fits = declared === 'attachment' ? /^(file|item|reference)Attachment$/ : /^(message|event|contact)$/;
  if (!fits.test(type)) throw errors.wrongType('@odata.type', `microsoft.graph.${declared}`);
  return type;
}

function checkValue(value: unknown, type: string, name: string, depth: number): void {
  if (value === null) return;
  const collection = /^Collection\((.*)\)$/.exec(type);
  if (collection !== null) {
    if (!Array.isArray(value)) throw errors.wrongType(name, type);
    for (const member of value) {
      if (member === null) throw errors.wrongType(name, type);
      checkValue(member, collection[1] ?? '', name, depth);
    }
    return;
  }
  const isPrimitive = primitive[type];
  if (isPrimitive !== undefined) {
    if (!isPrimitive(value)) throw errors.wrongType(name, type);
  } else if (enumerations[type] !== undefined) {
    if (typeof value !== 'string' || readEnum(type, value) === undefined) throw errors.wrongType(name, `microsoft.graph.${type}`);
  } else {
    checkObject(value, type, name, depth + 1);
  }
}

export function checkObject(value: unknown, declared: string, name = declared, depth = 0): asserts value is Json {
  if (!isObject(value) || depth > deepest) throw errors.wrongType(name, `microsoft.graph.${declared}`);
  const type = derivedType(value, declared);
  if (opaqueTypes.includes(type)) return;
  const properties = types[type] ?? {};
  for (const [key, member] of Object.entries(value)) {
    if (key.includes('@odata.')) continue;
    const expected = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (expected === undefined) throw errors.unknownProperty(key, `microsoft.graph.${type}`);
    checkValue(member, expected, key, depth);
  }
}
