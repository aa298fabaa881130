// Which answers of Graph are final: only those whose error code a row lists.
import { describe, expect, test } from 'vitest';
import type { Answer, Call } from '../../../shared/domain/submit/outcome-rule.ts';
import { OUTCOME_RULES } from '../../../shared/domain/submit/outcome-rules.ts';
import { ruleFor } from '../../../shared/domain/submit/rule-for.ts';

const CALLS: readonly Call[] = ['submit', 'createDraft', 'attach', 'send'];
const answered = (status: number, code?: string): Answer => ({ kind: 'answered', status, ...(code !== undefined && { code }) });

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
