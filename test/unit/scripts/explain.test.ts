// `npx graph-mail-queue explain` knows every outcome that a rule can have.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { FOLLOWS } from '../../../scripts/explain-follows.ts';
import { OUTCOME_RULES } from '../../../shared/domain/submit/outcome-rules.ts';

test('explain says what follows from the outcome of every rule, and of no other', () => {
  expect(Object.keys(FOLLOWS).sort()).toEqual([...new Set(OUTCOME_RULES.map(({ outcome }) => outcome))].sort());
});

const explain = async (...options: string[]) =>
  (await promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/explain.ts', ...options])).stdout;

test('explain prints rule, outcome and what follows', async () => {
  const stdout = await explain('--status', '202');
  expect(stdout).toMatch(/^rule +accepted$/m);
  expect(stdout).toContain(FOLLOWS.submissionAccepted);
});

test.each([
  {
    code: 'ErrorNonExistentMailbox',
    operation: 'sendMail',
    age: 'MAILBOX_MISSING_AFTER',
    first: 'mailbox-not-there-yet',
    later: 'mailbox-missing',
  },
  { code: 'ErrorItemNotFound', operation: 'reply', age: 'IN_DOUBT_GRACE', first: 'item-not-there-yet', later: 'item-not-found' },
])('explain shows both ages of 404 $code to $operation', async ({ code, operation, age, first, later }) => {
  const stdout = await explain('--status', '404', '--code', code, '--operation', operation);
  expect(stdout).toMatch(new RegExp(`until .* ${age}.*\nrule +${first}\n[^]*from then on:\nrule +${later}\n`));
});
