// The query options of a list or an item: read, checked, and refused if Graph refuses or the emulator doesn't play.
import { errors } from '../http/errors.ts';
import type { GraphRequest } from '../http/request.ts';
import { normalisePropertyId } from '../validation/extended-properties.ts';
import { types } from '../validation/schema.ts';
import { type Expression, parseFilter } from './parser.ts';
import { readerFor } from './values.ts';

export interface Expansion {
  readonly attachments: boolean;
  /** Ids of extended properties to return, normalised. */
  readonly single: readonly string[];
  readonly multiple: readonly string[];
}

export interface QueryOptions {
  readonly filter: Expression | null;
  readonly select: readonly string[] | null;
  readonly expand: Expansion;
  readonly orderBy: readonly { path: string; descending: boolean }[];
  readonly top: number | null;
  readonly skip: number;
  readonly count: boolean;
}

const known = ['$filter', '$select', '$expand', '$orderby', '$top', '$skip', '$count', '$skiptoken', '$deltatoken', '$format'];

/** Splits at commas outside of brackets and quotes. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (const [index, character] of [...text].entries()) {
    if (character === "'") quoted = !quoted;
    else if (!quoted && character === '(') depth++;
    else if (!quoted && character === ')') depth--;
    else if (!quoted && depth === 0 && character === ',') {
      parts.push([...text].slice(start, index).join(''));
      start = index + 1;
    }
  }
  parts.push([...text].slice(start).join(''));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function wholeNumber(request: GraphRequest, name: string): number | null {
  const text = request.query.get(name);
  if (text === undefined) return null;
  if (!/^\d+$/.test(text))
    throw errors.invalidQuery(
      `Invalid value '${text}' for ${name} query option found. The ${name} query option requires a non-negative integer value.`,
    );
  return Number(text);
}

function readSelect(text: string | undefined): string[] | null {
  if (text === undefined || text.trim() === '*') return null;
  const names = splitTopLevel(text).map((name) => name.split('/')[0] ?? name);
  for (const name of names) {
    if (!Object.hasOwn(types['message'] ?? {}, name))
      throw errors.invalidQuery(
        `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.message'.`,
      );
  }
  return names;
}

/** Ids in an expansion's filter; with "or" the service was seen to return none. */
function expandedIds(text: string, orAllowed: boolean): string[] {
  const inner = /^\w+\s*\(\s*\$filter\s*=\s*(.*)\)$/is.exec(text)?.[1];
  if (inner === undefined) throw errors.invalidQuery('Expanding extended properties needs a $filter on their id.');
  const ids: string[] = [];
  let hasOr = false;
  const visit = (expression: Expression): void => {
    if (expression.kind === 'or') {
      hasOr = true;
      visit(expression.left);
      visit(expression.right);
    } else if (expression.kind === 'compare' && /^(\w+\/)?id$/.test(expression.path) && expression.operator === 'eq') {
      const id = normalisePropertyId(String(expression.value));
      if (id === undefined) throw errors.invalidQuery(`'${String(expression.value)}' is not the id of an extended property.`);
      ids.push(id);
    } else throw errors.invalidQuery('Expanding extended properties takes only id eq.');
  };
  visit(parseFilter(inner));
  return hasOr && !orAllowed ? [] : ids;
}

function readExpand(text: string | undefined, orAllowed: boolean): Expansion {
  const expansion = { attachments: false, single: [] as string[], multiple: [] as string[] };
  for (const part of splitTopLevel(text ?? '')) {
    const name = /^\w+/.exec(part)?.[0]?.toLowerCase();
    if (name === 'attachments') expansion.attachments = true;
    else if (name === 'singlevalueextendedproperties') expansion.single.push(...expandedIds(part, orAllowed));
    else if (name === 'multivalueextendedproperties') expansion.multiple.push(...expandedIds(part, orAllowed));
    else
      throw errors.invalidQuery(
        `Parsing OData Select and Expand failed: Could not find a property named '${part}' on type 'microsoft.graph.message'.`,
      );
  }
  return expansion;
}

function readOrderBy(text: string | undefined): QueryOptions['orderBy'] {
  return splitTopLevel(text ?? '').map((part) => {
    const [path = '', direction = 'asc'] = part.split(/\s+/);
    if (readerFor(path) === undefined || !/^(asc|desc)$/i.test(direction))
      throw errors.invalidQuery(`Could not find a property named '${path}' on type 'microsoft.graph.message'.`);
    return { path, descending: /^desc$/i.test(direction) };
  });
}

export function readQueryOptions(request: GraphRequest, orAllowed: boolean): QueryOptions {
  const { query } = request;
  for (const name of query.keys()) {
    if (name === '$search') throw errors.notPlayed('$search');
    if (name.startsWith('$') && !known.includes(name)) throw errors.invalidQuery(`The query parameter '${name}' is not supported.`);
  }
  const top = wholeNumber(request, '$top');
  if (top !== null && (top < 1 || top > 1000))
    throw errors.invalidQuery(`The limit of '1000' for Top query has been exceeded. The value from the incoming request is '${top}'.`);
  const filter = query.get('$filter');
  return {
    filter: filter === undefined ? null : parseFilter(filter),
    select: readSelect(query.get('$select')),
    expand: readExpand(query.get('$expand'), orAllowed),
    orderBy: readOrderBy(query.get('$orderby')),
    top,
    skip: wholeNumber(request, '$skip') ?? 0,
    count: query.get('$count')?.toLowerCase() === 'true',
  };
}
