// Reads $filter: comparisons and text functions joined by `and`, of the properties that a list can find at a bounded cost.
// https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html section 5.1.1

import { printable } from '../content/addresses.ts';
import { type Checked, ok, type Problem, refused } from '../content/problem.ts';
import type { SendRequestFilter, SubjectTest } from './filter.ts';
import { comparison, failFilter, InvalidFilter, quotedText } from './filter-properties.ts';

export const MAXIMUM_FILTER_LENGTH = 2_000;
const TOKEN = /\s*(?:('(?:[^']|'')*')|([A-Za-z_][\w/:]*)|([(),])|(\d{4}-[\w:.+-]+)|(\d+))\s*/y;

/** Section 5.1.1.5, functions of text. */
const FUNCTIONS: Readonly<Record<string, SubjectTest['by']>> = { contains: 'contains', startswith: 'startsWith' };

const wrong = (why: string): Problem => ({ status: 400, code: 'BadRequest', message: `Invalid filter clause: ${why}` });

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) failFilter(`syntax error at position ${at}.`);
    else tokens.push(match[0].trim());
  }
  return tokens;
}

class Parser {
  readonly #tokens: string[];
  constructor(tokens: string[]) {
    this.#tokens = tokens;
  }

  #next(): string {
    return this.#tokens.shift() ?? failFilter('it ends too early.');
  }

  #expect(token: string): void {
    if (this.#next() !== token) failFilter(`'${token}' is missing.`);
  }

  #comparison(name: string): SendRequestFilter {
    const operator = this.#next();
    return comparison(name, operator, this.#next());
  }

  /** `recipients/any(r:r/address eq 'x')`, as the property would be asked for in OData. */
  #anyRecipient(): SendRequestFilter {
    this.#expect('(');
    const path = this.#next() + (this.#tokens[0] === 'eq' ? '' : this.#next());
    if (!/^(\w+):\1\/address$/.test(path)) failFilter('recipients can be filtered by address only.');
    const found = this.#comparison('recipient');
    this.#expect(')');
    return found;
  }

  /** `contains(subject,'x')`; some clients write ` eq true` behind it. */
  #function(name: string, by: SubjectTest['by']): SendRequestFilter {
    this.#expect('(');
    const property = this.#next();
    if (property !== 'subject') failFilter(`${name} can be asked of subject only, and not of '${printable(property)}'.`);
    this.#expect(',');
    const text = quotedText(this.#next(), 'subject');
    this.#expect(')');
    if (this.#tokens[0] === 'eq') {
      this.#tokens.shift();
      this.#expect('true');
    }
    return { subject: [{ by, text }] };
  }

  #clause(): SendRequestFilter[] {
    const token = this.#next();
    if (token === 'recipients/any') return [this.#anyRecipient()];
    if (token === '(') {
      const inner = this.conjunction();
      this.#expect(')');
      return inner;
    }
    if (this.#tokens[0] !== '(') return [this.#comparison(token)];
    const by = Object.hasOwn(FUNCTIONS, token) ? FUNCTIONS[token] : undefined;
    return [
      by
        ? this.#function(token, by)
        : failFilter(`the function '${printable(token)}' is not supported: there are ${Object.keys(FUNCTIONS).join(', ')}.`),
    ];
  }

  conjunction(): SendRequestFilter[] {
    const clauses = this.#clause();
    while (this.#tokens[0] === 'and') {
      this.#tokens.shift();
      clauses.push(...this.#clause());
    }
    return clauses;
  }

  end(): void {
    if (this.#tokens.length > 0) failFilter(`'${printable(this.#tokens[0] as string)}' is not allowed there; join comparisons by and.`);
  }
}

/** How two clauses about the same thing become one: ranges get narrower, lists longer. Anything else may occur once. */
function joined(name: string, one: unknown, other: unknown): unknown {
  if (Array.isArray(one)) return [...one, ...(other as unknown[])];
  if (name.endsWith('From')) return Math.max(one as number, other as number);
  if (name.endsWith('Until')) return Math.min(one as number, other as number);
  return failFilter(`${name} occurs twice.`);
}

function combined(clauses: readonly SendRequestFilter[]): SendRequestFilter {
  const sum: Record<string, unknown> = {};
  for (const [name, value] of clauses.flatMap((clause) => Object.entries(clause)))
    sum[name] = name in sum ? joined(name, sum[name], value) : value;
  return sum;
}

export function parseFilter(text: string): Checked<SendRequestFilter> {
  if (text.length > MAXIMUM_FILTER_LENGTH) return refused(wrong(`it is longer than ${MAXIMUM_FILTER_LENGTH} characters.`));
  try {
    const parser = new Parser(tokensOf(text));
    const clauses = parser.conjunction();
    parser.end();
    return ok(combined(clauses));
  } catch (error) {
    if (error instanceof InvalidFilter) return refused(wrong(error.message));
    throw error;
  }
}
