// What operators and callers see of the limits.
import { expect, test } from 'vitest';
import { EMPTY_USAGE, type MailboxUsage } from '../../../shared/domain/limits/account.ts';
import { type LimitRules, limitsOf } from '../../../shared/domain/limits/limit-rules.ts';
import { countMore } from '../../../shared/domain/limits/mailbox-usage.ts';
import { nearLimits, tenantView, usageView } from '../../../shared/domain/limits/usage-view.ts';
import { DAY, MINUTE, SECOND, START, VirtualMailbox } from './sending.ts';

const RULES: LimitRules = { messagesPerMinute: 30, recipientsPerDay: 100, acceptedDomains: [], share: 1, urgentReserve: 0.1 };
const LIMITS = limitsOf(RULES);
const mail = { recipients: 1, urgent: false, application: 'app' };

test('what is used and what is left', () => {
  expect(usageView(EMPTY_USAGE, LIMITS, START)).toEqual({
    messagesPerMinute: { limit: 30, used: 0, left: 27 },
    recipientsPerDay: { limit: 100, used: 0, left: 90 },
  });
  const mailbox = new VirtualMailbox(LIMITS);
  for (let n = 0; n < 5; n++) mailbox.post(START + n, { recipients: 3, urgent: n === 4 });
  mailbox.run(START + SECOND);
  expect(usageView(mailbox.usage, LIMITS, START + SECOND)).toEqual({
    messagesPerMinute: { limit: 30, used: 5, left: 23 },
    recipientsPerDay: { limit: 100, used: 15, left: 78 },
  });
  expect(usageView(mailbox.usage, LIMITS, START + 2 * MINUTE).messagesPerMinute.used).toBe(0);
});

test('if nothing is left, it says when something is', () => {
  const mailbox = new VirtualMailbox(LIMITS);
  for (let n = 0; n < 40; n++) mailbox.post(START + n);
  mailbox.run(START + SECOND);
  const { messagesPerMinute } = usageView(mailbox.usage, LIMITS, START + SECOND);
  expect(messagesPerMinute).toMatchObject({ used: 27, left: 0 });
  expect(Date.parse(messagesPerMinute.returnsDateTime as string)).toBeGreaterThan(START + MINUTE);
  const full = countMore(EMPTY_USAGE, { ...mail, recipients: 90 }, LIMITS, START);
  const { recipientsPerDay } = usageView(full, LIMITS, START + SECOND);
  expect(recipientsPerDay).toMatchObject({ used: 90, left: 0 });
  expect(Date.parse(recipientsPerDay.returnsDateTime as string)).toBeGreaterThanOrEqual(START + DAY);
});

test('what nobody may use returns after all that can be foreseen, at the earliest', () => {
  const days = Array.from({ length: 10 * 96 }, (_, bucket) => [Math.floor(START / 900_000) + bucket, 10] as const);
  expect(tenantView(days, 10, START)).toEqual({ limit: 10, used: 10, left: 0, returnsDateTime: '2026-01-20T08:00:00.000Z' });
});

test('operators are told once for each window that a limit is near', () => {
  const count = (usage: MailboxUsage, recipients: number, at: number) => countMore(usage, { ...mail, recipients }, LIMITS, at);
  const some = nearLimits(count(EMPTY_USAGE, 79, START), LIMITS, 'app');
  expect(some.near).toEqual([]);
  const near = nearLimits(count(some.usage, 1, START), LIMITS, 'app');
  expect(near.near).toEqual([{ name: 'recipientsPerDay', limit: 100, used: 80 }]);
  expect(nearLimits(count(near.usage, 5, START + DAY - 1), LIMITS, 'app').near).toEqual([]);
  expect(nearLimits(count(near.usage, 85, START + DAY), LIMITS, 'app').near).toHaveLength(1);
});

test('what is left for an application that has limits of its own', () => {
  const limits = limitsOf(RULES, {}, { recipientsPerDay: 10, messagesPerMinute: 2 });
  const usage = countMore(EMPTY_USAGE, { ...mail, recipients: 10 }, limits, START);
  expect(usageView(usage, limits, START, 'App').application).toEqual({
    messagesPerMinute: { limit: 2, used: 0, left: 2 },
    recipientsPerDay: { limit: 10, used: 10, left: 0, returnsDateTime: expect.any(String) },
  });
  const share = limitsOf(RULES, {}, { shareOfDay: 0.5 });
  expect(Object.keys(usageView(EMPTY_USAGE, share, START, 'app').application ?? {})).toEqual(['recipientsPerDay']);
  const minute = limitsOf(RULES, {}, { messagesPerMinute: 2 });
  expect(Object.keys(usageView(EMPTY_USAGE, minute, START, 'app').application ?? {})).toEqual(['messagesPerMinute']);
});

test('also of an application', () => {
  const limits = limitsOf(RULES, {}, { recipientsPerDay: 10 });
  const { near } = nearLimits(countMore(EMPTY_USAGE, { ...mail, recipients: 8 }, limits, START), limits, 'app');
  expect(near).toEqual([{ name: 'applicationRecipientsPerDay', limit: 10, used: 8 }]);
});
