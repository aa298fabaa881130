// Vouching: which copy counts for which send request.

import { describe, expect, test } from 'vitest';
import {
  copyMayBeLate,
  doubtIsOfSubmission,
  draftIsOfSubmission,
  isBeingSubmitted,
  type MailboxCopy,
  mayVouchInDoubt,
  namedRequest,
  tieOf,
} from '../../../shared/domain/doubt/copies.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { newId, record } from '../../support/samples.ts';

const MAILBOX = 'sender@contoso.com';
const request = record(MAILBOX, { firstAttemptDateTime: '2026-01-15T08:10:00.000Z' });
const callers = record(MAILBOX, {
  internetMessageId: '<Invoice-4711@contoso.com>',
  callerSetMessageId: true,
  firstAttemptDateTime: '2026-01-15T08:10:00.000Z',
});
const copy = (more: Partial<MailboxCopy> = {}): MailboxCopy => ({
  id: 'copy-1',
  isDraft: false,
  createdDateTime: '2026-01-15T08:10:02.000Z',
  ...more,
});

describe('a copy', () => {
  test('with the mark of the request is its own, whatever its Message-ID, age and case', () => {
    const marked = copy({
      mark: request.id.toUpperCase(),
      internetMessageId: '<other@contoso.com>',
      createdDateTime: '2020-01-01T00:00:00Z',
    });
    expect(tieOf(marked, request)).toBe('mark');
  });

  test('with the mark of another request is never its own, even with its Message-ID', () => {
    expect(tieOf(copy({ mark: newId(MAILBOX), internetMessageId: request.internetMessageId }), request)).toBeUndefined();
    expect(tieOf(copy({ mark: request.id, internetMessageId: callers.internetMessageId }), callers)).toBeUndefined();
  });

  test('without a mark is tied by the Message-ID that we made', () => {
    expect(tieOf(copy({ internetMessageId: request.internetMessageId.toUpperCase() }), request)).toBe('messageId');
    expect(tieOf(copy({ internetMessageId: '<other@contoso.com>' }), request)).toBeUndefined();
    expect(tieOf(copy(), request)).toBeUndefined();
  });

  test('without a mark and with a Message-ID that the caller set is only shared', () => {
    expect(tieOf(copy({ internetMessageId: '<invoice-4711@CONTOSO.com>' }), callers)).toBe('shared');
  });

  test('that was created more than five minutes before the first attempt belongs to an earlier mail of that Message-ID', () => {
    const { internetMessageId } = callers;
    expect(tieOf(copy({ internetMessageId, createdDateTime: '2026-01-15T08:05:00.000Z' }), callers)).toBe('shared');
    expect(tieOf(copy({ internetMessageId, createdDateTime: '2026-01-15T08:04:59.999Z' }), callers)).toBeUndefined();
  });

  test('is compared with the creation of a request that was never attempted', () => {
    const waiting = record(MAILBOX, { internetMessageId: callers.internetMessageId, callerSetMessageId: true });
    const { internetMessageId } = waiting;
    expect(tieOf(copy({ internetMessageId, createdDateTime: '2026-01-15T07:54:00.000Z' }), waiting)).toBeUndefined();
    expect(tieOf(copy({ internetMessageId, createdDateTime: '2026-01-15T07:56:00.000Z' }), waiting)).toBe('shared');
  });

  test('names the request by its mark, or by a Message-ID of our making', () => {
    expect(namedRequest(copy({ mark: request.id.toUpperCase() }))).toBe(request.id);
    expect(namedRequest(copy({ internetMessageId: request.internetMessageId }))).toBe(request.id);
    expect(namedRequest(copy({ internetMessageId: '<invoice-4711@contoso.com>' }))).toBeUndefined();
    expect(namedRequest(copy())).toBeUndefined();
  });
});

test('accepted requests whose copy was not seen yet come before a doubtful one', () => {
  expect(mayVouchInDoubt(1, 0)).toBe(true);
  expect(mayVouchInDoubt(1, 1)).toBe(false);
  expect(mayVouchInDoubt(2, 1)).toBe(true);
  expect(mayVouchInDoubt(0, 0)).toBe(false);
});

test('the copy of an accepted request may be late for as long as the grace', () => {
  const accepted = record(MAILBOX, { status: 'accepted', acceptedDateTime: '2026-01-15T08:00:00.000Z' });
  expect(copyMayBeLate(accepted, '2026-01-15T08:04:59.999Z', 300_000)).toBe(true);
  expect(copyMayBeLate(accepted, '2026-01-15T08:05:00.000Z', 300_000)).toBe(false);
  expect(copyMayBeLate(record(MAILBOX), '2026-01-15T08:00:00.000Z', 300_000)).toBe(false);
});

test('a request is being submitted while its call may be under way: then a copy without marks may be its', () => {
  const claim = {
    nonce: 'n',
    startedDateTime: '2026-01-15T08:00:00.000Z',
    callsUntil: '2026-01-15T08:01:40.000Z',
    route: 'direct',
  } as const;
  const one = (status: SendRequestRecord['status']) => record(MAILBOX, { status, claim });
  expect(isBeingSubmitted(one('submitting'), '2026-01-15T09:00:00.000Z')).toBe(true);
  expect(isBeingSubmitted(one('inDoubt'), '2026-01-15T08:01:00.000Z')).toBe(true);
  expect(isBeingSubmitted(one('inDoubt'), '2026-01-15T08:02:00.000Z')).toBe(false);
  expect(isBeingSubmitted(record(MAILBOX, { status: 'inDoubt' }), '2026-01-15T08:00:00.000Z')).toBe(false);
  expect(isBeingSubmitted(one('accepted'), '2026-01-15T08:01:00.000Z')).toBe(false);
});

describe('a draft that a look finds may be the mail itself', () => {
  const claim = { nonce: 'n1', startedDateTime: '', callsUntil: '' };
  const direct = record(MAILBOX, { claim: { ...claim, route: 'direct' } });
  const prepared = record(MAILBOX, { claim: { ...claim, route: 'draft', draftId: 'd1' } });
  const issued = record(MAILBOX, { claim: { ...claim, route: 'draft', draftId: 'd1', sendIssued: true } });

  test('if a call that submits is in doubt: a POST, or a send that was issued', () => {
    expect([direct, prepared, issued, record(MAILBOX)].map(doubtIsOfSubmission)).toEqual([true, false, true, true]);
    expect(doubtIsOfSubmission({ ...direct, operation: 'createDraft' })).toBe(false);
  });

  test('if a POST that submits has made it, whatever that was answered', () => {
    expect([direct, issued, record(MAILBOX)].map(draftIsOfSubmission)).toEqual([true, false, false]);
  });
});
