// The table of settings: each row is complete, and its example is one that it takes.

import { describe, expect, test } from 'vitest';
import { readConfig } from '../../shared/settings/config.ts';
import type { Setting } from '../../shared/settings/setting.ts';
import { SETTINGS } from '../../shared/settings/settings.ts';
import { AZURE, problems } from '../support/azure-settings.ts';

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
