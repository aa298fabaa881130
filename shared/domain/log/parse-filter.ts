// Reads $filter: comparisons joined by `and`, of the properties that a list can find cheaply.
// https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html section 5.1.1

import { canonicalMailbox } from '../address/mailbox-name.ts';
import { printable } from '../content/addresses.ts';
import { type Checked, ok, type Problem, refused } from '../content/problem.ts';
import type { SendRequestFilter } from './filter.ts';
import { STATES, type State } from './lifecycle.ts';

export const MAXIMUM_FILTER_LENGTH = 2_000;
const TOKEN = /\s*(?:('(?:[^']|'')*')|([A-Za-z_][\w/:]*)|([()])|(\d{4}-[\w:.+-]+))\s*/y;
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

const wrong = (why: string): Problem => ({ status: 400, code: 'BadRequest', message: `Invalid filter clause: ${why}` });

class Invalid extends Error {}

const fail = (why: string): never => {
  throw new Invalid(why);
};

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) fail(`syntax error at position ${at}.`);
    else tokens.push((match[1] ?? match[2] ?? match[3] ?? match[4]) as string);
  }
  return tokens;
}

type Operator = 'eq' | 'ge' | 'gt' | 'le' | 'lt';
const OPERATORS: readonly string[] = ['eq', 'ge', 'gt', 'le', 'lt'];

const stringOf = (literal: string, name: string): string =>
  literal.startsWith("'") ? literal.slice(1, -1).replaceAll("''", "'") : fail(`${name} must be compared with a text in single quotes.`);

function timeOf(literal: string): number {
  const text = literal.replaceAll("'", '');
  const time = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? fail('createdDateTime must be compared with a time such as 2026-01-31T08:00:00Z.') : time;
}

function stateOf(text: string): State {
  return STATES.find((state) => state === text) ?? fail(`status must be one of ${STATES.join(', ')}.`);
}

/** Half-open in milliseconds: what is greater than a time begins with the next one. */
function created(operator: Operator, time: number): SendRequestFilter {
  switch (operator) {
    case 'eq':
      return { createdFrom: time, createdUntil: time + 1 };
    case 'ge':
      return { createdFrom: time };
    case 'gt':
      return { createdFrom: time + 1 };
    case 'le':
      return { createdUntil: time + 1 };
    case 'lt':
      return { createdUntil: time };
  }
}

const TEXTS: Readonly<Record<string, (text: string) => SendRequestFilter>> = {
  status: (text) => ({ status: stateOf(text) }),
  application: (text) => ({ application: text.toLowerCase() }),
  mailbox: (text) => ({ mailbox: canonicalMailbox(text) ?? fail('mailbox must be compared with the name of a mailbox.') }),
  recipient: (text) => ({ recipient: text.trim() }),
  internetMessageId: (text) => ({ internetMessageId: text }),
  clientRequestId: (text) => ({ clientRequestId: text }),
};

function comparison(name: string, operator: string, literal: string): SendRequestFilter {
  if (!OPERATORS.includes(operator)) fail(`the operator '${printable(operator)}' is not supported.`);
  if (name === 'createdDateTime') return created(operator as Operator, timeOf(literal));
  const read = Object.hasOwn(TEXTS, name) ? TEXTS[name] : undefined;
  if (!read) return fail(`could not find a property named '${printable(name)}' to filter by.`);
  if (operator !== 'eq') fail(`${name} can only be compared by eq.`);
  return read(stringOf(literal, name));
}

class Parser {
  readonly #tokens: string[];
  constructor(tokens: string[]) {
    this.#tokens = tokens;
  }

  #next(): string {
    return this.#tokens.shift() ?? fail('it ends too early.');
  }

  #expect(token: string): void {
    if (this.#next() !== token) fail(`'${token}' is missing.`);
  }

  /** `recipients/any(r:r/address eq 'x')`, as the property would be asked for in OData. */
  #anyRecipient(): SendRequestFilter {
    this.#expect('(');
    const path = this.#next() + (this.#tokens[0] === 'eq' ? '' : this.#next());
    if (!/^(\w+):\1\/address$/.test(path)) fail('recipients can be filtered by address only.');
    const found = comparison('recipient', this.#next(), this.#next());
    this.#expect(')');
    return found;
  }

  #clause(): SendRequestFilter[] {
    const token = this.#next();
    if (token === 'recipients/any') return [this.#anyRecipient()];
    if (token !== '(') return [comparison(token, this.#next(), this.#next())];
    const inner = this.conjunction();
    this.#expect(')');
    return inner;
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
    if (this.#tokens.length > 0) fail(`'${printable(this.#tokens[0] as string)}' is not allowed there; join comparisons by and.`);
  }
}

/** Several times narrow the range. Every other property may occur once. */
function combined(clauses: readonly SendRequestFilter[]): SendRequestFilter {
  const sum: SendRequestFilter = {};
  for (const { createdFrom, createdUntil, ...rest } of clauses) {
    const twice = Object.keys(rest).find((name) => name in sum);
    if (twice !== undefined) fail(`${twice} occurs twice.`);
    Object.assign(sum, rest);
    if (createdFrom !== undefined) sum.createdFrom = Math.max(sum.createdFrom ?? createdFrom, createdFrom);
    if (createdUntil !== undefined) sum.createdUntil = Math.min(sum.createdUntil ?? createdUntil, createdUntil);
  }
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
    if (error instanceof Invalid) return refused(wrong(error.message));
    throw error;
  }
}
