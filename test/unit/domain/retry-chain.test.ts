// Which earlier attempt a client's own repeat belongs to.
import { describe, expect, test } from 'vitest';
import { attemptNumberOf, byAttempt, follows, mayAnswer, type RepeatedAttempt } from '../../../shared/domain/accept/retry-chain.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { newRecord } from '../../../shared/usecases/log/new-record.ts';
import { queueMessage } from '../../support/samples.ts';

const WINDOW = 900_000;
const at = (seconds: number): string => new Date(Date.parse('2026-01-15T08:00:00Z') + seconds * 1000).toISOString();
const accepted = (more: Partial<SendRequestRecord> = {}): SendRequestRecord => ({
  ...newRecord({ ...queueMessage('a@contoso.com'), createdDateTime: at(0), application: 'app', contentHash: 'h' }),
  ...more,
});
const repeat = (more: Partial<RepeatedAttempt> = {}): RepeatedAttempt => ({
  application: 'app',
  contentHash: 'h',
  number: 1,
  dateTime: at(3),
  ...more,
});
const answers = (record: Partial<SendRequestRecord>, one: Partial<RepeatedAttempt> = {}) =>
  mayAnswer(accepted(record), repeat(one), WINDOW);

describe('a send request answers a repeat', () => {
  test('of the same application and content, as often as the numbers rise', () => {
    expect(answers({})).toBe(true);
    expect(answers({ lastRetryAttempt: { number: 1, dateTime: at(2) } })).toBe(false);
    expect(answers({ lastRetryAttempt: { number: 1, dateTime: at(2) } }, { number: 2 })).toBe(true);
    expect(answers({ lastRetryAttempt: { number: 1, dateTime: at(2) } }, { number: 4 })).toBe(true);
  });

  test.each<[string, Partial<SendRequestRecord>]>([
    ['of another application', { application: 'other' }],
    ['of other content', { contentHash: 'other' }],
    ['with a key', { enqueued: true }],
    ['that was withdrawn', { enqueued: false }],
    ['that an operator resent', { resendOf: 'x' }],
    ['for another time', { sendAt: at(60) }],
  ])('but not one %s', (_, record) => {
    expect(answers(record)).toBe(false);
  });

  test('within the window after the last attempt', () => {
    expect(answers({}, { dateTime: at(900) })).toBe(true);
    expect(answers({}, { dateTime: at(901) })).toBe(false);
    expect(answers({ lastRetryAttempt: { number: 1, dateTime: at(800) } }, { number: 2, dateTime: at(1_700) })).toBe(true);
  });

  test('a client-request-id only narrows: two that differ are two requests, one that is missing says nothing', () => {
    expect(answers({ clientRequestId: 'a' }, { clientRequestId: 'b' })).toBe(false);
    expect(answers({ clientRequestId: 'a' }, { clientRequestId: 'a' })).toBe(true);
    expect(answers({ clientRequestId: 'a' })).toBe(true);
    expect(answers({}, { clientRequestId: 'b' })).toBe(true);
  });
});

test('a refused attempt is followed by its repeat for the same Send-At', () => {
  const refused = { number: 0, dateTime: at(0), sendAt: at(60) };
  expect(follows(repeat({ sendAt: at(60) }), refused, WINDOW)).toBe(true);
  expect(follows(repeat(), refused, WINDOW)).toBe(false);
});

test('the chain that has come furthest comes first', () => {
  const one = accepted();
  const two = accepted({ lastRetryAttempt: { number: 2, dateTime: at(1) } });
  expect([one, two].sort(byAttempt).map(attemptNumberOf)).toEqual([2, 0]);
});
