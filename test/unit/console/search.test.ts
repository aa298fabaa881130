// The search of the console: what one box means, what stands in the URL, and which filter the API gets.
import { describe, expect, test } from 'vitest';
import { fragmentOf, placeOfFragment } from '../../../shared/console/place.ts';
import { filterOf, guess, queryOf, searchOf, searchProblem, withoutPage } from '../../../shared/console/search/fields.ts';
import { parseFilter } from '../../../shared/domain/log/parse-filter.ts';
import { makeSendRequestId } from '../../../shared/domain/log/send-request-id.ts';

const ID = makeSendRequestId(Date.parse('2026-08-20T10:00:00Z'), 'ada@contoso.com', new Uint8Array(14));

describe('one box', () => {
  test.each([
    [` ${ID.toUpperCase()} `, { id: ID }],
    ['<x@contoso.com>', { messageId: '<x@contoso.com>' }],
    ['customer@example.com', { recipient: 'customer@example.com' }],
    ['Invoice 4711', { subject: 'Invoice 4711' }],
    ['  ', {}],
  ])('takes %j for %j', (text, search) => {
    expect(guess(text)).toEqual(search);
  });
});

describe('a search', () => {
  const search = {
    recipient: "o'neill@example.com",
    mailbox: 'ada@contoso.com',
    application: '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001',
    subject: "it's a'b' <b>",
    messageId: '<a&b=c#d@contoso.com>',
    status: 'failed',
    failures: 'yes',
    from: '2026-08-20T10:00:00Z',
    until: '2026-08-21T10:00:00Z',
  };

  test('comes back out of its URL as it was', () => {
    expect(searchOf(new URLSearchParams(queryOf(search)))).toEqual(search);
    expect(placeOfFragment(fragmentOf({ view: 'find', search }))).toEqual({ view: 'find', search });
  });

  test('is a filter that the API reads, whatever stands in it', () => {
    const filter = parseFilter(filterOf(search));
    expect(filter).toMatchObject({
      ok: true,
      value: { recipient: search.recipient, mailbox: search.mailbox, internetMessageId: search.messageId, failedFrom: 1 },
    });
    expect(parseFilter(filterOf({ id: ID }))).toMatchObject({ ok: true });
  });

  test('that cannot be one is not sent', () => {
    expect(searchProblem(search)).toBeUndefined();
    expect(searchProblem({ id: ID.slice(1) })).toContain('28');
    expect(searchProblem({ status: 'lost' })).toContain('lost');
    expect(searchProblem({ from: 'yesterday' })).toContain('yesterday');
  });

  test('of an action has no page', () => {
    expect(withoutPage({ status: 'failed', after: 'p1-x' })).toEqual({ status: 'failed' });
  });
});

describe('a place', () => {
  test.each([
    ['', { view: 'overview' }],
    ['#/', { view: 'overview' }],
    ['#/pauses', { view: 'pauses' }],
    [`#/sendRequests/ada%2Bx%40contoso.com/${ID.toUpperCase()}`, { view: 'mail', mailbox: 'ada+x@contoso.com', id: ID }],
    ['#/sendRequests/ada@contoso.com', { view: 'unknown' }],
    ['#/sendRequests/%E0%A4%A/x', { view: 'unknown' }],
    ['#/else', { view: 'unknown' }],
  ])('%j is %j', (fragment, place) => {
    expect(placeOfFragment(fragment)).toEqual(place);
  });

  test('has one fragment', () => {
    for (const place of [{ view: 'overview' }, { view: 'pauses' }, { view: 'mail', mailbox: 'a/b?c#d@contoso.com', id: ID }] as const)
      expect(placeOfFragment(fragmentOf(place))).toEqual(place);
    expect(fragmentOf({ view: 'find', search: {} })).toBe('#/find');
  });
});
