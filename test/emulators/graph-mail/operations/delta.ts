// Delta query of a folder's messages. https://learn.microsoft.com/graph/api/message-delta
import { errors } from '../http/errors.ts';
import type { GraphRequest } from '../http/request.ts';
import { toTest } from '../odata/evaluate.ts';
import type { Expression } from '../odata/parser.ts';
import { readQueryOptions } from '../odata/query-options.ts';
import { showItem } from '../odata/represent.ts';
import { findFolder, type Operation } from './call.ts';

/** Everything of a round is in its token: clients send back nothing but the URL. */
interface DeltaToken {
  readonly folder: string;
  readonly generation: number;
  /** Version up to which the client has seen everything. */
  readonly seen: number;
  /** Version at which the first round began: what was removed before is no news. */
  readonly from: number;
  readonly query: Readonly<Record<string, string>>;
}

const encode = (token: DeltaToken) => Buffer.from(JSON.stringify(token)).toString('base64url');

function decode(text: string): DeltaToken {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString()) as DeltaToken;
    if (typeof token.generation !== 'number' || typeof token.seen !== 'number') throw new Error('not a token');
    return token;
  } catch {
    throw errors.invalidSyncState();
  }
}

/** Of filters a delta query takes receivedDateTime ge or gt only, of orders receivedDateTime desc. */
function checkDeltaOptions(filter: Expression | null, request: GraphRequest): void {
  const fits =
    filter === null ||
    (filter.kind === 'compare' && filter.path === 'receivedDateTime' && (filter.operator === 'ge' || filter.operator === 'gt'));
  const order = request.query.get('$orderby');
  const orderFits = order === undefined || /^receivedDateTime\s+desc$/i.test(order.trim());
  if (!fits || !orderFits) throw errors.invalidQuery('Change tracking is not supported against this filter or order.');
}

export const delta: Operation = (call) => {
  const { mailbox, request, state, params } = call;
  const folder = findFolder(mailbox, params['folder'] ?? '');
  const text = request.query.get('$skiptoken') ?? request.query.get('$deltatoken');
  const first: DeltaToken = {
    folder: folder.id,
    generation: state.deltaGeneration,
    seen: 0,
    from: mailbox.version,
    query: Object.fromEntries(
      [...request.query].filter(([name]) => ['$select', '$filter', '$expand', '$orderby', '$top', 'changeType'].includes(name)),
    ),
  };
  const token = text === undefined ? first : decode(text);
  if (token.folder !== folder.id) throw errors.invalidSyncState();
  if (token.generation !== state.deltaGeneration) throw errors.syncStateNotFound(token.generation);
  const options = readQueryOptions(
    { ...request, query: new Map(Object.entries(token.query).filter(([name]) => name !== 'changeType')) },
    state.switches.expandWithOr === 'all',
  );
  checkDeltaOptions(options.filter, { ...request, query: new Map(Object.entries(token.query)) });
  const test = options.filter === null ? () => true : toTest(options.filter, state.switches);

  const present = mailbox.itemsIn(folder.id).filter((item) => !item.hidden && item.version > token.seen && test(item));
  const removed = mailbox.removals.filter((one) => one.folderId === folder.id && one.version > Math.max(token.seen, token.from));
  const changes = [
    ...present.map((item) => ({ version: item.version, item })),
    ...removed.map((removal) => ({ version: removal.version, removal })),
  ].sort((a, b) => a.version - b.version);
  const size = request.prefer.pageSize ?? options.top ?? 10;
  const page = changes.slice(0, size);
  const more = changes.length > page.length;
  const seen = more ? (page.at(-1)?.version ?? token.seen) : Math.max(mailbox.version, token.seen);
  const link = `${request.baseUrl}/v1.0/users('${encodeURIComponent(mailbox.objectId)}')/mailFolders('${encodeURIComponent(folder.id)}')/messages/delta`;
  const next = encode({ ...token, seen, from: Math.max(token.from, more ? token.from : mailbox.version) });
  const view = { request, switches: state.switches, select: options.select, expand: options.expand };
  return {
    status: 200,
    json: {
      '@odata.context': `${request.baseUrl}/v1.0/$metadata#Collection(message)`,
      ...(more ? { '@odata.nextLink': `${link}?$skiptoken=${next}` } : { '@odata.deltaLink': `${link}?$deltatoken=${next}` }),
      value: page.map((change) => {
        if ('item' in change) return { '@odata.type': '#microsoft.graph.message', ...showItem(change.item, view) };
        const { removal } = change;
        const id = request.prefer.immutableIds ? removal.immutableId : removal.id;
        return { '@odata.type': '#microsoft.graph.message', '@removed': { reason: removal.reason }, id };
      }),
    },
  };
};
