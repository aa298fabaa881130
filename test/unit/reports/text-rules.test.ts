// Every row of the rules as data meets its own example.

import { describe, expect, test } from 'vitest';
import { ORIGINAL_RULES, TEXT_OUTCOME_RULES } from '../../../shared/domain/reports/text-bounce-rules.ts';
import * as signs from '../../../shared/domain/reports/text-bounce-signs.ts';
import { CONTACT_LINE, INLINE_RULES, LEADING_ADDRESS, NOT_RECIPIENT_NEXT } from '../../../shared/domain/reports/text-recipient-rules.ts';

const TABLES = { ...signs, ORIGINAL_RULES, TEXT_OUTCOME_RULES };

describe.each(Object.entries(TABLES))('%s', (_, rules) => {
  test.each(rules.map((rule) => [rule.meaning, rule] as const))('%s', (_meaning, rule) => {
    expect(rule.pattern.test(rule.example)).toBe(true);
  });
});

test.each(TEXT_OUTCOME_RULES.map((rule) => [rule.example, rule] as const))('the first rule for "%s" is its own', (text, rule) => {
  expect(TEXT_OUTCOME_RULES.find(({ pattern }) => pattern.test(text))?.action).toBe(rule.action);
});

test.each([LEADING_ADDRESS, ...INLINE_RULES].map((rule) => [rule.example, rule] as const))('the recipient of "%s" is bob', (text, rule) => {
  expect(rule.pattern.exec(text)?.[1]).toBe('bob@example.com');
});

test.each([
  'bob@example.com',
  '  bob@example.com: 550 unknown',
  '"bob@example.com":',
  '  * bob@example.com',
  '-- bob@example.com',
  '>>> bob@example.com <bob@example.com>',
  'Bob@old.example.com <bob@example.com>: malformed',
  'SMTP <bob@example.com>',
  'bob@example.com<mailto:bob@example.com>',
  'bob@example.com on Thu, 1 Jan 2026',
])('a line that begins with the address: %s', (line) => {
  expect(LEADING_ADDRESS.pattern.exec(line)?.[1]).toBe('bob@example.com');
});

test.each(['To: bob@example.com', '(generated from bob@example.com)', 'Hello bob@example.com,', '> bob@example.com'])(
  'a line that does not: %s',
  (line) => {
    expect(LEADING_ADDRESS.pattern.test(line)).toBe(false);
  },
);

test('contacts and senders are told by the words before them', () => {
  expect(CONTACT_LINE.test('For assistance, write to help@example.com')).toBe(true);
  expect(NOT_RECIPIENT_NEXT.test('A message sent by')).toBe(true);
  expect(NOT_RECIPIENT_NEXT.test('The following address failed:')).toBe(false);
});
