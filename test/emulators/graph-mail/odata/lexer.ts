// Splits a $filter expression into tokens. https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html
import { errors } from '../http/errors.ts';

export type Token =
  | { readonly kind: 'string' | 'name' | 'date' | 'symbol'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string; readonly value: number };

const patterns: readonly [Token['kind'], RegExp][] = [
  ['string', /'(?:[^']|'')*'/y],
  ['date', /\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?/y],
  ['number', /-?\d+(?:\.\d+)?/y],
  ['name', /[A-Za-z_@][A-Za-z0-9_.]*/y],
  ['symbol', /[(),:/]/y],
];

export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    if (/\s/.test(text[position] ?? '')) {
      position++;
      continue;
    }
    const found = patterns.map(([kind, pattern]) => {
      pattern.lastIndex = position;
      const match = pattern.exec(text)?.[0];
      return match === undefined ? undefined : { kind, match };
    });
    const token = found.find((one) => one !== undefined);
    if (token === undefined)
      throw errors.invalidFilter(`Syntax error: character '${text[position]}' is not valid at position ${position} in '${text}'.`);
    const { kind, match } = token;
    if (kind === 'string') tokens.push({ kind, text: match.slice(1, -1).replaceAll("''", "'") });
    else if (kind === 'number') tokens.push({ kind, text: match, value: Number(match) });
    else tokens.push({ kind, text: match });
    position += match.length;
  }
  return tokens;
}
