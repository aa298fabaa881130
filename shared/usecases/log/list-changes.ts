// One page of the change feed, of one mailbox or of all: the changes of the mailboxes are merged by their keys, then their records are read.
import pLimit from 'p-limit';
import { type FeedRound, type FeedStart, feedKey, isExpired, roundOf } from '../../domain/log/change-feed.ts';
import { matches, type SendRequestFilter } from '../../domain/log/filter.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { ChangeFeed, ChangeQuery, ChangeRow } from '../../ports/change-feed.ts';
import type { SendRequestList } from '../../ports/send-request-list.ts';
import { listSendRequests } from './list-send-requests.ts';

/** Mailboxes that are asked at the same time. */
const CONCURRENCY = 8;
/** Of one mailbox among many, so many changes are read for a page: a page may be short, and the next one goes on. */
const OF_EACH = 50;

export interface ChangesQuery {
  filter: SendRequestFilter;
  top: number;
  feed: FeedStart;
}

export interface ChangesPage {
  records: SendRequestRecord[];
  /** Where the next page of this round begins. Absent: the round is over. */
  next?: FeedRound;
  /** Where the next round begins, if this one is over. */
  since?: number;
}

export interface ChangesContext {
  feed: ChangeFeed;
  now: number;
  /** How long records are kept. */
  retentionMs: number;
}

type RoundPage = Pick<ChangesPage, 'records' | 'next'>;

/** Records that an earlier version wrote last, newest first. */
async function olderPage({ feed }: ChangesContext, { filter, top }: ChangesQuery, round: FeedRound): Promise<RoundPage> {
  const { from, until, after } = round;
  const older: SendRequestList = {
    page: (mailbox, query) => feed.older(mailbox, query, { from, until }),
    mailboxes: () => feed.olderMailboxes(),
  };
  const { modifiedFrom: _, ...rest } = filter;
  const { records, next } = await listSendRequests(older, { filter: rest, top, ...(after !== undefined && { after }) });
  return { records, next: next === undefined ? { from, until } : { ...round, after: next } };
}

interface Merged {
  rows: ChangeRow[];
  /** Up to this key everything has been read; absent: there is no more. */
  next?: string;
}

/** The first `top` changes of all, and nothing beyond the point up to which every mailbox has been read. */
function merged(pages: readonly ChangeRow[][], read: number, top: number): Merged {
  const ends = pages.flatMap((page) => (page.length === read ? [(page.at(-1) as ChangeRow).key] : []));
  const horizon = ends.sort()[0];
  const rows = pages.flat().filter(({ key }) => horizon === undefined || key <= horizon);
  rows.sort((a, b) => (a.key < b.key ? -1 : 1));
  if (rows.length > top) return { rows: rows.slice(0, top), next: (rows[top - 1] as ChangeRow).key };
  return { rows, ...(horizon !== undefined && { next: horizon }) };
}

/** A record that has changed again comes in a later round, at its new place. */
const isStill = (record: SendRequestRecord, keys: ReadonlySet<string>): boolean =>
  keys.has(feedKey(Date.parse(record.lastModifiedDateTime), record.id));

async function changesPage({ feed }: ChangesContext, { filter, top }: ChangesQuery, round: FeedRound): Promise<RoundPage> {
  const { from, until, after } = round;
  const mailboxes = filter.mailbox === undefined ? await feed.changedMailboxes(from) : [filter.mailbox];
  const read = mailboxes.length === 1 ? top + 1 : Math.min(top + 1, OF_EACH);
  const query: ChangeQuery = { from, until, top: read, ...(after !== undefined && { after }) };
  const pages = await pLimit(CONCURRENCY).map(mailboxes, (mailbox) => feed.changes(mailbox, query));
  const { rows, next } = merged(pages, read, top);
  const wanted = rows.filter(({ application }) => filter.application === undefined || application === filter.application);
  const keys = new Set(wanted.map(({ key }) => key));
  const records = (await feed.records(wanted)).filter((record) => isStill(record, keys) && matches(filter, record));
  return { records, ...(next !== undefined && { next: { from, until, after: next } }) };
}

/** Rows of earlier versions come first, as long as some of the round's time may have been written by one. */
async function beginning({ feed, now }: ChangesContext, start: FeedStart): Promise<FeedRound> {
  const round = roundOf(start, now);
  if (start.kind === 'within' || round.from >= (await feed.completeFrom())) return round;
  return { ...round, isOlder: true };
}

/** Undefined: the link has expired. */
export async function listChanges(context: ChangesContext, query: ChangesQuery): Promise<ChangesPage | undefined> {
  if (isExpired(query.feed, context.now, context.retentionMs)) return undefined;
  const round = await beginning(context, query.feed);
  const page = round.isOlder ? await olderPage(context, query, round) : await changesPage(context, query, round);
  return page.next ? page : { records: page.records, since: round.until };
}
