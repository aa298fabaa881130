// Turns a parsed $filter into a test of items, with Graph's own restrictions on extended properties.
import { errors } from '../http/errors.ts';
import type { Switches } from '../options.ts';
import type { Item } from '../store/item.ts';
import { normalisePropertyId } from '../validation/extended-properties.ts';
import type { Comparison, Expression, Literal, TextFunction } from './parser.ts';
import { extendedValue, readerFor } from './values.ts';

export type ItemTest = (item: Item) => boolean;

const isDate = (value: Literal): value is { readonly date: number } => typeof value === 'object' && value !== null;
const plain = (value: Literal): string | number | boolean | null => {
  if (isDate(value)) return value.date;
  return typeof value === 'string' ? value.toLowerCase() : value;
};

function compare(operator: Comparison, left: Literal, right: Literal): boolean {
  const [a, b] = [plain(left), plain(right)];
  if (operator === 'eq') return a === b;
  if (operator === 'ne') return a !== b;
  if (a === null || b === null) return false;
  if (operator === 'gt') return a > b;
  if (operator === 'ge') return a >= b;
  return operator === 'lt' ? a < b : a <= b;
}

/** Values are compared without regard to case. */
function testText(operator: TextFunction, value: string, wanted: string): boolean {
  const [text, part] = [value.toLowerCase(), wanted.toLowerCase()];
  if (operator === 'startswith') return text.startsWith(part);
  return operator === 'endswith' ? text.endsWith(part) : text.includes(part);
}

interface Restriction {
  id?: string;
  tests: ((value: string) => boolean)[];
}

/** One id and at least one value restriction, joined by "and": all that Graph takes. */
function readRestriction(expression: Expression, variable: string, found: Restriction): void {
  if (expression.kind === 'and') {
    readRestriction(expression.left, variable, found);
    readRestriction(expression.right, variable, found);
    return;
  }
  const idPath = `${variable}/id`;
  const valuePath = `${variable}/value`;
  if (expression.kind === 'compare' && expression.path === idPath && expression.operator === 'eq' && found.id === undefined) {
    const id = normalisePropertyId(String(expression.value));
    if (id === undefined) throw errors.invalidFilter(`'${String(expression.value)}' is not the id of an extended property.`);
    found.id = id;
    return;
  }
  if (expression.kind === 'compare' && expression.path === valuePath) {
    const { operator, value } = expression;
    found.tests.push((actual) => compare(operator, actual, typeof value === 'string' ? value : String(plain(value))));
    return;
  }
  if (expression.kind === 'text' && expression.path === valuePath) {
    const { operator, value } = expression;
    found.tests.push((actual) => testText(operator, actual, value));
    return;
  }
  throw errors.propertyRestriction();
}

function extendedPropertyTest(expression: Expression & { kind: 'any' }, switches: Switches): ItemTest {
  const multiple = expression.collection === 'multiValueExtendedProperties';
  if (!multiple && expression.collection !== 'singleValueExtendedProperties') throw errors.notPlayed(`any() over ${expression.collection}`);
  if (multiple) throw errors.notPlayed('$filter over multiValueExtendedProperties');
  const found: Restriction = { tests: [] };
  readRestriction(expression.inner, expression.variable, found);
  const { id, tests } = found;
  if (id === undefined || tests.length === 0) throw errors.propertyRestriction();
  return (item) => {
    const value = extendedValue(item, id, switches);
    return typeof value === 'string' && tests.every((test) => test(value));
  };
}

export interface Rules<T> {
  /** How a property is read; undefined: there is no such property. */
  readonly read: (path: string) => ((row: T) => Literal) | undefined;
  readonly any: (expression: Expression & { kind: 'any' }) => (row: T) => boolean;
  readonly type: string;
}

export function buildTest<T>(expression: Expression, rules: Rules<T>): (row: T) => boolean {
  if (expression.kind === 'and' || expression.kind === 'or') {
    const left = buildTest(expression.left, rules);
    const right = buildTest(expression.right, rules);
    return expression.kind === 'and' ? (row) => left(row) && right(row) : (row) => left(row) || right(row);
  }
  if (expression.kind === 'not') {
    const inner = buildTest(expression.inner, rules);
    return (row) => !inner(row);
  }
  if (expression.kind === 'any') return rules.any(expression);
  const { path } = expression;
  const read = rules.read(path);
  if (read === undefined) throw errors.invalidFilter(`Could not find a property named '${path}' on type '${rules.type}'.`);
  if (expression.kind === 'text') {
    const { operator, value } = expression;
    return (row) => testText(operator, String(read(row) ?? ''), value);
  }
  const { operator, value } = expression;
  return (row) => {
    const actual = read(row);
    if (isDate(actual) !== isDate(value) && actual !== null && value !== null) {
      throw errors.invalidFilter(`A binary operator with incompatible types was detected at '${path}'.`);
    }
    return compare(operator, actual, value);
  };
}

export function toTest(expression: Expression, switches: Switches): ItemTest {
  return buildTest<Item>(expression, {
    read: readerFor,
    any: (inner) => extendedPropertyTest(inner, switches),
    type: 'microsoft.graph.message',
  });
}

/** The properties that a filter names, in order: $orderby must agree with them. */
export function filteredPaths(expression: Expression): string[] {
  if (expression.kind === 'and' || expression.kind === 'or') return [...filteredPaths(expression.left), ...filteredPaths(expression.right)];
  if (expression.kind === 'not') return filteredPaths(expression.inner);
  return [expression.kind === 'any' ? expression.collection : expression.path];
}
