// The query options of a list: $filter, $top, $orderby, $skiptoken and $deltatoken. What isn't understood is refused, never ignored.
import { printable } from '../content/addresses.ts';
import { type Checked, ok, type Problem, refused } from '../content/problem.ts';
import { type FeedStart, isFeedSkipToken, readDeltaToken, readFeedSkipToken, refusedInFeed } from './change-feed.ts';
import type { SendRequestFilter } from './filter.ts';
import { MAXIMUM_FILTER_LENGTH, parseFilter } from './parse-filter.ts';
import { isSortKey } from './send-request-id.ts';

export interface ListOptions {
  filter: SendRequestFilter;
  top: number;
  /** Sort key of the last send request of the page before. */
  after?: string;
  /** The list is by changes, oldest first. */
  feed?: FeedStart;
  /** What the tokens of this list are bound to. */
  scope: string;
}

const DEFAULT_TOP = 50;
const MAXIMUM_TOP = 1_000;
/** Opaque to callers. It says where the next page begins, and gives no access to anything. */
const TOKEN = /^p1-([0-9a-z]+)$/;

const wrong = (message: string): Problem => ({ status: 400, code: 'BadRequest', message });

export const skipTokenOf = (sortKey: string): string => `p1-${sortKey}`;

/** The options as they are written, before they are read together. */
interface Given {
  filter: SendRequestFilter;
  filterText: string;
  top: number;
  isByChanges: boolean;
  skipToken?: string;
  deltaToken?: string;
}

interface OptionRow {
  description: string;
  /** JSON Schema of its value, for OpenAPI. */
  schema: Record<string, unknown>;
  read: (value: string) => Checked<Partial<Given>>;
}

function readTop(value: string): Checked<Partial<Given>> {
  if (/^\d{1,4}$/.test(value) && Number(value) >= 1 && Number(value) <= MAXIMUM_TOP) return ok({ top: Number(value) });
  return refused(wrong(`Invalid value '${printable(value)}' for $top: expected a number from 1 to ${MAXIMUM_TOP}.`));
}

function readFilter(value: string): Checked<Partial<Given>> {
  const filter = parseFilter(value);
  return filter.ok ? ok({ filter: filter.value, filterText: value }) : filter;
}

/** The order without $orderby, and the other one that there is. */
const ORDERS: Readonly<Record<string, Partial<Given>>> = {
  'createdDateTime desc': { isByChanges: false },
  lastModifiedDateTime: { isByChanges: true },
  'lastModifiedDateTime asc': { isByChanges: true },
};

function readOrder(value: string): Checked<Partial<Given>> {
  const order = value.trim().replace(/ {1,9}/g, ' ');
  if (Object.hasOwn(ORDERS, order)) return ok(ORDERS[order] as Partial<Given>);
  return refused(wrong(`Invalid value '${printable(value)}' for $orderby: there are ${Object.keys(ORDERS).join(', ')}.`));
}

/** Every option of a list, by its name in lower case. OpenAPI's parameters are made from these rows. */
export const LIST_OPTIONS: Readonly<Record<string, OptionRow>> = {
  $filter: {
    description:
      "eq on id, status, application, recipient, internetMessageId, clientRequestId, failureClass and (over all mailboxes) mailbox; ne on status; ge, gt, le, lt, eq on createdDateTime and recipientCounts/failed; hasFailures eq true; contains(subject,'...') and startswith(subject,'...'), without regard to case, if subjects are kept; ge, gt on lastModifiedDateTime (a list by changes); joined by and: hasFailures eq true and createdDateTime ge 2026-01-31T00:00:00Z",
    schema: { type: 'string', maxLength: MAXIMUM_FILTER_LENGTH },
    read: readFilter,
  },
  $top: {
    description: 'Maximum number of send requests in a page',
    schema: { type: 'integer', minimum: 1, maximum: MAXIMUM_TOP, default: DEFAULT_TOP },
    read: readTop,
  },
  $orderby: {
    description:
      'createdDateTime desc, which is the order without this option, or lastModifiedDateTime: a list by changes, oldest first, which ends a minute before now and whose last page has @odata.deltaLink',
    schema: { type: 'string', enum: Object.keys(ORDERS) },
    read: readOrder,
  },
  $skiptoken: {
    description: 'The place where the next page begins: use @odata.nextLink unchanged',
    schema: { type: 'string' },
    read: (skipToken) => ok({ skipToken }),
  },
  $deltatoken: {
    description: 'What changed since: use @odata.deltaLink unchanged. latest: only the link for what changes from now on',
    schema: { type: 'string' },
    read: (deltaToken) => ok({ deltaToken }),
  },
};

function feedOf({ filter, skipToken, deltaToken, isByChanges }: Given, scope: string): Checked<FeedStart> | undefined {
  if (skipToken !== undefined && isFeedSkipToken(skipToken)) return readFeedSkipToken(skipToken, scope);
  if (skipToken !== undefined) return undefined;
  if (deltaToken !== undefined) return readDeltaToken(deltaToken, scope);
  const { modifiedFrom } = filter;
  if (!isByChanges && modifiedFrom === undefined) return undefined;
  return ok({ kind: 'begin', ...(modifiedFrom !== undefined && { from: modifiedFrom }) });
}

function together(given: Given, scope: string): Checked<ListOptions> {
  const { filter, top, skipToken } = given;
  const options = { filter, top, scope };
  const feed = feedOf(given, scope);
  if (feed && !feed.ok) return feed;
  if (feed) {
    const problem = refusedInFeed(filter);
    return problem ? refused(problem) : ok({ ...options, feed: feed.value });
  }
  if (skipToken === undefined) return ok(options);
  const after = TOKEN.exec(skipToken)?.[1];
  const isOurs = after !== undefined && isSortKey(after) && !given.isByChanges && filter.modifiedFrom === undefined;
  return isOurs ? ok({ ...options, after }) : refused(wrong('Invalid $skiptoken: use @odata.nextLink unchanged.'));
}

/** `list`: names the list, such as its mailbox. A link that it gives out is good for this list only. */
export function readListOptions(options: Iterable<[string, string]>, list = ''): Checked<ListOptions> {
  let given: Given = { filter: {}, filterText: '', top: DEFAULT_TOP, isByChanges: false };
  for (const [name, value] of options) {
    const lower = name.toLowerCase();
    const row = Object.hasOwn(LIST_OPTIONS, lower) ? LIST_OPTIONS[lower] : undefined;
    if (!row) {
      // A name without a dollar sign is no option of OData, such as a function key.
      if (name.startsWith('$')) return refused(wrong(`The query option '${printable(name)}' is not supported.`));
      continue;
    }
    const option = row.read(value);
    if (!option.ok) return option;
    given = { ...given, ...option.value };
  }
  return together(given, `${list}\n${given.filterText}`);
}
