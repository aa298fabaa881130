// Whether a report was made by our own organization's Exchange: by what a stranger cannot write, and an employee neither.
import { describe, expect, test } from 'vitest';
import { isOfOwnOrganization } from '../../../shared/domain/reports/own-organization.ts';

const AUTH: [string, string] = ['x-ms-exchange-organization-authas', 'Internal'];
const FROM: [string, string] = ['from', 'Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@contoso.com>'];
const made = (...fields: [string, string][]) => isOfOwnOrganization(fields.map(([name, value]) => ({ name, value })));

describe('a report is of our own organization', () => {
  test.each([
    ["Exchange's own reporter", [AUTH, FROM]],
    ['the postmaster', [AUTH, ['from', 'postmaster@contoso.com']]],
    ['the postmaster with a name', [AUTH, ['from', '"Mail Delivery" <postmaster@contoso.com>']]],
  ] as [string, [string, string][]][])('if %s has submitted it within the organization', (_, fields) => {
    expect(made(...fields)).toBe(true);
  });

  test.each([
    ['it came from outside', [['x-ms-exchange-organization-authas', 'Anonymous'], FROM]],
    ['nothing says who submitted it', [FROM]],
    ['two fields contradict each other', [AUTH, ['x-ms-exchange-organization-authas', 'Anonymous'], FROM]],
    ['an employee sent it', [AUTH, ['from', 'Ada <ada@contoso.com>']]],
    ['the postmaster is only a name', [AUTH, ['from', '"postmaster@contoso.com" <ada@contoso.com>']]],
    ['it has two senders', [AUTH, FROM, ['from', 'ada@contoso.com']]],
    ['it has no sender', [AUTH]],
    ['its sender is empty', [AUTH, ['from', '']]],
  ] as [string, [string, string][]][])('not if %s', (_, fields) => {
    expect(made(...fields)).toBe(false);
  });
});
