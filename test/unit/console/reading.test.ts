// What the API answers, as the console takes it: rows of other versions, problems, plans and numbers, and nothing that breaks the page.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bulkOf, doneInWords, mayCancel, mayResend, previewInWords, resendOrder } from '../../../shared/console/act/orders.ts';
import { pausedInWords, pausesOf } from '../../../shared/console/act/pauses.ts';
import { plannedOf } from '../../../shared/console/act/planned.ts';
import { pageOf, sendRequestOf } from '../../../shared/console/api/send-request.ts';
import { TROUBLE_WORDS, troubleOf } from '../../../shared/console/api/trouble.ts';
import { activityOf } from '../../../shared/console/overview/activity.ts';
import { chartOf, roundUp } from '../../../shared/console/overview/bars.ts';
import { limitInWords, limitsData, mostUsedFirst } from '../../../shared/console/overview/limits.ts';
import { overviewOf, reasonInWords } from '../../../shared/console/overview/overview.ts';

const RECORD = { id: 'x', mailbox: 'ada@contoso.com', status: 'sent' };

describe('a send request', () => {
  test('of an older version is shown as far as it goes', () => {
    expect(sendRequestOf(RECORD)).toMatchObject({ ...RECORD, attempts: 0, recipients: [], events: [], counts: {} });
    expect(
      sendRequestOf({ ...RECORD, recipients: [{}], events: [{}], error: {}, recipientCounts: { total: '3', failed: 1 } }),
    ).toMatchObject({
      recipients: [{ address: '(no address)', type: 'to' }],
      events: [{ type: 'unknown', dateTime: '' }],
      error: undefined,
      counts: { failed: 1 },
    });
  });

  test('is read whatever is answered', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const reader of [sendRequestOf, pageOf, pausesOf, bulkOf, activityOf, overviewOf, limitsData, plannedOf]) reader(value);
      }),
      { seed: 21 },
    );
  });

  test('comes with the token of the next page', () => {
    const link = 'https://mail.example.com/v1.0/sendRequests?%24top=50&%24skiptoken=p1-abc';
    expect(pageOf({ value: [RECORD], '@odata.nextLink': link })).toMatchObject({ requests: [RECORD], next: 'p1-abc' });
    expect(pageOf({ value: [] })).toEqual({ requests: [], next: undefined });
  });
});

describe('a problem', () => {
  const envelope = (message: string) => ({ error: { code: 'x', message, innerError: { 'request-id': 'r' } } });

  test.each([
    [400, 'Invalid filter clause: it ends too early.', 'wrongInput'],
    [400, "Resource not found for the segment 'activity'.", 'notInThisVersion'],
    [401, 'Lifetime validation failed, the token is expired.', 'signInExpired'],
    [403, 'Access is denied.', 'noRole'],
    [404, 'Not found.', 'notFound'],
    [409, 'The send request is sent.', 'conflict'],
    [429, 'Too many.', 'tooMuch'],
    [500, 'Bug.', 'unexpected'],
    [503, 'Out of reach.', 'unavailable'],
  ] as const)('%i, %j is %s, in words and with what to do', (status, message, kind) => {
    expect(troubleOf(status, envelope(message), null)).toEqual({ kind, message, requestId: 'r' });
    expect(TROUBLE_WORDS[kind].advice).toMatch(/\.$/);
  });

  test('is one too if nothing can be read of it', () => {
    expect(troubleOf(502, undefined, '3')).toEqual({ kind: 'unexpected', retryAfter: 3 });
  });
});

