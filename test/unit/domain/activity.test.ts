// Activity: which events count as what, which hours are asked for, and their sums.
import { describe, expect, test } from 'vitest';
import { ACTIVITIES, activityCountsOf, activityRange, hourOf, noActivity, sumOfHours } from '../../../shared/domain/log/activity.ts';
import type { State } from '../../../shared/domain/log/lifecycle.ts';

const NOW = Date.parse('2026-01-31T08:20:00Z');
const HOUR = 3_600_000;

describe('a write counts', () => {
  test.each<[State, string[], object]>([
    ['queued', ['enqueued'], { enqueued: 1 }],
    ['accepted', ['enqueued', 'submissionAccepted'], { enqueued: 1, accepted: 1 }],
    ['created', ['draftCreated'], { accepted: 1 }],
    ['accepted', ['foundInMailbox'], { accepted: 1 }],
    ['sent', ['foundInSentItems'], { sent: 1 }],
    ['rejected', ['submissionRefused'], { failed: 1 }],
    ['expired', ['lifetimeExpired'], { failed: 1 }],
    ['deadLettered', ['deadLettered'], { failed: 1 }],
    ['sent', ['recipientFailed'], { recipientsFailed: 1 }],
    ['failed', ['recipientFailed', 'recipientFailed'], { recipientsFailed: 2, failed: 1 }],
    ['deferred', ['submissionThrottled'], { held: 1 }],
    ['queued', ['submissionHeld'], { held: 1 }],
    ['submitting', ['submissionStarted', 'anotherVersion'], {}],
  ])('in state %s %j', (status, types, counts) => {
    expect(
      activityCountsOf(
        status,
        types.map((type) => ({ type })),
      ),
    ).toEqual({ ...noActivity(), ...counts });
  });
});

test('the hours of a range are all there, with the sums of all processes', () => {
  const from = hourOf(NOW);
  const one = { ...noActivity(), sent: 2 };
  const rows = [from, from, from + HOUR, from - HOUR].map((hour) => ({ hour, counts: one }));
  const sums = sumOfHours(from, from + 3 * HOUR, rows);
  expect(sums.map(({ hour, counts }) => [hour - from, counts.sent])).toEqual([
    [0, 4],
    [HOUR, 2],
    [2 * HOUR, 0],
  ]);
  expect(Object.keys(sums[0]?.counts ?? {})).toEqual([...ACTIVITIES]);
});

describe('a range', () => {
  const at = (text: string) => Date.parse(text);

  test('is of whole hours, a day if nothing else is said', () => {
    expect(activityRange({}, NOW)).toEqual({ ok: true, value: { from: at('2026-01-30T08:00:00Z'), until: at('2026-01-31T09:00:00Z') } });
    const asked = { from: '2026-01-01T00:30:00+01:00', to: '2026-01-02T00:00:00Z' };
    expect(activityRange(asked, NOW)).toEqual({ ok: true, value: { from: at('2025-12-31T23:00:00Z'), until: at('2026-01-02T00:00:00Z') } });
  });

  test.each([
    [{ from: 'yesterday' }, "Invalid value 'yesterday' for from"],
    [{ to: '2026-13-01T00:00:00Z' }, 'for to: expected a time such as'],
    [{ from: '2026-01-31T00:00:00Z', to: '2026-01-30T00:00:00Z' }, 'from must be before to'],
    [{ from: '2026-01-31T08:20:00Z' }, 'from must be before to'],
    [{ from: '2025-12-31T08:19:59Z' }, 'At most 31 days'],
  ])('%j is refused', (asked, why) => {
    expect(activityRange(asked, NOW)).toMatchObject({ ok: false, problem: { status: 400, message: expect.stringContaining(why) } });
  });
});
