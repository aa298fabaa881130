// `npx graph-mail-queue explain` knows every outcome that a rule can have.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { FOLLOWS } from '../../../scripts/explain-follows.ts';
import { OUTCOME_RULES } from '../../../shared/domain/submit/outcome-rules.ts';

test('explain says what follows from the outcome of every rule, and of no other', () => {
  expect(Object.keys(FOLLOWS).sort()).toEqual([...new Set(OUTCOME_RULES.map(({ outcome }) => outcome))].sort());
});

test('explain prints rule, outcome and what follows', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/explain.ts', '--status', '202']);
  expect(stdout).toMatch(/^rule +accepted$/m);
  expect(stdout).toContain(FOLLOWS.submissionAccepted);
});
