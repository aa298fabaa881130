// Tables and containers that the deployment makes are those that the code uses, and nothing is deleted that may still be needed.
import { expect, it } from 'vitest';
import { CONTAINERS } from '../../../shared/adapters/blob-storage/blob-content-store.ts';
import { POLICY_CONTAINER } from '../../../shared/adapters/blob-storage/blob-policy-source.ts';
import { TABLE_NAME } from '../../../shared/adapters/table-storage/table-client.ts';
import { durationMs } from '../../../shared/domain/duration.ts';
import { MAXIMUM_SEND_AHEAD_DAYS } from '../../../shared/domain/submit/queue-message.ts';
import { SETTINGS } from '../../../shared/settings/settings.ts';
import { applicationSettings, definition, deployed, ENOUGH, ofType, one, onTemplate } from './bicep.ts';

interface Rule {
  definition: {
    actions: {
      baseBlob: { delete: { daysAfterModificationGreaterThan: number } };
      version: { delete: { daysAfterCreationGreaterThan: number } };
    };
    filters: { prefixMatch: string[] };
  };
}

/** Names of what is in an account: `data` or `host`. */
async function inside(account: 'data' | 'host', type: string): Promise<string[]> {
  const found = ofType(await deployed(), `Microsoft.Storage/storageAccounts/${type}`);
  return found
    .filter(({ name }) => name.startsWith(account === 'data' ? 'stmq' : 'sthq'))
    .map(({ name }) => name.split('/').at(-1) as string);
}

const rules = async (parameters?: Record<string, unknown>): Promise<Rule[]> =>
  one(await deployed(parameters), 'Microsoft.Storage/storageAccounts/managementPolicies').properties.policy.rules;

const days = async (container: string, parameters?: Record<string, unknown>): Promise<number> => {
  const rule = (await rules(parameters)).find(({ definition }) => definition.filters.prefixMatch.includes(`${container}/`));
  return rule?.definition.actions.baseBlob.delete.daysAfterModificationGreaterThan ?? Number.NaN;
};

onTemplate('storage', () => {
  it('has the table of the status log', async () => {
    expect(await inside('data', 'tableServices/tables')).toEqual([TABLE_NAME]);
  });

  it('has a container each for content, kept content, poison and the sender policy, and another account for the package', async () => {
    expect(await inside('data', 'blobServices/containers')).toEqual([...Object.values(CONTAINERS), POLICY_CONTAINER]);
    expect(await inside('host', 'blobServices/containers')).toEqual(['deployment']);
  });

  it('ends content, kept content and poison; the sender policy and its versions have no end', async () => {
    const ended = (await rules()).flatMap(({ definition }) => definition.filters.prefixMatch);
    expect(ended).toEqual(Object.values(CONTAINERS).map((container) => `${container}/`));
  });

  it('keeps versions, for the sender policy; versions of mail go after a day', async () => {
    const services = ofType(await deployed(), 'Microsoft.Storage/storageAccounts/blobServices');
    expect(services.map(({ name, properties }) => [name.slice(0, 4), properties.isVersioningEnabled])).toEqual([
      ['stmq', true],
      ['sthq', false],
    ]);
    for (const { definition } of await rules()) expect(definition.actions.version.delete.daysAfterCreationGreaterThan).toBe(1);
  });

  it('keeps content that was left behind beyond the lifetime of its request, also of the mail that was put off the longest', async () => {
    expect((await days('content')) - 2).toBeGreaterThanOrEqual(MAXIMUM_SEND_AHEAD_DAYS + 7);
    expect((await days('content', { ...ENOUGH, sendLifetimeDays: 10 })) - (await days('content'))).toBe(8);
    expect(definition('retentionType').properties?.['contentMarginDays']?.minValue).toBe(MAXIMUM_SEND_AHEAD_DAYS + 7);
  });

  it('keeps what may be sent again as long as reports are read, and tells the app how long that is', async () => {
    const window = SETTINGS.find(({ name }) => name === 'REPORT_WINDOW') as { default: string };
    expect((await days('kept')) * 86_400_000).toBeGreaterThanOrEqual(durationMs(window.default));
    for (const parameters of [undefined, { ...ENOUGH, retention: { keptContentDays: 7 } }]) {
      const settings = applicationSettings(await deployed(parameters));
      expect(settings.get('KEPT_CONTENT_DAYS')).toBe(String(await days('kept', parameters)));
    }
  });

  it('keeps poison longer than what is kept for a resend', async () => {
    expect(await days('poison')).toBeGreaterThan(await days('kept'));
  });
});
