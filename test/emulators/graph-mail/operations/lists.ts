// Lists of messages, in the whole mailbox or a folder. https://learn.microsoft.com/graph/api/user-list-messages
import type { Answer } from '../http/answer.ts';
import { errors } from '../http/errors.ts';
import { filteredPaths, toTest } from '../odata/evaluate.ts';
import { type QueryOptions, readQueryOptions } from '../odata/query-options.ts';
import { entityContext, showItem } from '../odata/represent.ts';
import { readerFor } from '../odata/values.ts';
import type { Item } from '../store/item.ts';
import { type Call, findFolder, type Operation } from './call.ts';

const defaultPage = 10;

/** "Properties that appear in $orderby must also appear in $filter, in the same order and before others"; never with extended properties. */
function checkEfficiency({ filter, orderBy }: QueryOptions): void {
  if (filter === null || orderBy.length === 0) return;
  const paths = [...new Set(filteredPaths(filter))];
  if (paths.includes('singleValueExtendedProperties') || orderBy.some(({ path }, index) => paths[index] !== path))
    throw errors.inefficientFilter();
}

const comparable = (item: Item, path: string): string | number => {
  const value = readerFor(path)?.(item) ?? '';
  if (typeof value === 'object') return value.date;
  return typeof value === 'boolean' ? Number(value) : typeof value === 'string' ? value.toLowerCase() : value;
};

/** Newest first, unless told otherwise. */
function sorted(items: Item[], { orderBy }: QueryOptions): Item[] {
  const keys = orderBy.length === 0 ? [{ path: 'receivedDateTime', descending: true }] : orderBy;
  return items.sort((a, b) => {
    for (const { path, descending } of keys) {
      const [left, right] = [comparable(a, path), comparable(b, path)];
      if (left !== right) return (left < right ? -1 : 1) * (descending ? -1 : 1);
    }
    return b.key - a.key;
  });
}

function matching({ mailbox, state, params }: Call, options: QueryOptions): Item[] {
  const folderId = params['folder'] === undefined ? null : findFolder(mailbox, params['folder']).id;
  const test = options.filter === null ? () => true : toTest(options.filter, state.switches);
  const items: Item[] = [];
  for (const item of mailbox.items.values())
    if (!item.hidden && (folderId === null || item.folderId === folderId) && test(item)) items.push(item);
  return items;
}

function nextLink({ request }: Call, skip: number): string {
  const query = new URLSearchParams([...request.query].filter(([name]) => name !== '$skip'));
  query.set('$skip', String(skip));
  const path = request.segments.map(encodeURIComponent).join('/');
  return `${request.baseUrl}/${path}?${query.toString().replaceAll('+', '%20').replaceAll('%24', '$')}`;
}

export const listMessages: Operation = (call): Answer => {
  const options = readQueryOptions(call.request, call.state.switches.expandWithOr === 'all');
  checkEfficiency(options);
  const items = sorted(matching(call, options), options);
  const size = options.top ?? call.request.prefer.pageSize ?? defaultPage;
  const page = items.slice(options.skip, options.skip + size);
  const view = { request: call.request, switches: call.state.switches, select: options.select, expand: options.expand };
  const after = options.skip + size;
  return {
    status: 200,
    json: {
      '@odata.context': entityContext(call.request, call.mailbox, 'messages'),
      ...(options.count ? { '@odata.count': items.length } : {}),
      ...(after < items.length ? { '@odata.nextLink': nextLink(call, after) } : {}),
      value: page.map((item) => showItem(item, view)),
    },
  };
};

export const countMessages: Operation = (call) => ({
  status: 200,
  text: String(matching(call, readQueryOptions(call.request, true)).length),
});
