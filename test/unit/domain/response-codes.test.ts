// Every error code of Graph and of Exchange that is known has a row of its own, or falls into a named default, which is never final.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DEFAULT_RULES } from '../../../shared/domain/submit/default-rules.ts';
import type { Answer, Call } from '../../../shared/domain/submit/outcome-rule.ts';
import { OUTCOME_RULES } from '../../../shared/domain/submit/outcome-rules.ts';
import { ruleFor } from '../../../shared/domain/submit/rule-for.ts';

const files = ['graph.md', 'graph-doc-vectors.json', 'graph-mail-csdl-slice.xml'].map(
  (name) => new URL(`../../../../shared/facts/${name}`, import.meta.url),
);
const ARE_HERE = files.every((file) => existsSync(file));
if (!ARE_HERE) console.warn('the facts about Graph are not here: the codes that they name are not walked');

const CALLS: readonly Call[] = ['submit', 'createDraft', 'attach', 'send'];
const answered = (status: number, code: string): Answer => ({ kind: 'answered', status, code });
const listed = new Set(OUTCOME_RULES.flatMap(({ codes = [] }) => codes));
const defaults = new Set(DEFAULT_RULES.map(({ id }) => id));
/** Rows that decide by the status alone: what they say holds for any code. */
const byStatus = new Set(OUTCOME_RULES.filter(({ codes }) => !codes).map(({ id }) => id));

/** Codes as the documents write them: Exchange's own, and Graph's in the catalogue of errors. */
function codesOf(text: string): string[] {
  const catalogue = [...text.matchAll(/^\| [\d/?—, ]+ \| ([^|]+) \|/gm)].flatMap(([, cell = '']) => cell.match(/\b[A-Za-z_]{6,}\b/g) ?? []);
  return [...new Set([...(text.match(/\bError[A-Z][A-Za-z0-9]+\b/g) ?? []), ...catalogue])];
}

test.runIf(ARE_HERE)(
  'the codes that the facts name: each has a row, or falls into a default or a row of its status, which is not final',
  () => {
    const codes = codesOf(files.map((file) => readFileSync(file, 'utf8')).join('\n'));
    expect(codes.length).toBeGreaterThan(40);
    expect(codes.filter((code) => listed.has(code)).length).toBeGreaterThan(20);
    for (const code of codes.filter((one) => !listed.has(one))) {
      for (const call of CALLS) {
        for (let status = 300; status < 600; status++) {
          const { id, outcome } = ruleFor(answered(status, code), { call, namesItem: true, missingForLong: true });
          expect(defaults.has(id) || byStatus.has(id), `${status} ${code} to ${call}: ${id}`).toBe(true);
          expect(outcome, `${status} ${code} to ${call}: ${id}`).not.toBe('submissionRefused');
        }
      }
    }
  },
);

describe('a code that a row lists', () => {
  const CODE = 'ErrorInvalidRecipients';
  const final = OUTCOME_RULES.filter(({ outcome }) => outcome === 'submissionRefused');

  test('makes no answer final with which a server, a gateway, a redirect or a success may have hidden the mail', () => {
    for (const code of final.flatMap(({ codes = [] }) => codes)) {
      for (const call of CALLS) {
        for (const status of [200, 204, 301, 307, 500, 502, 503, 504, 507, 599]) {
          const { outcome } = ruleFor(answered(status, code), { call, namesItem: true, missingForLong: true });
          expect(outcome, `${status} ${code} to ${call}`).not.toBe('submissionRefused');
        }
      }
    }
  });

  test('means the same on the first attempt and on a later one, whatever was issued before', () => {
    for (const { codes = [], id } of final) {
      for (const code of codes) {
        for (const call of CALLS) {
          const at = { call, namesItem: true, missingForLong: true };
          const [first, later] = [false, true].map((sendIssued) => ruleFor(answered(400, code), { ...at, sendIssued }).outcome);
          expect(later, `${code} of ${id} to ${call}`).toBe(first);
        }
      }
    }
  });

  test('counts only as Graph spells it', () => {
    for (const spelling of [CODE.toLowerCase(), CODE.toUpperCase(), ` ${CODE}`, `${CODE}2`]) {
      expect(ruleFor(answered(400, spelling), { call: 'submit' }).id, spelling).toBe('unlisted-answer');
    }
  });
});

describe('statuses that few people have seen', () => {
  const RARE = [402, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 417, 418, 421, 422, 423, 424, 426, 428, 431, 451, 499];
  const RARE_OF_SERVERS = [500, 501, 502, 504, 505, 506, 507, 508, 509, 510, 511, 520, 522, 524, 529];

  test.each([...RARE, ...RARE_OF_SERVERS])(
    '%s: nothing was submitted by a call that prepares, and a call that submits is in doubt',
    (status) => {
      for (const code of [undefined, 'UnknownError', 'ErrorIrresolvableConflict', 'InternalServerError', 'generalException']) {
        const answer: Answer = { kind: 'answered', status, ...(code !== undefined && { code }) };
        for (const sendIssued of [false, true]) {
          for (const call of ['createDraft', 'attach'] as const) {
            expect(ruleFor(answer, { call, sendIssued }).outcome, `${call} ${code}`).toBe('submissionFailedTransiently');
          }
          for (const call of ['submit', 'send'] as const) {
            expect(ruleFor(answer, { call, sendIssued }).outcome, `${call} ${code}`).toBe('outcomeUnknown');
          }
        }
      }
    },
  );

  test('an operator hears of every answer that is neither final nor throttling and can go on for an hour', () => {
    const endByThemselves = ['mailbox-not-there-yet', 'item-not-there-yet'];
    const silent = OUTCOME_RULES.filter(({ id, kind, outcome, effects = [] }) => {
      const goesOn = outcome === 'submissionFailedTransiently' || outcome === 'outcomeUnknown';
      return (
        kind === undefined &&
        !endByThemselves.includes(id) &&
        goesOn &&
        !effects.includes('alertOperator') &&
        !effects.includes('alertAfterAnHour')
      );
    });
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  test.each([200, 201, 203, 204, 205, 206, 207, 208, 226])('%s to a mail is no acceptance', (status) => {
    for (const call of ['submit', 'send'] as const) expect(ruleFor({ kind: 'answered', status }, { call }).outcome).toBe('outcomeUnknown');
  });
});
