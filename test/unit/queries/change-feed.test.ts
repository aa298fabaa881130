// The change feed's rounds and links: where a round ends, what a link says, and which links are refused.
import { describe, expect, test } from 'vitest';
import {
  deltaTokenOf,
  FEED_MARGIN_MS,
  type FeedRound,
  type FeedStart,
  feedKey,
  feedSkipTokenOf,
  feedTime,
  isExpired,
  linkExpired,
  readDeltaToken,
  readFeedSkipToken,
  roundOf,
} from '../../../shared/domain/log/change-feed.ts';
import { readListOptions } from '../../../shared/domain/log/list-options.ts';
import { makeSendRequestId, newestFirst } from '../../../shared/domain/log/send-request-id.ts';

const NOW = Date.parse('2026-01-31T08:00:00Z');
const DAY = 86_400_000;
const ID = makeSendRequestId(NOW, 'ada@contoso.com', new Uint8Array(14));
const SCOPE = "ada@contoso.com\nstatus eq 'failed'";

describe('a round', () => {
  test('ends a minute before now: a write is sent with its time, and can land later', () => {
    expect(FEED_MARGIN_MS).toBe(60_000);
    expect(roundOf({ kind: 'begin' }, NOW)).toEqual({ from: 0, until: NOW - 60_000 });
    expect(roundOf({ kind: 'begin', from: NOW - DAY }, NOW)).toEqual({ from: NOW - DAY, until: NOW - 60_000 });
    expect(roundOf({ kind: 'since', from: NOW - DAY }, NOW)).toEqual({ from: NOW - DAY, until: NOW - 60_000 });
  });

  test('is empty if it begins later than that', () => {
    expect(roundOf({ kind: 'since', from: NOW }, NOW)).toEqual({ from: NOW, until: NOW });
    expect(roundOf({ kind: 'latest' }, NOW)).toEqual({ from: NOW - 60_000, until: NOW - 60_000 });
    expect(roundOf({ kind: 'begin', from: -1 }, NOW)).toEqual({ from: 0, until: NOW - 60_000 });
  });

  test('goes on where its link says', () => {
    const round = { from: 1, until: 2, after: 'x' };
    expect(roundOf({ kind: 'within', round }, NOW)).toBe(round);
  });
});

test('a link is good for as long as records are kept', () => {
  const within = (until: number): FeedStart => ({ kind: 'within', round: { from: 0, until } });
  expect(isExpired({ kind: 'since', from: NOW - 90 * DAY }, NOW, 90 * DAY)).toBe(false);
  expect(isExpired({ kind: 'since', from: NOW - 90 * DAY - 1 }, NOW, 90 * DAY)).toBe(true);
  expect(isExpired(within(NOW - 90 * DAY), NOW, 90 * DAY)).toBe(false);
  expect(isExpired(within(NOW - 90 * DAY - 1), NOW, 90 * DAY)).toBe(true);
  expect(isExpired({ kind: 'begin' }, NOW, 90 * DAY)).toBe(false);
  expect(linkExpired()).toMatchObject({ status: 410, code: 'syncStateNotFound', message: expect.stringContaining('Start again') });
});

test('keys are in the order of time, then of send requests', () => {
  expect(feedTime(NOW)).toBe('20260131080000000');
  expect(feedKey(NOW, ID)).toBe(`20260131080000000!${newestFirst(ID)}`);
  expect(feedKey(NOW, ID) < feedKey(NOW + 1, ID)).toBe(true);
});

