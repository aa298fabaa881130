// Reads a JSON body that must be an object.
import { type Checked, ok, problems, refused } from './problem.ts';
import { readJson } from './read-json.ts';

export type JsonObject = Record<string, unknown>;

/** The body as an object, with LargeStrings in place of large `contentBytes`. */
export function parseJsonObject(bytes: Uint8Array): Checked<JsonObject> {
  if (bytes.length === 0) return refused(problems.emptyBody());
  const read = readJson(bytes);
  if (!read.ok) return read;
  const { value } = read;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return ok(value as JsonObject);
  return refused(problems.bodyUnreadable('The body is not a JSON object.'));
}

/** Graph reads the first letter of a parameter's name without case: Message is message. */
export function lowerFirstLetters(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]));
}
