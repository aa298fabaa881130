// What follows from the outcome of an attempt: the event, the next attempt, and what the successor knows.

import { expect, test } from 'vitest';
import type { Claim } from '../../../shared/domain/log/send-request.ts';
import type { Situation } from '../../../shared/domain/submit/ending.ts';
import { type Attempted, errorOf, outcomeEnding, retryAfterOf } from '../../../shared/domain/submit/outcome-ending.ts';
import type { Answer, Call } from '../../../shared/domain/submit/outcome-rule.ts';
import { ruleFor } from '../../../shared/domain/submit/rule-for.ts';
import { queueMessage, record } from '../../support/samples.ts';

const MAILBOX = 'sender@contoso.com';
const NOW = '2026-01-15T09:00:00.000Z';
const GRACE_ENDS = '2026-01-15T09:05:00.000Z';
const claim: Claim = { nonce: 'n1', startedDateTime: NOW, callsUntil: NOW, route: 'direct' };
const times = {
  retry: { initialIntervalMs: 30_000, backoffCoefficient: 2, maximumIntervalMs: 3_600_000 },
  inDoubtGraceMs: 300_000,
  reportWindowMs: 60_000,
  random: 0,
};
const situation: Situation = {
  message: queueMessage(MAILBOX),
  record: record(MAILBOX, { attempts: 2, claim, status: 'submitting' }),
  now: NOW,
};
const answered = (status: number, code?: string, retryAfterMs?: number): Answer => ({
  kind: 'answered',
  status,
  ...(code !== undefined && { code }),
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

function ending(answer: Answer, call: Call = 'submit', more: Partial<Attempted> = {}, at: Situation = situation) {
  const rule = ruleFor(answer, { call, missingForLong: at.record.mailboxMissingSince !== undefined });
  return outcomeEnding(at, { call, answer, rule, ...more }, claim, times);
}

test('an acceptance is a fact; if it cannot be written, the successor writes it soon', () => {
  expect(ending(answered(202))).toMatchObject({
    kind: 'accepted',
    entry: {
      onlyIf: 'always',
      event: { type: 'submissionAccepted', fact: 'n1', patch: { acceptedDateTime: NOW, reportWindowEnds: '2026-01-15T09:01:00.000Z' } },
    },
    ifUnwritten: { at: '2026-01-15T09:00:10.000Z', carries: { known: { outcome: 'accepted', nonce: 'n1', dateTime: NOW } } },
  });
});

test('a draft is noted with its id and link; if it cannot be written, it is looked for', () => {
  const draft = { id: 'draft-1', webLink: 'https://outlook.office.com/x' };
  expect(ending(answered(201), 'createDraft', { draft })).toMatchObject({
    kind: 'accepted',
    entry: { onlyIf: 'ownClaim', event: { type: 'draftCreated', patch: { draft } } },
    ifUnwritten: { at: GRACE_ENDS, entry: { event: { type: 'outcomeUnknown', patch: { claim: { draftId: 'draft-1' } } } } },
  });
  expect(ending(answered(201), 'createDraft', { draft: { id: 'draft-1' } })).toMatchObject({
    entry: { event: { patch: { draft: { id: 'draft-1' } } } },
  });
  expect(ending(answered(201), 'createDraft')).toMatchObject({ entry: { event: { patch: { draft: { id: '' } } } } });
});

test('a refusal is final, with its code and text, and counts only for its own claim', () => {
  const answer = { ...answered(400, 'ErrorInvalidRecipients'), message: 'No recipient.' } as Answer;
  expect(ending(answer)).toMatchObject({
    kind: 'endWithEvent',
    entry: {
      onlyIf: 'ownClaim',
      event: { type: 'submissionRefused', patch: { error: { code: 'ErrorInvalidRecipients', message: 'No recipient.' } } },
    },
    keepForResend: true,
    releaseContent: true,
    discardDrafts: true,
  });
});

test('an unknown outcome comes again after the grace, and its successor knows the doubt', () => {
  expect(ending({ kind: 'noAnswer', reason: 'reset' })).toMatchObject({
    kind: 'comeAgain',
    at: GRACE_ENDS,
    carries: { attempts: 2, known: { outcome: 'unknown', nonce: 'n1', doubt: { since: NOW, graceUntil: GRACE_ENDS } } },
    entry: { onlyIf: 'ownClaim', event: { type: 'outcomeUnknown', detail: 'noAnswer: reset [no-answer]' } },
  });
});

test('throttling costs no attempt, and comes again not before Retry-After', () => {
  expect(ending(answered(429, 'ApplicationThrottled', 120_000))).toMatchObject({
    at: '2026-01-15T09:02:00.000Z',
    carries: { attempts: 1, known: { outcome: 'deferred', nonce: 'n1', dateTime: NOW, error: { code: 'ApplicationThrottled' } } },
    entry: {
      event: { type: 'submissionThrottled', detail: '429 ApplicationThrottled Retry-After 120 [throttled]', patch: { attempts: 1 } },
    },
  });
});

test.each<[Answer, string]>([
  [{ kind: 'answered', status: 202, callMs: 412, requestId: '5f3c8a30' }, '202 [accepted]; 0.412 s; request-id 5f3c8a30'],
  [{ kind: 'answered', status: 202, callMs: 0 }, '202 [accepted]; 0 s'],
  [{ kind: 'noAnswer', reason: 'reset', callMs: 100_000 }, 'noAnswer: reset [no-answer]; 100 s'],
])("the timeline says how long Graph's call took, and its request-id, for Microsoft's support: %j", (answer, detail) => {
  expect(ending(answer)).toMatchObject({ entry: { event: { detail } } });
});

test('whatever may hide a mail waits the grace, and nothing waits beyond its lifetime', () => {
  const denied = answered(403, 'ErrorAccessDenied');
  expect(ending(denied)).toMatchObject({ at: GRACE_ENDS, carries: { attempts: 2 } });
  expect(ending(denied, 'createDraft')).toMatchObject({ at: '2026-01-15T09:01:00.000Z' });
  const ending2 = ending(denied, 'submit', {}, { ...situation, record: { ...situation.record, sendBefore: NOW } });
  expect(ending2).toMatchObject({ at: NOW });
});

test('an error is named by its code, else by its status', () => {
  expect(errorOf(answered(504))).toEqual({ code: 'Http504', message: 'Graph answered 504' });
  expect(errorOf({ kind: 'notSent', reason: 'refused' })).toEqual({ code: 'notSent', message: 'refused' });
  expect(retryAfterOf({ kind: 'notSent', reason: 'refused' })).toBe(0);
  expect(retryAfterOf(answered(429))).toBe(0);
});

test('the record knows since when every answer has said that the mailbox, or the message it is about, is not there', () => {
  const mailbox = answered(404, 'ErrorInvalidUser');
  expect(ending(mailbox)).toMatchObject({
    kind: 'comeAgain',
    entry: { event: { patch: { mailboxMissingSince: NOW }, clears: ['itemMissingSince'] } },
  });
  const item = answered(404, 'ErrorItemNotFound');
  expect(ending(item, 'createDraft')).toMatchObject({
    entry: { event: { patch: { itemMissingSince: NOW }, clears: ['mailboxMissingSince'] } },
  });
  const later = { ...situation, record: { ...situation.record, itemMissingSince: '2026-01-15T08:58:00.000Z' } };
  expect(ending(item, 'createDraft', {}, later)).toMatchObject({
    entry: { event: { patch: { itemMissingSince: '2026-01-15T08:58:00.000Z' } } },
  });
  const clears = ['mailboxMissingSince', 'itemMissingSince'];
  expect(ending(answered(403))).toMatchObject({ entry: { event: { clears } } });
  expect(ending({ kind: 'noAnswer', reason: 'reset' })).toMatchObject({ entry: { event: { clears } } });
});

test('a mailbox that is missing for long ends the request, with a sentence that says what to do', () => {
  const at = { ...situation, record: { ...situation.record, mailboxMissingSince: NOW } };
  expect(
    ending({ ...answered(404, 'ErrorInvalidUser'), message: 'The requested user is invalid.' } as Answer, 'submit', {}, at),
  ).toMatchObject({
    kind: 'endWithEvent',
    entry: {
      event: {
        type: 'submissionRefused',
        patch: {
          error: {
            code: 'ErrorInvalidUser',
            message: expect.stringMatching(/^The requested user is invalid\. Graph finds no mailbox .*misspelt/),
          },
        },
      },
    },
  });
});

test('a draft that is not there at its first send was not sent: the doubt forgets the send', () => {
  const at = {
    ...situation,
    record: { ...situation.record, claim: { ...claim, route: 'draft', draftId: 'd', sendIssued: true } as Claim },
  };
  const rule = ruleFor(answered(404, 'ErrorItemNotFound'), { call: 'send' });
  const attempted = { call: 'send', answer: answered(404, 'ErrorItemNotFound'), rule } as const;
  const ended = outcomeEnding(at, attempted, at.record.claim as Claim, times);
  expect(ended).toMatchObject({ at: GRACE_ENDS, entry: { event: { patch: { claim: { draftId: 'd', sendIssued: false } } } } });
  expect(ended).toMatchObject({ carries: { known: { claim: { sendIssued: false } } } });
});