describe('a link', () => {
  const rounds: FeedRound[] = [
    { from: 0, until: NOW },
    { from: NOW - DAY, until: NOW, after: feedKey(NOW - 1, ID) },
    { from: 0, until: NOW, after: newestFirst(ID), isOlder: true },
    { from: 0, until: NOW, isOlder: true },
  ];

  test('says where to go on', () => {
    expect(readDeltaToken(deltaTokenOf(NOW, SCOPE), SCOPE)).toEqual({ ok: true, value: { kind: 'since', from: NOW } });
    expect(readDeltaToken('latest', SCOPE)).toEqual({ ok: true, value: { kind: 'latest' } });
    for (const round of rounds)
      expect(readFeedSkipToken(feedSkipTokenOf(round, SCOPE), SCOPE)).toEqual({ ok: true, value: { kind: 'within', round } });
  });

  test('of the latest time that a filter can name is read too', () => {
    const last = Date.parse('9999-12-31T23:59:59.999Z');
    expect(readDeltaToken(deltaTokenOf(last, SCOPE), SCOPE)).toMatchObject({ ok: true });
    expect(readDeltaToken(deltaTokenOf(last + 1, SCOPE), SCOPE)).toMatchObject({ ok: false });
    expect(readFeedSkipToken(feedSkipTokenOf({ from: last + 1, until: 0 }, SCOPE), SCOPE)).toMatchObject({ ok: false });
    expect(readFeedSkipToken(feedSkipTokenOf({ from: 0, until: last + 1 }, SCOPE), SCOPE)).toMatchObject({ ok: false });
  });

  test('is refused if any character of it is another one, on another list, and with another filter', () => {
    const refusal = { ok: false, problem: { status: 400, message: expect.stringContaining('unchanged') } };
    const delta = deltaTokenOf(NOW, SCOPE);
    const skip = feedSkipTokenOf(rounds[1] as FeedRound, SCOPE);
    for (let place = 0; place < delta.length; place++) {
      const other = delta[place] === '7' ? '8' : '7';
      expect(readDeltaToken(delta.slice(0, place) + other + delta.slice(place + 1), SCOPE)).toMatchObject(refusal);
    }
    for (let place = 0; place < skip.length; place++) {
      const other = skip[place] === '7' ? '8' : '7';
      expect(readFeedSkipToken(skip.slice(0, place) + other + skip.slice(place + 1), SCOPE)).toMatchObject(refusal);
    }
    for (const token of ['', 'd1-', 'd2-1-00000000000000', `${delta}0`]) expect(readDeltaToken(token, SCOPE)).toMatchObject(refusal);
    expect(readDeltaToken(delta, 'bob@contoso.com\n')).toMatchObject(refusal);
    expect(readFeedSkipToken(skip, `${SCOPE} `)).toMatchObject(refusal);
  });

  test('with a key of the other kind is refused, even if its check characters fit', () => {
    for (const round of [
      { from: 0, until: NOW, after: newestFirst(ID) },
      { from: 0, until: NOW, after: feedKey(NOW, ID), isOlder: true as const },
    ])
      expect(readFeedSkipToken(feedSkipTokenOf(round, SCOPE), SCOPE)).toMatchObject({ ok: false });
  });
});

describe('the options of a list', () => {
  const read = (options: Record<string, string>) => readListOptions(Object.entries(options), 'ada@contoso.com');

  test('ask for the feed by order, by time or by link', () => {
    expect(read({ $orderby: 'lastModifiedDateTime' })).toMatchObject({ ok: true, value: { feed: { kind: 'begin' } } });
    expect(read({ $orderby: ' lastModifiedDateTime  asc' })).toMatchObject({ ok: true, value: { feed: { kind: 'begin' } } });
    expect(read({ $filter: 'lastModifiedDateTime ge 2026-01-31T08:00:00Z' })).toMatchObject({
      ok: true,
      value: { feed: { kind: 'begin', from: NOW }, filter: { modifiedFrom: NOW } },
    });
    expect(read({ $deltatoken: 'latest' })).toMatchObject({ ok: true, value: { feed: { kind: 'latest' } } });
    const scope = "ada@contoso.com\nstatus eq 'failed'";
    const $filter = "status eq 'failed'";
    expect(read({ $filter, $deltatoken: deltaTokenOf(NOW, scope) })).toMatchObject({ ok: true, value: { feed: { kind: 'since' }, scope } });
    const $skiptoken = feedSkipTokenOf({ from: 0, until: NOW }, scope);
    expect(read({ $filter, $skiptoken })).toMatchObject({ ok: true, value: { feed: { kind: 'within' } } });
  });

  test('ask for the usual order by its name', () => {
    expect(read({ $orderby: 'createdDateTime desc' })).toMatchObject({ ok: true, value: { filter: {} } });
    expect(read({ $orderby: 'createdDateTime desc' })).not.toHaveProperty('value.feed');
  });

  test.each<[Record<string, string>, string]>([
    [{ $orderby: 'subject' }, "Invalid value 'subject' for $orderby: there are createdDateTime desc, lastModifiedDateTime"],
    [{ $orderby: 'lastModifiedDateTime desc' }, '$orderby'],
    [{ $orderby: 'lastModifiedDateTime', $filter: "recipient eq 'a@b.c'" }, 'cannot be filtered by recipient'],
    [{ $orderby: 'lastModifiedDateTime', $filter: "internetMessageId eq '<a@b>'" }, 'cannot be filtered by internetMessageId'],
    [{ $deltatoken: 'd1-0-0' }, 'Invalid $deltatoken'],
    [{ $orderby: 'lastModifiedDateTime', $skiptoken: `p1-${newestFirst(ID)}` }, 'Invalid $skiptoken'],
    [{ $filter: 'lastModifiedDateTime ge 2026-01-31T08:00:00Z', $skiptoken: `p1-${newestFirst(ID)}` }, 'Invalid $skiptoken'],
  ])('%o is refused', (options, why) => {
    const options_ = read(options);
    expect(options_).toMatchObject({ ok: false, problem: { status: 400, message: expect.stringContaining(why) } });
  });
});
