// Which limits hold for a mailbox, an application and the tenant.
import { expect, test } from 'vitest';
import { allowanceOf, type LimitRules, limitsOf, tenantLimitOf } from '../../../shared/domain/limits/limit-rules.ts';

const RULES: LimitRules = { messagesPerMinute: 30, recipientsPerDay: 10_000, acceptedDomains: [], share: 0.8, urgentReserve: 0.1 };

test('the queue uses its share of each limit, and a part of it is for urgent mail', () => {
  expect(limitsOf(RULES)).toEqual({
    total: { messagesPerMinute: 24, recipientsPerDay: 8_000 },
    urgent: { messagesPerMinute: 3, recipientsPerDay: 800 },
    bulk: { messagesPerMinute: 21, recipientsPerDay: 7_200 },
  });
});

test('the sender policy lowers a limit and never raises one', () => {
  expect(limitsOf(RULES, { messagesPerMinute: 10, recipientsPerDay: 9_000 }).total).toEqual({
    messagesPerMinute: 10,
    recipientsPerDay: 8_000,
  });
});

test('an application has a limit of its own, or a share of the day, whichever is lower', () => {
  expect(limitsOf(RULES, {}, { shareOfDay: 0.5 }).application).toEqual({ recipientsPerDay: 4_000 });
  expect(limitsOf(RULES, {}, { shareOfDay: 0.5, recipientsPerDay: 100 }).application).toEqual({ recipientsPerDay: 100 });
  expect(limitsOf(RULES, {}, { messagesPerMinute: 2 }).application).toEqual({ messagesPerMinute: 2 });
});

test('the smallest limit leaves one mail, which is not kept for urgent mail', () => {
  const { bulk, urgent } = limitsOf({ ...RULES, messagesPerMinute: 1, recipientsPerDay: 1 });
  expect(bulk).toEqual({ messagesPerMinute: 1, recipientsPerDay: 1 });
  expect(urgent).toEqual({ messagesPerMinute: 0, recipientsPerDay: 0 });
});

test("the tenant's external recipients follow from its licences, by Microsoft's formula", () => {
  // Microsoft's own table, in the announcement of the limit.
  const table = { 1: 10_000, 2: 10_312, 10: 12_006, 25: 14_259, 100: 22_059, 1000: 72_446, 10000: 324_979, 100000: 1_590_639 };
  for (const [licences, recipients] of Object.entries(table)) expect(allowanceOf(licences)).toBe(recipients);
  expect(allowanceOf('trial')).toBe(5_000);
  for (const wrong of ['0', '-1', '1.5', 'many', '1e3']) expect(allowanceOf(wrong)).toBeUndefined();
  expect(tenantLimitOf({ ...RULES, tenantExternalRecipientsPerDay: 10_000 })).toBe(8_000);
  expect(tenantLimitOf(RULES)).toBeUndefined();
});
