// Lists send requests of one mailbox, or of all, newest first: pages of mailboxes are merged by their sort keys.
import pLimit from 'p-limit';
import type { SendRequestFilter } from '../../domain/log/filter.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { belongsTo, newestFirst } from '../../domain/log/send-request-id.ts';
import type { KnownMailbox, ListPage, ListQuery, SendRequestList } from '../../ports/send-request-list.ts';

/** Mailboxes that are asked at the same time. */
const CONCURRENCY = 8;
/** Rows that are examined for one page over all mailboxes: about so many at first, and as many again. */
const EXAMINED = 4_000;
const LEAST_SHARE = 50;
/** Rows of one further reading. */
const STRIDE = 200;
/** When a mailbox last had a request is noted once a day. */
const NOTE_TOLERANCE_MS = 25 * 3_600_000;

const keyOf = ({ id }: SendRequestRecord): string => newestFirst(id);

/** Mailboxes that can have a request that is meant. */
async function candidates(list: SendRequestList, { id, mailbox, createdFrom = 0 }: SendRequestFilter): Promise<string[]> {
  if (mailbox !== undefined) return [mailbox];
  const known = await list.mailboxes();
  const canHave = ({ mailbox: of, lastDateTime }: KnownMailbox): boolean =>
    id === undefined ? Date.parse(lastDateTime) + NOTE_TOLERANCE_MS >= createdFrom : belongsTo(id, of);
  return known.filter(canHave).map((one) => one.mailbox);
}

/**
 * The merged page: nothing beyond the point up to which every mailbox has been examined, and no more than `top`. A page that ends
 * there goes on from there.
 */
function merged(pages: readonly ListPage[], top: number): ListPage {
  const horizon = pages.reduce<string | undefined>((least, { next }) => (next && (!least || next < least) ? next : least), undefined);
  const records = pages.flatMap((page) => page.records).filter((record) => !horizon || keyOf(record) <= horizon);
  records.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const last = records[top - 1];
  const left = records.length > top || pages.some((page) => page.next !== undefined);
  if (last && left) return { records: records.slice(0, top), next: keyOf(last) };
  return { records, ...(horizon && { next: horizon }) };
}

/** The mailbox that has been examined least far, if it has more. */
function leastRead(pages: ReadonlyMap<string, ListPage>): [string, string] | undefined {
  let least: [string, string] | undefined;
  for (const [mailbox, { next }] of pages) if (next !== undefined && (!least || next < least[1])) least = [mailbox, next];
  return least;
}

/**
 * Examines a bounded number of rows over all mailboxes together: a share of each at first, then more of the one that holds up the others.
 */
export async function listSendRequests(list: SendRequestList, query: ListQuery): Promise<ListPage> {
  const mailboxes = await candidates(list, query.filter);
  const [only] = mailboxes;
  if (only !== undefined && mailboxes.length === 1) return list.page(only, query);
  const share = Math.max(Math.ceil(EXAMINED / mailboxes.length), LEAST_SHARE);
  const first = await pLimit(CONCURRENCY).map(
    mailboxes,
    async (mailbox) => [mailbox, await list.page(mailbox, { ...query, budget: share })] as const,
  );
  const pages = new Map(first);
  for (let more = 0; more < EXAMINED; more += STRIDE) {
    const page = merged([...pages.values()], query.top);
    const behind = leastRead(pages);
    if (!behind || page.records.length === query.top) return page;
    const [mailbox, after] = behind;
    const { records, next } = await list.page(mailbox, { ...query, after, budget: STRIDE });
    const before = pages.get(mailbox)?.records ?? [];
    pages.set(mailbox, { records: [...before, ...records], ...(next !== undefined && { next }) });
  }
  return merged([...pages.values()], query.top);
}
