// Reads a JSON body: encoding, depth, and the schema, with the path of whatever is wrong.
import type { z } from 'zod';
import { type Checked, ok, type Problem, problems, refused } from './problem.ts';

/** Deeper than any message (item attachments in item attachments included), and far from what a parser's stack bears. */
const MAXIMUM_DEPTH = 100;

type JsonObject = Record<string, unknown>;

/** Whether the text nests deeper than allowed; strings are skipped. Runs before JSON.parse, in one pass. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > MAXIMUM_DEPTH) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

/** The body as an object. A byte order mark is skipped; of a name that comes twice the last one counts, as JSON.parse has it. */
export function parseJsonObject(bytes: Uint8Array): Checked<JsonObject> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refused(problems.bodyUnreadable('The body is not valid UTF-8.'));
  }
  if (isTooDeep(text)) return refused(problems.bodyUnreadable(`The JSON is nested deeper than ${MAXIMUM_DEPTH} levels.`));
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return ok(value as JsonObject);
    return refused(problems.bodyUnreadable('The body is not a JSON object.'));
  } catch (error) {
    return refused(problems.bodyUnreadable(`The body is not valid JSON: ${(error as Error).message}`));
  }
}

/** Graph reads the first letter of a parameter's name without case: Message is message. */
export function lowerFirstLetters(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]));
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  );

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);

/** The first finding, in Graph's words. */
function problemOf(issue: z.core.$ZodIssue, type: string): Problem {
  if (issue.code === 'unrecognized_keys') {
    return problems.unknownProperty(printable(pathOf([...issue.path, issue.keys[0] as string])), `microsoft.graph.${type}`);
  }
  return problems.wrongType(printable(pathOf(issue.path)), issue.message);
}

/** The body if it has the schema's shape. What comes back is the body itself, not a copy with other spellings. */
export function checkShape<T>(body: JsonObject, schema: z.ZodType<T>, type: string): Checked<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return ok(body as T);
  return refused(problemOf(parsed.error.issues[0] as z.core.$ZodIssue, type));
}
