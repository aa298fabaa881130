// What Graph's answers mean: the catalogue of known answers, each with the rule that it must meet, and the safe class for unknown ones.

import { describe, expect, test } from 'vitest';
import type { Answer, Call, Outcome } from '../../../shared/domain/submit/outcome-rule.ts';
import { OUTCOME_RULES } from '../../../shared/domain/submit/outcome-rules.ts';
import { type AnsweredCall, ruleFor } from '../../../shared/domain/submit/rule-for.ts';
import { CATALOGUE } from './answer-catalogue.ts';

const at = (call: Call, more: Partial<AnsweredCall> = {}): AnsweredCall => ({ call, ...more });
const answered = (status: number, code?: string, retryAfterMs?: number): Answer => ({
  kind: 'answered',
  status,
  ...(code !== undefined && { code }),
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
const NO_ANSWER: Answer = { kind: 'noAnswer', reason: 'reset' };
const NOT_SENT: Answer = { kind: 'notSent', reason: 'refused' };
const CALLS: readonly Call[] = ['submit', 'createDraft', 'attach', 'send'];

test.each(CATALOGUE)('%s %s of a submission meets the rule %s: %s', (status, code, rule, outcome) => {
  expect(ruleFor(answered(status, code), at('submit'))).toMatchObject({ id: rule, outcome });
});

/** What the draft route and special circumstances change. */
const CIRCUMSTANCES: [name: string, Answer, AnsweredCall, rule: string, outcome: Outcome][] = [
  [
    'a draft that is gone while it is being completed',
    answered(404, 'ErrorItemNotFound'),
    at('attach'),
    'draft-gone-before-send',
    'submissionFailedTransiently',
  ],
  ['202 with a Retry-After', answered(202, undefined, 5000), at('submit'), 'accepted', 'submissionAccepted'],
  ['202 to a send', answered(202), at('send'), 'accepted', 'submissionAccepted'],
  ['202 to a creation', answered(202), at('createDraft'), 'preparation-failed', 'submissionFailedTransiently'],
  ['201 to a creation', answered(201), at('createDraft'), 'draft-created', 'draftCreated'],
  ['200 to an attachment', answered(200), at('attach'), 'preparation-failed', 'submissionFailedTransiently'],
  ['201 to a submission', answered(201), at('submit'), 'success-but-not-202', 'outcomeUnknown'],
  ['503 with a Retry-After', answered(503, 'ErrorServerBusy', 2128), at('submit'), 'busy-with-retry-after', 'submissionThrottled'],
  ['503 with a Retry-After of 0', answered(503, undefined, 0), at('submit'), 'busy-with-retry-after', 'submissionThrottled'],
  ['500 with a Retry-After', answered(500, undefined, 2000), at('submit'), 'server-error', 'outcomeUnknown'],
  ['500 to a creation', answered(500), at('createDraft'), 'preparation-failed', 'submissionFailedTransiently'],
  ['504 to an attachment', answered(504), at('attach'), 'preparation-failed', 'submissionFailedTransiently'],
  ['400 to a creation', answered(400, 'RequestBodyRead'), at('createDraft'), 'body-refused', 'submissionRefused'],
  ['423 to a creation', answered(423), at('createDraft'), 'try-again-status', 'submissionFailedTransiently'],
  ['408 to a creation', answered(408), at('createDraft'), 'try-again-status', 'submissionFailedTransiently'],
  ['404 to a first send', answered(404, 'ErrorItemNotFound'), at('send'), 'draft-not-there-yet', 'outcomeUnknown'],
  ['404 without a code to a first send', answered(404), at('send'), 'unlisted-answer', 'outcomeUnknown'],
  ['404 to a repeated send', answered(404, 'ErrorItemNotFound'), at('send', { sendIssued: true }), 'gone-after-send', 'outcomeUnknown'],
  [
    '404 to a repeated creation',
    answered(404),
    at('createDraft', { sendIssued: true }),
    'preparation-failed',
    'submissionFailedTransiently',
  ],
  [
    '404 to a creation that names no item',
    answered(404, 'ErrorItemNotFound'),
    at('createDraft'),
    'preparation-failed',
    'submissionFailedTransiently',
  ],
  [
    '404 of the mail to answer',
    answered(404, 'ErrorItemNotFound'),
    at('createDraft', { namesItem: true }),
    'item-not-found',
    'submissionRefused',
  ],
  [
    '404 of the mail to forward',
    answered(404, 'ErrorItemNotFound'),
    at('submit', { namesItem: true }),
    'item-not-found',
    'submissionRefused',
  ],
  [
    '404 of a mail to answer that a send request has just made',
    answered(404, 'ErrorItemNotFound'),
    at('createDraft', { namesItem: true, itemIsNew: true }),
    'item-not-there-yet',
    'submissionFailedTransiently',
  ],
  [
    'an id that the caller gave and that is none',
    answered(400, 'ErrorInvalidIdMalformed'),
    at('createDraft', { namesItem: true }),
    'id-refused',
    'submissionRefused',
  ],
  [
    'an id that Graph gave and calls malformed, of a draft that is completed',
    answered(400, 'ErrorInvalidIdMalformed'),
    at('attach', { namesItem: true }),
    'preparation-failed',
    'submissionFailedTransiently',
  ],
  [
    'an id that Graph gave and calls malformed, of a draft that is sent',
    answered(400, 'ErrorInvalidIdMalformed'),
    at('send', { namesItem: true }),
    'unlisted-answer',
    'outcomeUnknown',
  ],
  ['403 of a gateway to a creation', answered(403), at('createDraft'), 'preparation-forbidden', 'submissionFailedTransiently'],
  ['403 of a gateway to a send', answered(403), at('send'), 'forbidden-by-somebody', 'outcomeUnknown'],
  ['507 to a creation', answered(507), at('createDraft'), 'no-storage', 'submissionFailedTransiently'],
  ['423 to a send', answered(423), at('send'), 'unlisted-answer', 'outcomeUnknown'],
  [
    'a conflict while creating',
    answered(409, 'ErrorIrresolvableConflict'),
    at('createDraft'),
    'preparation-failed',
    'submissionFailedTransiently',
  ],
  [
    'a conflict while attaching',
    answered(412, 'ErrorIrresolvableConflict'),
    at('attach'),
    'preparation-failed',
    'submissionFailedTransiently',
  ],
  ['421 to a creation', answered(421), at('createDraft'), 'preparation-failed', 'submissionFailedTransiently'],
  ['a redirect of a creation', answered(307), at('createDraft'), 'preparation-failed', 'submissionFailedTransiently'],
  ['a redirect of a send', answered(307), at('send'), 'redirected', 'outcomeUnknown'],
  ['409 to a send', answered(409), at('send'), 'changed-under-us', 'outcomeUnknown'],
  ['412 to a send', answered(412, 'ErrorIrresolvableConflict'), at('send'), 'changed-under-us', 'outcomeUnknown'],
  ['409 to a submission', answered(409), at('submit'), 'unlisted-answer', 'outcomeUnknown'],
  ['404 of a mailbox', answered(404, 'ErrorInvalidUser'), at('submit'), 'mailbox-not-there-yet', 'submissionFailedTransiently'],
  [
    '404 of a mailbox for long',
    answered(404, 'ErrorInvalidUser'),
    at('submit', { missingForLong: true }),
    'mailbox-missing',
    'submissionRefused',
  ],
  [
    '404 of an item of a mailbox that was missing',
    answered(404),
    at('submit', { missingForLong: true }),
    'unlisted-answer',
    'outcomeUnknown',
  ],
  ['no answer to a submission', NO_ANSWER, at('submit'), 'no-answer', 'outcomeUnknown'],
  ['no answer to a send', NO_ANSWER, at('send'), 'no-answer', 'outcomeUnknown'],
  ['no answer to a creation', NO_ANSWER, at('createDraft'), 'no-answer-to-a-preparation', 'submissionFailedTransiently'],
  ['no answer to an attachment', NO_ANSWER, at('attach'), 'no-answer-to-a-preparation', 'submissionFailedTransiently'],
  ['a submission that never left', NOT_SENT, at('submit'), 'not-sent', 'submissionFailedTransiently'],
  ['a send that never left', NOT_SENT, at('send', { sendIssued: true }), 'not-sent', 'submissionFailedTransiently'],
];

test.each(CIRCUMSTANCES)('%s', (_name, answer, circumstances, rule, outcome) => {
  expect(ruleFor(answer, circumstances)).toMatchObject({ id: rule, outcome });
});

describe('the rules as a table', () => {
  test('every row is met by an answer of the catalogue', () => {
    const met = new Set([
      ...CATALOGUE.map(([status, code]) => ruleFor(answered(status, code), at('submit')).id),
      ...CIRCUMSTANCES.map(([, answer, circumstances]) => ruleFor(answer, circumstances).id),
    ]);
    expect(OUTCOME_RULES.map(({ id }) => id).filter((id) => !met.has(id))).toEqual([]);
  });

  test('every row has an id of its own, a reason and a source', () => {
    expect(new Set(OUTCOME_RULES.map(({ id }) => id)).size).toBe(OUTCOME_RULES.length);
    expect(OUTCOME_RULES.filter(({ reason, source }) => reason.length < 10 || source.length < 5)).toEqual([]);
  });

  test('every status of every call, with or without Retry-After, meets a rule', () => {
    for (const call of CALLS) {
      for (let status = 100; status < 600; status++) {
        for (const retryAfterMs of [undefined, 0, 2128]) {
          expect(ruleFor(answered(status, undefined, retryAfterMs), at(call)), `${call} ${status}`).toBeDefined();
        }
      }
    }
  });

  test('a code that nobody documented falls into the class of its status', () => {
    for (const call of CALLS) {
      for (let status = 100; status < 600; status++) {
        expect(ruleFor(answered(status, 'ErrorNobodyHasSeen'), at(call)).id).toBe(ruleFor(answered(status), at(call)).id);
      }
    }
  });

  test('only 202 is acceptance, and only for a call that submits', () => {
    for (const call of CALLS) {
      for (let status = 100; status < 600; status++) {
        const accepted = ruleFor(answered(status), at(call)).outcome === 'submissionAccepted';
        expect(accepted, `${call} ${status}`).toBe(status === 202 && (call === 'submit' || call === 'send'));
      }
    }
  });

  test('what is throttled holds the mailbox back, and what an operator must mend alerts', () => {
    const effects = (status: number, code?: string) => ruleFor(answered(status, code), at('submit')).effects ?? [];
    expect(effects(429)).toEqual(['throttleMailbox']);
    expect(effects(401)).toEqual(['alertOperator']);
    expect(effects(403)).toEqual(['alertOperator']);
    expect(effects(403, 'ErrorQuotaExceeded')).toEqual(['alertOperator']);
    expect(effects(429, 'ErrorSubmissionQuotaExceeded')).toEqual(['throttleMailbox', 'alertOperator']);
    expect(effects(400, 'ErrorInvalidRecipients')).toEqual([]);
    expect(effects(400)).toEqual(['alertAfterAnHour']);
  });
});
