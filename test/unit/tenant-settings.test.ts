// The settings of suppression: off unless somebody asks for it.
import { expect, test } from 'vitest';
import { readConfig } from '../../shared/settings/config.ts';

const NEEDED = {
  SERVICE_BUS: 'Endpoint=sb://localhost',
  STORAGE: 'UseDevelopmentStorage=true',
  CALLER_AUTH: 'none',
  AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
};
const expiryMs = (settings: Record<string, string>) => readConfig({ ...NEEDED, ...settings }).suppressionExpiryMs;

test('no address is suppressed by default, also if only the time is set', () => {
  expect(expiryMs({})).toBeUndefined();
  expect(expiryMs({ SUPPRESSION: 'off', SUPPRESSION_EXPIRY: 'P7D' })).toBeUndefined();
});

test('an address is suppressed for 30 days, or for the time that is set', () => {
  expect(expiryMs({ SUPPRESSION: 'on' })).toBe(30 * 86_400_000);
  expect(expiryMs({ SUPPRESSION: 'on', SUPPRESSION_EXPIRY: 'P7D' })).toBe(7 * 86_400_000);
});

test.each([
  ['SUPPRESSION', 'yes'],
  ['SUPPRESSION_EXPIRY', 'PT1M'],
  ['SUPPRESSION_EXPIRY', '30 days'],
])('%s=%s is refused by its name', (name, value) => {
  expect(() => expiryMs({ [name]: value })).toThrow(`${name} is "${value}"`);
});
