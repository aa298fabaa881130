// The change feed: send requests in the order in which the log was last written for them, in rounds that leave no gap.
import { type Checked, ok, type Problem, refused } from '../content/problem.ts';
import type { SendRequestFilter } from './filter.ts';
import { fnv1a, isSortKey, newestFirst } from './send-request-id.ts';

/** A transaction has the time at which it was sent. It may land later, by so much at most. */
const LANDING = {
  /** The client of Table Storage ends a call after this time. */
  callMs: 10_000,
  /** https://learn.microsoft.com/rest/api/storageservices/setting-timeouts-for-table-service-operations: the service may still carry it out. */
  serviceMs: 30_000,
  /** The clocks of the instance that writes and of the one that reads, each 10 s off. */
  clocksMs: 20_000,
} as const;

/** A round ends so long before now: nothing that was written before its end can still arrive. */
export const FEED_MARGIN_MS = LANDING.callMs + LANDING.serviceMs + LANDING.clocksMs;

/** Where a round is. It covers what was written from `from` (inclusive) until `until` (exclusive), milliseconds since 1970. */
export interface FeedRound {
  from: number;
  until: number;
  /** Key of the last change of the page before. */
  after?: string;
  /** It still reads records that an earlier version wrote last, which have no place in the order; then `after` is a sort key. */
  isOlder?: true;
}

/** How a request for the feed begins. `from` absent: with everything that there is. */
export type FeedStart =
  | { kind: 'begin'; from?: number }
  | { kind: 'latest' }
  | { kind: 'since'; from: number }
  | { kind: 'within'; round: FeedRound };

const TIME_DIGITS = 17;

/** 17 digits: `2026-01-31T08:00:00.000Z` without all that is no digit. */
export const feedTime = (ms: number): string => new Date(ms).toISOString().replace(/[^0-9]/g, '');

/** The place of a change in the order: its time, and for changes of the same millisecond the sort key of the send request. */
export const feedKey = (ms: number, id: string): string => `${feedTime(ms)}!${newestFirst(id)}`;

const isFeedKey = (text: string): boolean => new RegExp(`^\\d{${TIME_DIGITS}}!`).test(text) && isSortKey(text.slice(TIME_DIGITS + 1));

/** What only an index knows cannot be compared in the order of changes. */
export function refusedInFeed({ recipient, internetMessageId }: SendRequestFilter): Problem | undefined {
  const name = recipient !== undefined ? 'recipient' : internetMessageId !== undefined ? 'internetMessageId' : undefined;
  return name === undefined
    ? undefined
    : {
        status: 400,
        code: 'BadRequest',
        message: `A list by lastModifiedDateTime cannot be filtered by ${name}. Leave one of the two out.`,
      };
}

/** The round that a request begins or goes on with. */
export function roundOf(start: FeedStart, nowMs: number): FeedRound {
  if (start.kind === 'within') return start.round;
  const horizon = nowMs - FEED_MARGIN_MS;
  const from = start.kind === 'latest' ? horizon : Math.max(start.from ?? 0, 0);
  return { from, until: Math.max(from, horizon) };
}

/** A link is good for as long as records are kept: what a change after it says cannot have been deleted yet. */
export function isExpired(start: FeedStart, nowMs: number, retentionMs: number): boolean {
  if (start.kind === 'since') return nowMs - start.from > retentionMs;
  return start.kind === 'within' && nowMs - start.round.until > retentionMs;
}

/** Graph's code: https://learn.microsoft.com/graph/delta-query-overview#synchronization-reset */
export const linkExpired = (): Problem => ({
  status: 410,
  code: 'syncStateNotFound',
  message:
    'This link is older than the send requests that are kept (LOG_RETENTION), so changes may be missing. Start again without it: $orderby=lastModifiedDateTime reads everything; forget what it does not return.',
});

/**
 * Tokens are opaque to callers. They say where to go on, and give no access to anything: whoever uses one needs the same rights as
 * without it. So check characters suffice. They are bound to the list and its filter. `1` is the version.
 */
const DELTA = /^d1-([0-9a-z]{1,10})-([0-9a-z]{14})$/;
const WITHIN = /^c1-([ot])-([0-9a-z]{1,10})-([0-9a-z]{1,10})-([0-9a-z!]{0,60})-([0-9a-z]{14})$/;

/** The end of the year 9999: no $filter can name a later time. */
const MAXIMUM_MS = 253_402_300_799_999;

function checkOf(body: string, scope: string): string {
  const part = (salt: string): string => fnv1a(`${salt}\n${body}\n${scope}`).toString(36).padStart(7, '0');
  return part('a') + part('b');
}

const withCheck = (body: string, scope: string): string => `${body}-${checkOf(body, scope)}`;

const hasCheck = (token: string, scope: string): boolean => withCheck(token.slice(0, token.lastIndexOf('-')), scope) === token;

/** `scope`: the list that the token is for, with its filter. */
export const deltaTokenOf = (from: number, scope: string): string => withCheck(`d1-${from.toString(36)}`, scope);

export function feedSkipTokenOf({ from, until, after = '', isOlder }: FeedRound, scope: string): string {
  return withCheck(`c1-${isOlder ? 'o' : 't'}-${from.toString(36)}-${until.toString(36)}-${after}`, scope);
}

const changedLink = (option: string, link: string): Problem => ({
  status: 400,
  code: 'BadRequest',
  message: `Invalid ${option}: use ${link} unchanged, with the $filter that it has, on the same list.`,
});

const isTime = (ms: number): boolean => ms <= MAXIMUM_MS;

export function readDeltaToken(token: string, scope: string): Checked<FeedStart> {
  if (token === 'latest') return ok({ kind: 'latest' });
  const match = DELTA.exec(token);
  const from = Number.parseInt(match?.[1] ?? '', 36);
  return match && hasCheck(token, scope) && isTime(from)
    ? ok({ kind: 'since', from })
    : refused(changedLink('$deltatoken', '@odata.deltaLink'));
}

export const isFeedSkipToken = (token: string): boolean => token.startsWith('c1-');

export function readFeedSkipToken(token: string, scope: string): Checked<FeedStart> {
  const [match, phase, from36 = '', until36 = '', after = ''] = WITHIN.exec(token) ?? [];
  const [from, until] = [Number.parseInt(from36, 36), Number.parseInt(until36, 36)];
  const isOlder = phase === 'o';
  const isKey = after === '' || (isOlder ? isSortKey(after) : isFeedKey(after));
  if (match === undefined || !hasCheck(token, scope) || !isTime(from) || !isTime(until) || !isKey)
    return refused(changedLink('$skiptoken', '@odata.nextLink'));
  return ok({ kind: 'within', round: { from, until, ...(after !== '' && { after }), ...(isOlder && { isOlder }) } });
}
