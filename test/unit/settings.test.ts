// The table of settings: each row is complete, and its example is one that it takes.

import { describe, expect, test } from 'vitest';
import { readConfig } from '../../shared/settings/config.ts';
import type { Setting } from '../../shared/settings/setting.ts';
import { ConfigError } from '../../shared/settings/setting-problem.ts';
import { SETTINGS } from '../../shared/settings/settings.ts';

const AZURE = {
  SERVICE_BUS__fullyQualifiedNamespace: 'contoso-mail.servicebus.windows.net',
  STORAGE__tableServiceUri: 'https://contosomail.table.core.windows.net',
  STORAGE__blobServiceUri: 'https://contosomail.blob.core.windows.net',
  ENTRA_TENANT_ID: '5F3C8A30-0c3d-4b3e-9d52-6d1b6f1c7a01',
  ENTRA_AUDIENCE: 'api://graph-mail-queue, 6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001',
};

const problems = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

describe('the table of settings', () => {
  const settings: readonly Setting[] = SETTINGS;

  test('has each setting once, with a meaning and an example that it takes itself', () => {
    expect(new Set(settings.map(({ name }) => name)).size).toBe(settings.length);
    for (const { name, example, meaning, default: standard } of settings) {
      expect(meaning.length, name).toBeGreaterThan(5);
      // External recipients can be counted only if it is known who is external.
      const development = { AZURE_FUNCTIONS_ENVIRONMENT: 'Development', ACCEPTED_DOMAINS: 'contoso.com' };
      // What Azure resolves before the app sees it.
      const isReference = example.startsWith('@Microsoft.KeyVault(');
      expect(problems({ ...AZURE, ...development, [name]: example }), name).toHaveLength(isReference ? 1 : 0);
      if (standard !== undefined) expect(problems({ ...AZURE, [name]: standard }), name).toEqual([]);
    }
  });

  test('treats an empty setting as one that is not there', () => {
    expect(readConfig({ ...AZURE, GRAPH_RIGHTS: '', SEND_LIFETIME: '  ' })).toMatchObject({
      graphRights: 'readWrite',
      sendLifetimeMs: 172_800_000,
    });
  });

  test('but an empty CALLER_AUTH is an error: nobody can tell what was meant', () => {
    for (const empty of ['', '  ']) {
      expect(problems({ ...AZURE, CALLER_AUTH: empty })).toEqual([
        'CALLER_AUTH is "": must be one of entra, function-key, none. Example: entra',
      ]);
    }
  });
});
