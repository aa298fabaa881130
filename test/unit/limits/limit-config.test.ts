// The settings of Exchange's limits.
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../shared/settings/config.ts';
import { AZURE, problems } from '../../support/azure-settings.ts';

describe('limits of Exchange', () => {
  const limitsOf = (more: Record<string, string>) => readConfig({ ...AZURE, ...more }).limits;

  test("the tenant's follows from its licences, or is given", () => {
    const domains = { ACCEPTED_DOMAINS: 'Contoso.com, exämple.com' };
    expect(limitsOf({ ...domains, TENANT_LICENCES: '100' })).toMatchObject({
      tenantExternalRecipientsPerDay: 22_059,
      acceptedDomains: ['contoso.com', 'xn--exmple-cua.com'],
    });
    expect(limitsOf({ ...domains, TENANT_LICENCES: 'trial' })?.tenantExternalRecipientsPerDay).toBe(5_000);
    expect(limitsOf({ ...domains, TENANT_EXTERNAL_RECIPIENTS_PER_DAY: '700' })?.tenantExternalRecipientsPerDay).toBe(700);
    expect(limitsOf({ EXCHANGE_LIMITS: 'off' })).toBeUndefined();
  });

  test.each([
    ['MAILBOX_MESSAGES_PER_MINUTE', '0', 'must be at least 1'],
    ['MAILBOX_MESSAGES_PER_MINUTE', '-1', 'is not a whole number'],
    ['MAILBOX_MESSAGES_PER_MINUTE', '31', 'must be at most 30'],
    ['MAILBOX_RECIPIENTS_PER_DAY', '0', 'must be at least 1'],
    ['MAILBOX_RECIPIENTS_PER_DAY', '10001', 'must be at most 10000'],
    ['TENANT_EXTERNAL_RECIPIENTS_PER_DAY', '0', 'must be at least 1'],
    ['TENANT_EXTERNAL_RECIPIENTS_PER_DAY', '22060', 'must be at most 22059'],
    ['TENANT_LICENCES', '0', 'must be a whole number above 0, or trial'],
    ['LIMIT_SHARE', '0', 'must be at least 0.01'],
    ['LIMIT_SHARE', '1.1', 'must be at most 1'],
    ['LIMIT_URGENT_RESERVE', '-0.1', 'is not a number'],
    ['LIMIT_URGENT_RESERVE', '1', 'must be at most 0.9'],
    ['ACCEPTED_DOMAINS', 'contoso', 'which is not a domain'],
    ['ACCEPTED_DOMAINS', '', 'is missing'],
  ])('%s=%s is refused by name', (name, value, words) => {
    const found = problems({ ...AZURE, TENANT_LICENCES: '100', ACCEPTED_DOMAINS: 'contoso.com', [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name} `));
    expect(found[0]).toContain(words);
  });
});
