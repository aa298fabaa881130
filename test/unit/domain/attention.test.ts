// What waits and why, and what needs a person.
import { expect, test } from 'vitest';
import { ATTENTION_KINDS, attentionOf, attentionRow, countWaiting, waitingOf } from '../../../shared/domain/log/attention.ts';
import { matches } from '../../../shared/domain/log/filter.ts';
import { parseFilter } from '../../../shared/domain/log/parse-filter.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { record } from '../../support/samples.ts';

const NOW = Date.parse('2026-01-31T08:00:00Z');
const of = (more: Partial<SendRequestRecord>) => record('ada@contoso.com', more);
const failed = (count: number) => ({ ...of({}).recipientCounts, total: 2, failed: count });

test.each<[Partial<SendRequestRecord>, string[]]>([
  [{ status: 'queued' }, []],
  [{ status: 'unaccounted' }, ['unaccounted']],
  [{ status: 'deadLettered' }, ['deadLettered']],
  [{ status: 'inDoubt' }, ['longInDoubt']],
  [{ status: 'sent', recipientCounts: failed(1) }, ['partlyFailed']],
  [{ status: 'unaccounted', recipientCounts: failed(1) }, ['unaccounted', 'partlyFailed']],
  [{ status: 'failed', recipientCounts: failed(2) }, []],
])('%j needs %j', (more, kinds) => {
  expect(attentionOf(of(more))).toEqual(kinds);
});

test('the filter of each kind lists what needs it', () => {
  for (const kind of ATTENTION_KINDS) {
    const { filter, asks } = attentionRow(kind);
    expect(parseFilter(filter)).toEqual({ ok: true, value: asks });
  }
  for (const one of [of({ status: 'unaccounted' }), of({ status: 'sent', recipientCounts: failed(1) }), of({ status: 'inDoubt' })])
    for (const kind of attentionOf(one)) expect(matches(attentionRow(kind).asks, one)).toBe(true);
});

test('a doubt needs a person after an hour', () => {
  const { isLong } = attentionRow('longInDoubt');
  const since = (ms: number) => new Date(NOW - ms).toISOString();
  expect(isLong?.(of({ doubt: { since: since(3_600_000), graceUntil: since(0) } }), NOW)).toBe(false);
  expect(isLong?.(of({ doubt: { since: since(3_600_001), graceUntil: since(0) } }), NOW)).toBe(true);
  expect(isLong?.(of({ lastModifiedDateTime: since(3_600_001) }), NOW)).toBe(true);
});

test.each<[Partial<SendRequestRecord>, string]>([
  [{}, 'turn'],
  [{ sendAt: '2026-02-01T08:00:00Z', nextAttemptDateTime: '2026-02-01T08:00:00Z' }, 'sendAt'],
  [{ sendAt: '2026-01-01T08:00:00Z', nextAttemptDateTime: '2026-02-01T08:00:00Z' }, 'turn'],
  [{ heldBy: 'everything' }, 'everything'],
  [{ status: 'deferred', heldBy: 'everything', error: { code: 'ErrorServerBusy', message: 'busy' } }, 'ErrorServerBusy'],
  [{ status: 'deferred', heldBy: 'everything' }, 'everything'],
  [{ status: 'deferred' }, 'turn'],
  [{ status: 'submitting', heldBy: 'everything' }, 'answer'],
  [{ status: 'inDoubt' }, 'look'],
  [{ status: 'accepted' }, 'copy'],
])('%j waits for %s', (more, reason) => {
  expect(waitingOf(of(more))).toEqual({ status: more.status ?? 'queued', reason });
});

test('what waits is counted by state and reason, most first', () => {
  const turn = { status: 'queued', reason: 'turn' } as const;
  const busy = { status: 'deferred', reason: 'ErrorServerBusy' } as const;
  expect(countWaiting([turn, busy, busy])).toEqual([
    { ...busy, count: 2 },
    { ...turn, count: 1 },
  ]);
});
