// The query options of a list: $filter, $top and $skiptoken. What isn't understood is refused, never ignored.
import { printable } from '../content/addresses.ts';
import { type Checked, ok, type Problem, refused } from '../content/problem.ts';
import type { SendRequestFilter } from './filter.ts';
import { MAXIMUM_FILTER_LENGTH, parseFilter } from './parse-filter.ts';
import { isSortKey } from './send-request-id.ts';

export interface ListOptions {
  filter: SendRequestFilter;
  top: number;
  /** Sort key of the last send request of the page before. */
  after?: string;
}

const DEFAULT_TOP = 50;
const MAXIMUM_TOP = 1_000;
/** Opaque to callers. It says where the next page begins, and gives no access to anything. */
const TOKEN = /^p1-([0-9a-z]+)$/;

const wrong = (message: string): Problem => ({ status: 400, code: 'BadRequest', message });

export const skipTokenOf = (sortKey: string): string => `p1-${sortKey}`;

function afterOf(token: string): string | undefined {
  const key = TOKEN.exec(token)?.[1];
  return key !== undefined && isSortKey(key) ? key : undefined;
}

interface OptionRow {
  description: string;
  /** JSON Schema of its value, for OpenAPI. */
  schema: Record<string, unknown>;
  read: (value: string) => Checked<Partial<ListOptions>>;
}

function readTop(value: string): Checked<Partial<ListOptions>> {
  if (/^\d{1,4}$/.test(value) && Number(value) >= 1 && Number(value) <= MAXIMUM_TOP) return ok({ top: Number(value) });
  return refused(wrong(`Invalid value '${printable(value)}' for $top: expected a number from 1 to ${MAXIMUM_TOP}.`));
}

function readSkipToken(value: string): Checked<Partial<ListOptions>> {
  const after = afterOf(value);
  return after === undefined ? refused(wrong('Invalid $skiptoken: use @odata.nextLink unchanged.')) : ok({ after });
}

function readFilter(value: string): Checked<Partial<ListOptions>> {
  const filter = parseFilter(value);
  return filter.ok ? ok({ filter: filter.value }) : filter;
}

/** Every option of a list, by its name in lower case. OpenAPI's parameters are made from these rows. */
export const LIST_OPTIONS: Readonly<Record<string, OptionRow>> = {
  $filter: {
    description:
      'eq on id, status, application, recipient, internetMessageId, clientRequestId, failureClass and (over all mailboxes) mailbox; ne on status; ge, gt, le, lt, eq on createdDateTime and recipientCounts/failed; hasFailures eq true; joined by and: hasFailures eq true and createdDateTime ge 2026-01-31T00:00:00Z',
    schema: { type: 'string', maxLength: MAXIMUM_FILTER_LENGTH },
    read: readFilter,
  },
  $top: {
    description: 'Maximum number of send requests in a page',
    schema: { type: 'integer', minimum: 1, maximum: MAXIMUM_TOP, default: DEFAULT_TOP },
    read: readTop,
  },
  $skiptoken: {
    description: 'The place where the next page begins: use @odata.nextLink unchanged',
    schema: { type: 'string', pattern: TOKEN.source },
    read: readSkipToken,
  },
};

export function readListOptions(options: Iterable<[string, string]>): Checked<ListOptions> {
  let read: ListOptions = { filter: {}, top: DEFAULT_TOP };
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
    read = { ...read, ...option.value };
  }
  return ok(read);
}
