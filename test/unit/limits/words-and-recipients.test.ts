// What a timeline says of a limit, which recipients are external, and which report speaks of which limit.
import { expect, test } from 'vitest';
import type { LimitName } from '../../../shared/domain/limits/account.ts';
import { externalOf } from '../../../shared/domain/limits/external.ts';
import { reportedLimit } from '../../../shared/domain/limits/limit-report.ts';
import { limitsOf } from '../../../shared/domain/limits/limit-rules.ts';
import { limitOf, tooLateInWords, waitsInWords } from '../../../shared/domain/limits/limit-words.ts';

const RULES = { messagesPerMinute: 30, recipientsPerDay: 1_000, acceptedDomains: [], share: 1, urgentReserve: 0.1 };

test('each limit has the number that holds for the mail, and words', () => {
  const limits = limitsOf(RULES, {}, { messagesPerMinute: 4, recipientsPerDay: 50 });
  const told = (name: LimitName, urgent: boolean) => waitsInWords(name, limitOf(name, limits, urgent, 9_000), '2026-01-16T08:00:00.000Z');
  expect(told('messagesPerMinute', false)).toBe(
    'limit messagesPerMinute: this mailbox sends at most 27 mails a minute. It waits until 2026-01-16T08:00:00.000Z',
  );
  expect(told('messagesPerMinute', true)).toContain('at most 30 mails a minute');
  expect(told('recipientsPerDay', false)).toContain('at most 900 recipients in 24 hours');
  expect(told('applicationMessagesPerMinute', false)).toContain('this application sends at most 4 mails a minute from this mailbox');
  expect(told('applicationRecipientsPerDay', false)).toContain('this application has at most 50 recipients in 24 hours');
  expect(told('tenantExternalRecipientsPerDay', false)).toContain('the tenant has at most 9000 external recipients in 24 hours');
});

test('what is not limited has no number', () => {
  const limits = limitsOf(RULES);
  expect(limitOf('applicationRecipientsPerDay', limits, false, undefined)).toBe(0);
  expect(limitOf('tenantExternalRecipientsPerDay', limits, false, undefined)).toBe(0);
});

test('a mail without a time says what will become of it', () => {
  const [end, again] = ['2026-01-17T08:00:00.000Z', '2026-01-16T20:00:00.000Z'];
  expect(tooLateInWords('recipientsPerDay', 5, '2026-01-18T08:00:00.000Z', end, again)).toBe(
    `limit recipientsPerDay: this mailbox has at most 5 recipients in 24 hours. It fits only at 2026-01-18T08:00:00.000Z, and its lifetime ends at ${end}: if nothing changes, it expires then. It asks again at ${again}`,
  );
  expect(tooLateInWords('recipientsPerDay', 5, undefined, end, again)).toContain('does not fit at any time that can be foreseen');
});

test('a recipient is external if its domain is none of the accepted ones, in whatever spelling', () => {
  const addresses = ['a@contoso.com', 'b@CONTOSO.COM', 'c@exämple.com', 'd@mail.contoso.com', 'e@example.org', 'nobody'];
  const recipients = addresses.map((address) => ({ address }));
  expect(externalOf(recipients, ['contoso.com', 'xn--exmple-cua.com'])).toBe(3);
  expect(externalOf(recipients, [])).toBe(6);
});

test('a report that speaks of a limit names it by its code', () => {
  expect(['5.1.90', '5.2.2', '5.7.232', '5.7.233', '5.1.8', 'constructor'].map(reportedLimit)).toEqual([
    'recipientsPerDay',
    'recipientsPerDay',
    'tenantExternalRecipientsPerDay',
    'tenantExternalRecipientsPerDay',
    undefined,
    undefined,
  ]);
});
