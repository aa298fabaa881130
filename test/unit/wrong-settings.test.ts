// Which settings are wrong, by name; and references that Azure could not resolve.
import { describe, expect, test } from 'vitest';
import { AZURE, configError } from '../support/azure-settings.ts';

const settingsOf = (environment: Record<string, string>): readonly string[] => configError(environment)?.settings ?? [];

test('a reconciler that runs more seldom than its alert allows is refused, but not in Development', () => {
  const seldom = { ...AZURE, RECONCILE_SCHEDULE: '0 */10 * * * *' };
  expect(configError(seldom)?.problems).toEqual([
    expect.stringMatching(/^RECONCILE_SCHEDULE must run the reconciler at least every five minutes/),
  ]);
  expect(settingsOf({ ...seldom, AZURE_FUNCTIONS_ENVIRONMENT: 'Development' })).toEqual([]);
  expect(settingsOf({ ...AZURE, RECONCILE_SCHEDULE: '0 99 * * * *' })).toEqual(['RECONCILE_SCHEDULE']);
});

test('the error names each wrong setting once', () => {
  const found = settingsOf({ ...AZURE, GRAPH_TIMEOUT: 'PT10M', TELEMETRY_MAILBOX: 'hash', STORAGE__tableServiceUri: 'contoso' });
  expect(found).toEqual(['STORAGE__tableServiceUri', 'GRAPH_TIMEOUT', 'IN_DOUBT_GRACE', 'TELEMETRY_HASH_KEY']);
  expect(settingsOf(AZURE)).toEqual([]);
});

describe('a reference that was not resolved', () => {
  test.each([
    ['APPLICATIONINSIGHTS_CONNECTION_STRING', '@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/insights)'],
    ['OTHER_SETTING', ' @microsoft.keyvault(VaultName=contoso;SecretName=x)'],
    ['GRAPH_RIGHTS', '@Microsoft.AppConfiguration(Endpoint=https://contoso.azconfig.io; Key=rights)'],
  ])('is refused in any setting, also one that this app does not read: %s', (name, reference) => {
    expect(settingsOf({ ...AZURE, [name]: reference, [`APPSETTING_${name}`]: reference })).toEqual([name]);
  });

  test.each(['TELEMETRY_HASH_KEY', 'ENTRA_AUDIENCE', 'SENDER_POLICY', 'GRAPH_TIMEOUT'])(
    'is refused in %s, never used as a value',
    (name) => {
      const reference = '@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/telemetry-key)';
      const found = configError({ ...AZURE, TELEMETRY_MAILBOX: 'hash', TELEMETRY_HASH_KEY: 'x'.repeat(32), [name]: reference });
      expect(found?.problems).toContainEqual(
        expect.stringMatching(
          new RegExp(`^${name} is .*Key Vault or App Configuration reference that was not resolved.*Key Vault Secrets User`),
        ),
      );
    },
  );
});
