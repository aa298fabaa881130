// The query options of a list: $filter, $top and $skiptoken. What isn't understood is refused, never ignored.
import { printable } from '../content/addresses.ts';
import { type Checked, ok, type Problem, refused } from '../content/problem.ts';
import type { SendRequestFilter } from './filter.ts';
import { parseFilter } from './parse-filter.ts';
import { isSortKey } from './send-request-id.ts';

export interface ListOptions {
  filter: SendRequestFilter;
  top: number;
  /** Sort key of the last send request of the page before. */
  after?: string;
}

const DEFAULT_TOP = 50;
const MAXIMUM_TOP = 1_000;
/** Opaque to callers; it tells where to go on, and opens nothing. */
const TOKEN = /^p1-([0-9a-z]+)$/;

const wrong = (message: string): Problem => ({ status: 400, code: 'BadRequest', message });

export const skipTokenOf = (sortKey: string): string => `p1-${sortKey}`;

function afterOf(token: string): string | undefined {
  const key = TOKEN.exec(token)?.[1];
  return key !== undefined && isSortKey(key) ? key : undefined;
}

export function readListOptions(options: Iterable<[string, string]>): Checked<ListOptions> {
  const read: ListOptions = { filter: {}, top: DEFAULT_TOP };
  for (const [name, value] of options) {
    switch (name.toLowerCase()) {
      case '$filter': {
        const filter = parseFilter(value);
        if (!filter.ok) return filter;
        read.filter = filter.value;
        break;
      }
      case '$top': {
        if (!/^\d{1,4}$/.test(value) || Number(value) < 1 || Number(value) > MAXIMUM_TOP) {
          return refused(wrong(`Invalid value '${printable(value)}' for $top: a number from 1 to ${MAXIMUM_TOP}.`));
        }
        read.top = Number(value);
        break;
      }
      case '$skiptoken': {
        const after = afterOf(value);
        if (after === undefined) return refused(wrong('Invalid $skiptoken: use @odata.nextLink as it was given.'));
        read.after = after;
        break;
      }
      default:
        // Without a dollar sign it is no option of OData's, such as a function key.
        if (name.startsWith('$')) return refused(wrong(`The query option '${printable(name)}' is not supported.`));
    }
  }
  return ok(read);
}
