// Reads JSON (RFC 8259) from bytes in one pass, within bounds. The large contents of attachments stay where they are in the bytes.
import { isDenseBase64 } from './base64.ts';
import { contentProblems, MAXIMUM_JSON_DEPTH, MAXIMUM_JSON_VALUES } from './content-limits.ts';
import { LARGE_BYTES, LargeString } from './large-string.ts';
import { type Checked, ok, type Problem, problems, refused } from './problem.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** The only property whose large strings stay in the bytes: in every object it holds base64. */
const CONTENT = 'contentBytes';

/** Longer than any number that a mail has; also the longest of the three words. */
const MAXIMUM_TOKEN = 400;

const isBlank = (code: number | undefined): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
const endsToken = (code: number | undefined): boolean =>
  code === undefined || isBlank(code) || code === COMMA || code === CLOSE_ARRAY || code === CLOSE_OBJECT;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class Unreadable extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

class JsonReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #values = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    // A byte order mark is skipped (RFC 8259 section 8.1 lets a reader do so).
    this.#at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  }

  whole(): unknown {
    const value = this.#value(0, undefined);
    if (this.#next() !== undefined) throw this.#unexpected();
    return value;
  }

  /** The next byte that is no white space. */
  #next(): number | undefined {
    while (isBlank(this.#bytes[this.#at])) this.#at++;
    return this.#bytes[this.#at];
  }

  #value(depth: number, name: string | undefined): unknown {
    if (++this.#values > MAXIMUM_JSON_VALUES) throw new Unreadable(contentProblems.jsonValues());
    const code = this.#next();
    if (code === QUOTE) return this.#string(name === CONTENT);
    if (code !== OPEN_OBJECT && code !== OPEN_ARRAY) return this.#token();
    if (depth >= MAXIMUM_JSON_DEPTH) throw new Unreadable(contentProblems.jsonDepth());
    return code === OPEN_OBJECT ? this.#object(depth + 1) : this.#array(depth + 1);
  }

  /** If a name occurs twice, the last value counts, as in JSON.parse. */
  #object(depth: number): object {
    const entries: [string, unknown][] = [];
    this.#each(CLOSE_OBJECT, () => {
      if (this.#next() !== QUOTE) throw this.#unexpected();
      const name = this.#string(false) as string;
      if (this.#next() !== COLON) throw this.#unexpected();
      this.#at++;
      entries.push([name, this.#value(depth, name)]);
    });
    return Object.fromEntries(entries);
  }

  #array(depth: number): unknown[] {
    const values: unknown[] = [];
    this.#each(CLOSE_ARRAY, () => values.push(this.#value(depth, undefined)));
    return values;
  }

  #each(close: number, read: () => void): void {
    this.#at++;
    if (this.#next() === close) {
      this.#at++;
      return;
    }
    for (;;) {
      read();
      const code = this.#next();
      if (code !== COMMA && code !== close) throw this.#unexpected();
      this.#at++;
      if (code === close) return;
    }
  }

  #string(isContent: boolean): string | LargeString {
    const from = this.#at;
    const to = this.#endOfString(from);
    this.#at = to + 1;
    if (isContent && to - from > LARGE_BYTES && isDenseBase64(this.#bytes, from + 1, to)) {
      return new LargeString(this.#bytes.subarray(from + 1, to));
    }
    return this.#parsed(from, to + 1) as string;
  }

  /** Each run of backslashes is before one quote only, so this is one pass. */
  #endOfString(from: number): number {
    for (let at = this.#bytes.indexOf(QUOTE, from + 1); at >= 0; at = this.#bytes.indexOf(QUOTE, at + 1)) {
      let escapes = 0;
      while (this.#bytes[at - 1 - escapes] === BACKSLASH) escapes++;
      if (escapes % 2 === 0) return at;
    }
    this.#at = this.#bytes.length;
    throw this.#unexpected();
  }

  #token(): unknown {
    const from = this.#at;
    let to = from;
    while (!endsToken(this.#bytes[to]) && to - from <= MAXIMUM_TOKEN) to++;
    const value = this.#parsed(from, to);
    this.#at = to;
    return value;
  }

  /** A string, a number or a word, read by JSON.parse. */
  #parsed(from: number, to: number): unknown {
    let text: string;
    try {
      text = utf8.decode(this.#bytes.subarray(from, to));
    } catch {
      throw new Unreadable(problems.bodyUnreadable('The body is not valid UTF-8.'));
    }
    try {
      return JSON.parse(text);
    } catch {
      this.#at = from;
      throw this.#unexpected();
    }
  }

  #unexpected(): Unreadable {
    const found = this.#at < this.#bytes.length ? `an unexpected character at byte ${this.#at}` : 'it ends too early';
    return new Unreadable(problems.bodyUnreadable(`The body is not valid JSON: ${found}.`));
  }
}

/** The value of a JSON text; in it are LargeStrings in place of large `contentBytes`. */
export function readJson(bytes: Uint8Array): Checked<unknown> {
  try {
    return ok(new JsonReader(bytes).whole());
  } catch (error) {
    if (error instanceof Unreadable) return refused(error.problem);
    throw error;
  }
}