describe('an action', () => {
  const request = (status: string, action?: string) =>
    sendRequestOf({ ...RECORD, status, recipients: [{ address: 'a@example.com', action }] });

  test('is offered in the states that allow it', () => {
    expect(['queued', 'deferred', 'submitting', 'sent'].filter((status) => mayCancel(request(status)))).toEqual(['queued', 'deferred']);
    expect(mayResend(request('rejected'))).toBe(true);
    expect(mayResend(request('sent'))).toBe(false);
    expect(mayResend(request('sent', 'failed'))).toBe(true);
    expect(mayResend({ ...request('failed'), resentAs: 'y' })).toBe(false);
    const sentAgain = { ...RECORD, recipients: [{ address: 'a@example.com', action: 'failed', resentAs: 'y' }] };
    expect(mayResend(sendRequestOf(sentAgain))).toBe(false);
  });

  test('names the recipients as the API takes them', () => {
    expect(resendOrder('failed')).toEqual({ recipients: 'failed' });
    expect(resendOrder({ address: 'b@example.com', replaces: 'a@example.com' })).toEqual({
      recipients: [{ address: 'b@example.com', replaces: 'a@example.com' }],
    });
  });

  test('by filter says what it would do, and what it has done', () => {
    const preview = bulkOf({
      matched: 2,
      next: 'p2',
      leftOut: 1,
      value: [
        { ...RECORD, possible: true },
        { ...RECORD, possible: false },
      ],
    });
    expect(previewInWords('resend', preview)).toBe(
      'It would send again 1 send request. For 1 send request it is not possible. There are more after these. 1 send request is left out: decide on each by itself.',
    );
    expect(previewInWords('cancel', bulkOf({}))).toBe('There is nothing to cancel.');
    expect(doneInWords('cancel', bulkOf({ matched: 2, done: 1 }))).toBe(
      '1 send request cancelled. For 1 send request nothing was done: it was not possible, or no longer.',
    );
  });

  test('the dry run of a resend says who would get the mail, and from where its content comes', () => {
    const recipients = [{ address: 'b@example.com', replaces: 'a@example.com' }, { address: 'c@example.com' }];
    expect(plannedOf({ dryRun: true, possible: true, content: 'copy', recipients })).toEqual([
      'A new mail goes to b@example.com, in place of a@example.com',
      'A new mail goes to c@example.com',
      'Its content comes from its copy in Sent Items.',
    ]);
    expect(plannedOf({ content: 'toString' })).toEqual([]);
  });

  test('a pause is named by what it holds', () => {
    const [mailbox, everything, other] = pausesOf({
      value: [{ id: 'mailbox:a', scope: 'mailbox', name: 'a@contoso.com' }, { scope: 'everything' }, { scope: 'planet', name: 'x' }],
    });
    expect([mailbox, everything, other].map((pause) => pausedInWords(pause!))).toEqual([
      'The mailbox a@contoso.com',
      'Everything',
      'planet x',
    ]);
  });
});

describe('the chart', () => {
  test('has round lines, and bars of the height of their numbers', () => {
    expect([0, 1, 3, 7, 12, 501].map(roundUp)).toEqual([1, 1, 5, 10, 20, 1000]);
    const chart = chartOf([{ at: '2026-08-20T10:00:00Z', enqueued: 10, sent: 5, failed: 0 }], 100, 50);
    expect(chart.bars.map(({ series, height }) => [series, height])).toEqual([
      ['enqueued', 50],
      ['sent', 25],
      ['failed', 0],
    ]);
    expect(chart.lines.map(({ value }) => value)).toEqual([0, 5, 10]);
    expect(chartOf([], 100, 50).bars).toEqual([]);
  });
});

describe('the overview', () => {
  test('says what waits and why, and what needs a person', () => {
    const { waiting, attention, unreadable } = overviewOf({
      waiting: { counts: [{ status: 'deferred', reason: 'ErrorServerBusy', count: 3 }], isMore: true },
      attention: [
        { kind: 'partlyFailed', count: 2, isMore: false, examples: [RECORD] },
        { kind: 'novel', meaning: 'something new', count: 1 },
      ],
      unreadable: { count: 1, examples: [{ mailbox: 'ada@contoso.com', error: 'ErrorAccessDenied' }] },
    });
    expect(waiting).toEqual({ rows: [{ status: 'deferred', reason: 'ErrorServerBusy', count: 3 }], isMore: true });
    expect(attention.map(({ name, search }) => [name, search])).toEqual([
      ['Some recipient failed', { failures: 'yes' }],
      ['something new', undefined],
    ]);
    expect(unreadable.count).toBe(1);
    expect(reasonInWords('turn')).toBe('its turn');
    expect(reasonInWords('mailbox:ada@contoso.com')).toBe('a pause: mailbox:ada@contoso.com');
    expect(reasonInWords('ErrorServerBusy')).toBe('after ErrorServerBusy');
  });
});

describe('limits', () => {
  const limit = (used: number, left: number) => ({ limit: 100, used, left });

  test('come with the mailboxes first of which least is left', () => {
    const { counted, mailboxes, tenant } = limitsData({
      counted: true,
      tenant: { externalRecipientsPerDay: limit(10, 90) },
      value: [
        { mailbox: 'a', messagesPerMinute: limit(0, 100), recipientsPerDay: limit(20, 80) },
        { mailbox: 'b', messagesPerMinute: limit(0, 100), recipientsPerDay: limit(100, 0) },
      ],
    });
    expect({ counted, tenant }).toEqual({ counted: true, tenant: { name: 'External recipients a day', limit: 100, used: 10, left: 90 } });
    expect(mostUsedFirst(mailboxes).map(({ mailbox }) => mailbox)).toEqual(['b', 'a']);
    expect(limitInWords(mailboxes[0]!.limits[1]!)).toBe('20 of 100 used, 80 left');
    expect(limitsData({ counted: false })).toEqual({ counted: false, mailboxes: [], tenant: undefined });
  });
});
