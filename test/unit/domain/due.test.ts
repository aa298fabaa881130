// When the reconciler has to look at an open request by itself.

import { expect, test } from 'vitest';
import { after } from '../../../shared/domain/duration.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { awaitsMore, dueOf } from '../../../shared/domain/reconcile/due.ts';
import { record } from '../../support/samples.ts';

const CHANGED = '2026-01-15T08:30:00.000Z';
const NEXT = '2026-01-15T09:00:00.000Z';
const WINDOW = '2026-01-18T08:30:00.000Z';
const accepted = (copyLooks?: number): Partial<SendRequestRecord> => ({
  status: 'accepted',
  acceptedDateTime: CHANGED,
  reportWindowEnds: WINDOW,
  ...(copyLooks !== undefined && { copyLooks }),
});
const claim = { nonce: 'n', startedDateTime: CHANGED, callsUntil: NEXT, route: 'direct' } as const;

const CASES: [name: string, more: Partial<SendRequestRecord>, due: string | undefined][] = [
  ['queued: ten minutes after it was created', { status: 'queued' }, '2026-01-15T08:10:00.000Z'],
  ['queued for later: ten minutes after its time', { status: 'queued', nextAttemptDateTime: NEXT }, '2026-01-15T09:10:00.000Z'],
  ['deferred: ten minutes after its next attempt', { status: 'deferred', nextAttemptDateTime: NEXT }, '2026-01-15T09:10:00.000Z'],
  [
    'submitting: when it was due before its claim',
    { status: 'submitting', claim: { ...claim, dueDateTime: '2026-01-15T08:25:00.000Z' } },
    '2026-01-15T08:35:00.000Z',
  ],
  ['submitting by the claim of an earlier version: when the calls of the claim must be over', { status: 'submitting', claim }, NEXT],
  ['submitting without a claim: at once', { status: 'submitting' }, CHANGED],
  ['in doubt: since the doubt began', { status: 'inDoubt', doubt: { since: NEXT, graceUntil: NEXT } }, NEXT],
  ['in doubt without its beginning: at once', { status: 'inDoubt' }, CHANGED],
  ['accepted, nobody knows when: at the end of the report window', { status: 'accepted', reportWindowEnds: NEXT }, NEXT],
  ['accepted: ten minutes later, when its copy should have been seen', accepted(), '2026-01-15T08:40:00.000Z'],
  [
    'accepted within a minute of when it was due: ten minutes after that',
    { ...accepted(), claim: { ...claim, dueDateTime: '2026-01-15T08:29:00.000Z' } },
    '2026-01-15T08:39:00.000Z',
  ],
  [
    'accepted more than a minute after it was due: ten minutes later',
    { ...accepted(), claim: { ...claim, dueDateTime: '2026-01-15T08:28:59.999Z' } },
    '2026-01-15T08:40:00.000Z',
  ],
  [
    'accepted by a clock that is behind that of the attempt: ten minutes later',
    { ...accepted(), claim: { ...claim, dueDateTime: '2026-01-15T08:30:00.001Z' } },
    '2026-01-15T08:40:00.000Z',
  ],
  [
    'accepted soon after it was due, looked for once: an hour after it was accepted',
    { ...accepted(1), claim: { ...claim, dueDateTime: CHANGED } },
    '2026-01-15T09:30:00.000Z',
  ],
  ['accepted, looked for once: an hour after it was accepted', accepted(1), '2026-01-15T09:30:00.000Z'],
  ['accepted, looked for twice: six hours after', accepted(2), '2026-01-15T14:30:00.000Z'],
  ['accepted, looked for three times: a day after', accepted(3), '2026-01-16T08:30:00.000Z'],
  ['accepted, looked for often enough: at the end of the report window', accepted(4), WINDOW],
  ['accepted, with a short report window: at its end', { ...accepted(1), reportWindowEnds: NEXT }, NEXT],
  ['sent: at the end of the report window', { status: 'sent', reportWindowEnds: NEXT }, NEXT],
  ['sent with a copy to remove: at once', { status: 'sent', reportWindowEnds: NEXT, copyToRemove: true }, CHANGED],
  ['closed with a copy to remove: at once', { status: 'closed', copyToRemove: true }, CHANGED],
  ['failed with a copy to remove: at once', { status: 'failed', copyToRemove: true }, CHANGED],
  ['closed: never', { status: 'closed', reportWindowEnds: NEXT }, undefined],
  ['failed: never', { status: 'failed', reportWindowEnds: NEXT }, undefined],
  [
    'failed, its unwanted copy not seen: when it is looked for',
    { ...accepted(1), status: 'failed', saveToSentItems: false },
    '2026-01-15T09:30:00.000Z',
  ],
  ['failed, its unwanted copy looked for often enough: never', { ...accepted(4), status: 'failed', saveToSentItems: false }, undefined],
  ['failed, its unwanted copy found: never', { ...accepted(1), status: 'failed', saveToSentItems: false, copyId: 'x' }, undefined],
  ['failed before it was accepted: never', { status: 'failed', saveToSentItems: false }, undefined],
  ['rejected: never', { status: 'rejected' }, undefined],
  ['expired: never', { status: 'expired' }, undefined],
  ['cancelled: never', { status: 'cancelled' }, undefined],
  ['unaccounted: never', { status: 'unaccounted' }, undefined],
  ['deadLettered: never', { status: 'deadLettered' }, undefined],
  ['created: never', { status: 'created' }, undefined],
];

test.each(CASES)('%s', (_name, more, due) => {
  expect(dueOf(record('sender@contoso.com', { lastModifiedDateTime: CHANGED, ...more }))).toBe(due);
});

test('a mail that goes out at once is due at the same time from its creation until it is accepted', () => {
  const queued = record('sender@contoso.com', { status: 'queued' });
  const { createdDateTime: dueDateTime } = queued;
  const submitting: SendRequestRecord = { ...queued, status: 'submitting', claim: { ...claim, dueDateTime } };
  const since: SendRequestRecord = {
    ...submitting,
    status: 'accepted',
    acceptedDateTime: after(dueDateTime, 2_000),
    reportWindowEnds: WINDOW,
  };
  expect([submitting, since].map(dueOf)).toEqual([dueOf(queued), dueOf(queued)]);
});

test.each<[string, Partial<SendRequestRecord>, boolean]>([
  ['a mail on its way to Graph', { status: 'queued' }, true],
  ['a doubt', { status: 'inDoubt' }, true],
  ['an accepted mail: its copy', accepted(3), true],
  ['an accepted mail with a report window that ends before the first look: its copy', { ...accepted(), reportWindowEnds: CHANGED }, true],
  ['an accepted mail whose copy was looked for often enough: only the end', accepted(4), false],
  ['a sent mail: only the end', { status: 'sent', reportWindowEnds: NEXT }, false],
  ['a sent mail whose copy is to be removed: that', { status: 'sent', reportWindowEnds: NEXT, copyToRemove: true }, true],
  ['a failed mail whose copy is to be removed: that', { status: 'failed', copyToRemove: true }, true],
  ['a settled one: nothing', { status: 'closed', reportWindowEnds: NEXT }, false],
])('%s awaits more than the end of the report window: %s', (_name, more, awaits) => {
  expect(awaitsMore(record('sender@contoso.com', more))).toBe(awaits);
});
