// What Graph's answers mean: the catalogue of known answers, each with the rule that it must meet, and the safe class for unknown ones.

import { describe, expect, test } from 'vitest';
import type { Answer, Call, Outcome } from '../../../shared/domain/submit/outcome-rule.ts';
import { OUTCOME_RULES } from '../../../shared/domain/submit/outcome-rules.ts';
import { type AnsweredCall, ruleFor } from '../../../shared/domain/submit/rule-for.ts';

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

/** Answers of Graph and Exchange that were documented or seen, for a POST that submits. */
const CATALOGUE: [status: number, code: string | undefined, rule: string, outcome: Outcome][] = [
  [202, undefined, 'accepted', 'submissionAccepted'],
  [200, undefined, 'success-but-not-202', 'outcomeUnknown'],
  [204, undefined, 'success-but-not-202', 'outcomeUnknown'],
  [400, 'ErrorMimeContentInvalidBase64String', 'mime-refused', 'submissionRefused'],
  [400, 'ErrorMimeContentInvalid', 'mime-refused', 'submissionRefused'],
  [400, 'ErrorMimeContentConversionFailed', 'mime-refused', 'submissionRefused'],
  [400, 'ErrorInvalidRecipients', 'recipients-refused', 'submissionRefused'],
  [400, 'ErrorInvalidParameter', 'body-refused', 'submissionRefused'],
  [400, 'RequestBodyRead', 'body-refused', 'submissionRefused'],
  [400, 'UnableToDeserializePostBody', 'body-refused', 'submissionRefused'],
  [400, 'InvalidInternetMessageHeader', 'headers-refused', 'submissionRefused'],
  [400, 'InvalidInternetMessageHeaderCollection', 'headers-refused', 'submissionRefused'],
  [400, 'ErrorInvalidIdMalformed', 'id-or-path-refused', 'submissionRefused'],
  [400, 'ErrorMessageSizeExceeded', 'too-large', 'submissionRefused'],
  [400, 'BadRequest', 'id-or-path-refused', 'submissionRefused'],
  [400, 'ErrorRecipientLimitExceeded', 'recipients-refused', 'submissionRefused'],
  [401, 'InvalidAuthenticationToken', 'token-refused', 'submissionFailedTransiently'],
  [401, 'NoPermissionsInAccessToken', 'token-refused', 'submissionFailedTransiently'],
  [403, 'NoPermissionsInAccessToken', 'access-denied', 'submissionFailedTransiently'],
  [403, 'ErrorAccessDenied', 'access-denied', 'submissionFailedTransiently'],
  [403, 'extensionError', 'access-denied', 'submissionFailedTransiently'],
  [403, 'ErrorSendAsDenied', 'send-as-denied', 'submissionRefused'],
  [403, 'ErrorQuotaExceeded', 'mailbox-full', 'submissionFailedTransiently'],
  [507, 'ErrorQuotaExceeded', 'mailbox-full', 'submissionFailedTransiently'],
  [400, 'ErrorQuotaExceeded', 'mailbox-full', 'submissionFailedTransiently'],
  [507, undefined, 'no-storage', 'submissionFailedTransiently'],
  [429, 'ErrorSubmissionQuotaExceeded', 'own-account-quota', 'submissionThrottled'],
  [400, 'ErrorExceededMessageLimit', 'own-account-quota', 'submissionThrottled'],
  [403, 'ErrorExceededMaxRecipientLimit', 'own-account-quota', 'submissionThrottled'],
  [403, 'ErrorMessageSubmissionBlocked', 'own-account-blocked', 'submissionFailedTransiently'],
  [400, 'ErrorAccountSuspend', 'own-account-blocked', 'submissionFailedTransiently'],
  [400, 'ErrorMessageBlocked', 'own-account-blocked', 'submissionFailedTransiently'],
  [404, 'ErrorItemNotFound', 'unlisted-answer', 'outcomeUnknown'],
  [404, undefined, 'unlisted-answer', 'outcomeUnknown'],
  [400, undefined, 'unlisted-answer', 'outcomeUnknown'],
  [400, 'UnknownError', 'unlisted-answer', 'outcomeUnknown'],
  [404, 'serviceNotAvailable', 'unlisted-answer', 'outcomeUnknown'],
  [409, 'ErrorIrresolvableConflict', 'unlisted-answer', 'outcomeUnknown'],
  [412, 'ErrorIrresolvableConflict', 'unlisted-answer', 'outcomeUnknown'],
  [413, undefined, 'unlisted-answer', 'outcomeUnknown'],
  [421, undefined, 'misdirected', 'outcomeUnknown'],
  [400, 'ErrorInvalidArgument', 'body-refused', 'submissionRefused'],
  [400, 'ErrorRequiredPropertyMissing', 'body-refused', 'submissionRefused'],
  [404, 'MailboxNotEnabledForRESTAPI', 'mailbox-not-there-yet', 'submissionFailedTransiently'],
  [404, 'ErrorInvalidUser', 'mailbox-not-there-yet', 'submissionFailedTransiently'],
  [404, 'ResourceNotFound', 'mailbox-not-there-yet', 'submissionFailedTransiently'],
  [404, 'ErrorNonExistentMailbox', 'mailbox-not-there-yet', 'submissionFailedTransiently'],
  [405, 'ErrorInvalidRequest', 'id-or-path-refused', 'submissionRefused'],
  [408, undefined, 'request-timed-out', 'outcomeUnknown'],
  [413, 'RequestEntityTooLarge', 'too-large', 'submissionRefused'],
  [415, undefined, 'unlisted-answer', 'outcomeUnknown'],
  [423, undefined, 'locked', 'submissionFailedTransiently'],
  [425, undefined, 'locked', 'submissionFailedTransiently'],
  [429, 'ApplicationThrottled', 'throttled', 'submissionThrottled'],
  [429, 'TooManyRequests', 'throttled', 'submissionThrottled'],
  [429, 'activityLimitReached', 'throttled', 'submissionThrottled'],
  [429, 'CommandConcurrencyLimitReached', 'throttled', 'submissionThrottled'],
  [500, 'ErrorInternalServerError', 'server-error', 'outcomeUnknown'],
  [500, 'ErrorInternalServerTransientError', 'server-error', 'outcomeUnknown'],
  [500, 'ErrorMailboxStoreUnavailable', 'server-error', 'outcomeUnknown'],
  [503, 'ErrorMailboxMoveInProgress', 'server-error', 'outcomeUnknown'],
  [503, 'ErrorConnectionFailed', 'server-error', 'outcomeUnknown'],
  [503, 'ErrorServerBusy', 'server-error', 'outcomeUnknown'],
  [503, 'serviceNotAvailable', 'server-error', 'outcomeUnknown'],
  [503, 'MdbReplicationProtectionUtilizationMonitor', 'server-error', 'outcomeUnknown'],
  [502, 'UnknownError', 'server-error', 'outcomeUnknown'],
  [504, 'UnknownError', 'server-error', 'outcomeUnknown'],
  [504, undefined, 'server-error', 'outcomeUnknown'],
  [302, undefined, 'redirected', 'outcomeUnknown'],
];

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
  ['200 to an attachment range', answered(200), at('attach'), 'draft-created', 'draftCreated'],
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
