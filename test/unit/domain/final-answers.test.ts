// Which answers of Graph are final: only those whose error code a row lists. And which may hide a mail that was taken.
import { describe, expect, test } from 'vitest';
import {
  type Answer,
  type Call,
  describeAnswer,
  mayHideMail,
  saysItemGone,
  saysMailboxMissing,
} from '../../../shared/domain/submit/outcome-rule.ts';
import { OUTCOME_RULES } from '../../../shared/domain/submit/outcome-rules.ts';
import { ruleFor } from '../../../shared/domain/submit/rule-for.ts';

const CALLS: readonly Call[] = ['submit', 'createDraft', 'attach', 'send'];
const answered = (status: number, code?: string): Answer => ({ kind: 'answered', status, ...(code !== undefined && { code }) });

const NO_ANSWER: Answer = { kind: 'noAnswer', reason: 'reset' };

test('only its own code says that an item, or the mailbox, is not there', () => {
  expect([saysItemGone(answered(404, 'ErrorItemNotFound')), saysItemGone(answered(404)), saysItemGone(NO_ANSWER)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(saysItemGone(answered(400, 'ErrorItemNotFound'))).toBe(false);
  expect([saysMailboxMissing(answered(404, 'ErrorInvalidUser')), saysMailboxMissing(answered(404))]).toEqual([true, false]);
  expect([saysMailboxMissing(answered(403, 'ErrorInvalidUser')), saysMailboxMissing(NO_ANSWER)]).toEqual([false, false]);
});

test('an operator is told of an answer by its status and code, and of none by the reason', () => {
  expect([answered(404, 'ErrorItemNotFound'), answered(502), NO_ANSWER].map(describeAnswer)).toEqual([
    '404 ErrorItemNotFound',
    '502',
    'reset',
  ]);
});

describe('final answers', () => {
  test('nothing is final without an error code that a row lists, whatever the call and the status', () => {
    for (const call of CALLS) {
      for (const namesItem of [false, true]) {
        for (const code of [undefined, 'UnknownError', 'serviceNotAvailable', 'ErrorNobodyHasSeen']) {
          for (let status = 100; status < 600; status++) {
            const { outcome } = ruleFor(answered(status, code), { call, namesItem, missingForLong: true });
            expect(outcome, `${call} ${status} ${code}`).not.toBe('submissionRefused');
          }
        }
      }
    }
  });

  test('every final row names the codes that make it final', () => {
    const final = OUTCOME_RULES.filter(({ outcome }) => outcome === 'submissionRefused');
    expect(final.length).toBeGreaterThan(5);
    expect(final.filter(({ codes }) => !codes || codes.length === 0)).toEqual([]);
  });
});

describe('a mail that may be on its way', () => {
  test('after any answer but 429 a mail may be on its way all the same, unless nothing was submitted', () => {
    expect([401, 403, 404, 423, 503].map((status) => mayHideMail(answered(status), 'submit'))).toEqual(Array(5).fill(true));
    expect(mayHideMail(answered(403), 'send')).toBe(true);
    expect(mayHideMail(answered(429), 'submit')).toBe(false);
    expect(mayHideMail(answered(503), 'createDraft')).toBe(false);
    expect(mayHideMail({ kind: 'notSent', reason: 'ECONNREFUSED' }, 'submit')).toBe(false);
  });

  test('no call that only prepares ends in doubt: nothing was submitted', () => {
    for (const call of ['createDraft', 'attach'] as const) {
      for (let status = 100; status < 600; status++) expect(ruleFor(answered(status), { call }).outcome).not.toBe('outcomeUnknown');
      expect(ruleFor(NO_ANSWER, { call }).outcome).not.toBe('outcomeUnknown');
    }
  });

  test('no answer of a server that may have taken the mail is retried as if it had not', () => {
    for (const call of ['submit', 'send'] as const) {
      for (let status = 500; status < 600; status++) {
        expect(ruleFor(answered(status), { call }).outcome, `${call} ${status}`).toBe('outcomeUnknown');
      }
    }
  });
});
