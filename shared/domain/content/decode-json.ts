// Reads a JSON body: its encoding, its depth and number of values, and that it is an object.
import { printable } from './addresses.ts';
import { hollowJson, type LargeStrings } from './large-strings.ts';
import { type Checked, ok, problems, refused } from './problem.ts';

/** Deeper than any message (item attachments in item attachments included), and far from what a parser's stack bears. */
const MAXIMUM_DEPTH = 100;

/** A hundred bytes of memory or so for each: far more than a mail has, and no body of brackets alone fills a worker's memory. */
const MAXIMUM_VALUES = 1_000_000;

export type JsonObject = Record<string, unknown>;

/** Where the string that begins at `from` ends. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === 0x5c) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return text.length;
}

/** What about the text's shape no mail has; strings are skipped. Runs before JSON.parse, in one pass. */
function excessIn(text: string): string | undefined {
  let depth = 0;
  let values = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) i = endOfString(text, i);
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > MAXIMUM_DEPTH) return `The JSON is nested deeper than ${MAXIMUM_DEPTH} levels.`;
      values++;
    } else if (code === 0x7d || code === 0x5d) depth--;
    else if (code === 0x2c) values++;
    if (values > MAXIMUM_VALUES) return `The JSON has more than ${MAXIMUM_VALUES} values.`;
  }
  return undefined;
}

/** The body as an object. A byte order mark is skipped; of a name that comes twice the last one counts, as JSON.parse has it. */
export function parseJsonObject(bytes: Uint8Array): Checked<JsonObject> {
  if (bytes.length === 0) return refused(problems.emptyBody());
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refused(problems.bodyUnreadable('The body is not valid UTF-8.'));
  }
  const excess = excessIn(text);
  if (excess) return refused(problems.bodyUnreadable(excess));
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return ok(value as JsonObject);
    return refused(problems.bodyUnreadable('The body is not a JSON object.'));
  } catch (error) {
    return refused(problems.bodyUnreadable(`The body is not valid JSON: ${printable((error as Error).message, 200)}`));
  }
}

export interface LargeJson {
  value: JsonObject;
  /** Strings that are only signs in the value. */
  large: LargeStrings;
}

/** The body as an object whose large strings stay where they are: a mail with attachments isn't held several times over. */
export function parseLargeJson(bytes: Uint8Array): Checked<LargeJson> {
  const hollow = hollowJson(bytes);
  const parsed = parseJsonObject(hollow.bytes);
  return parsed.ok ? ok({ value: parsed.value, large: hollow.large }) : parsed;
}

/** Graph reads the first letter of a parameter's name without case: Message is message. */
export function lowerFirstLetters(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]));
}
