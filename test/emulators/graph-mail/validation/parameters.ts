// Action parameters: the metadata writes them in PascalCase, the documentation in camelCase, and both are taken.
import { errors } from '../http/errors.ts';
import type { GraphRequest } from '../http/request.ts';
import { decodeBase64 } from './base64.ts';
import { isObject, type Json } from './check.ts';

export function readJson(request: GraphRequest): Json {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.body));
  } catch {
    throw errors.unreadableJson('The text is not JSON.');
  }
  if (!isObject(value)) throw errors.unreadableJson('An object is expected.');
  return value;
}

/** The parameters of an action, by the names given; others are refused. An empty body is no parameters. */
export function readParameters(request: GraphRequest, operation: string, names: readonly string[]): Json {
  if (request.body.length === 0) return {};
  const parameters: Json = {};
  for (const [key, value] of Object.entries(readJson(request))) {
    if (key.startsWith('@odata.')) continue;
    const name = `${key.charAt(0).toLowerCase()}${key.slice(1)}`;
    if (!names.includes(name)) throw errors.unknownParameter(key, operation);
    parameters[name] = value;
  }
  return parameters;
}

/** Documented examples send booleans as strings. */
export function readBoolean(value: unknown, name: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  throw errors.wrongType(name, 'Edm.Boolean');
}

function mediaType(request: GraphRequest): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Whether the body is MIME (text/plain) or JSON; anything else is refused. A body without a type is taken for JSON when empty only. */
export function isMimeRequest(request: GraphRequest): boolean {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw errors.unsupportedMediaType(`${encoding} encoding`);
  const type = mediaType(request);
  if (type === 'text/plain') return true;
  if (type === 'application/json' || (type === '' && request.body.length === 0)) return false;
  throw errors.unsupportedMediaType(type);
}

export function readMimeBody(request: GraphRequest): Buffer {
  const bytes = decodeBase64(request.body.toString('latin1'));
  if (bytes === undefined) throw errors.invalidBase64();
  return bytes;
}
