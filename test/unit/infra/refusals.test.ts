// What cannot work is refused with words before anything is deployed, and whatever azd calls an environment becomes a name.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { azdParameters, deployed, ENOUGH, ofType, one, onTemplate, safeNames } from './bicep.ts';

const { entraAudience: _, ...WITHOUT_AUDIENCE } = ENOUGH;

/** Rules of the platform: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
const NAMES: readonly [type: string, rule: RegExp][] = [
  ['Microsoft.Storage/storageAccounts', /^[a-z0-9]{3,24}$/],
  ['Microsoft.ServiceBus/namespaces', /^[a-z](?!.*--)[a-z0-9-]{4,48}[a-z0-9]$/],
  ['Microsoft.Web/sites', /^[a-z0-9](?!.*--)[a-z0-9-]{0,58}[a-z0-9]$/],
  ['Microsoft.OperationalInsights/workspaces', /^[a-z0-9][a-z0-9-]{2,61}[a-z0-9]$/],
  ['Microsoft.ManagedIdentity/userAssignedIdentities', /^[a-z0-9][a-z0-9_-]{2,127}$/],
];

onTemplate('the deployment refuses', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['callers by Entra tokens without an audience', WITHOUT_AUDIENCE, /entraAudience is missing.*azd env set ENTRA_AUDIENCE/],
    ['production without anybody who is told of alerts', { ...ENOUGH, monitoring: {} }, /Nobody would get the alerts.*ALERT_EMAILS/],
    [
      'least rights without a worker that is always ready',
      { ...ENOUGH, serviceBusOwner: false, scale: { workerAlwaysReadyInstances: 0 } },
      /nothing would start a worker/,
    ],
    ['network isolation with Service Bus Standard', { ...ENOUGH, networkIsolation: true }, /need serviceBusSku Premium/],
    ['zones with one instance that is always ready', { ...ENOUGH, scale: { zoneRedundant: true } }, /must be 0, or 2 and more/],
    ['a name of which nothing is left', { ...ENOUGH, name: '._()' }, /has no letter a to z and no digit/],
    [
      'messages that are too large for the memory of the instances',
      { ...ENOUGH, settings: { MAXIMUM_MESSAGE_SIZE: '157286400' } },
      /of 2048 MB have memory for messages of 104857600 bytes/,
    ],
    // By the type of the parameter: the compiler itself.
    ['a reconciler that is slower than its alert', { ...ENOUGH, settings: { RECONCILE_SCHEDULE: '0 0 * * * *' } }, /Compilation failed/],
  ])('%s', async (_what, parameters, words) => {
    await expect(deployed(parameters)).rejects.toThrow(words);
  });
});

onTemplate('the deployment takes', () => {
  it('function keys without an audience, and sets none then', async () => {
    const site = one(await deployed({ ...WITHOUT_AUDIENCE, settings: { CALLER_AUTH: 'function-key' } }), 'Microsoft.Web/sites');
    expect(site.properties.siteConfig.appSettings.map((s: { name: string }) => s.name)).not.toContain('ENTRA_AUDIENCE');
  });

  it('a trial without anybody who is told of alerts', async () => {
    const resources = await deployed({ ...ENOUGH, monitoring: {}, environmentType: 'test' });
    expect(ofType(resources, 'Microsoft.Insights/actionGroups')).toEqual([]);
    for (const { properties } of ofType(resources, 'Microsoft.Insights/scheduledQueryRules'))
      expect(properties.actions.actionGroups).toEqual([]);
  });

  it('action groups that there are already, beside one for addresses and webhooks', async () => {
    const group = '/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups/ops/providers/Microsoft.Insights/actionGroups/night';
    const monitoring = { alertWebhooks: ['https://contoso.com/hook'], actionGroupIds: [group] };
    const resources = await deployed({ ...ENOUGH, monitoring });
    const own = one(resources, 'Microsoft.Insights/actionGroups');
    expect(own.properties.webhookReceivers).toMatchObject([{ serviceUri: 'https://contoso.com/hook' }]);
    for (const { properties } of ofType(resources, 'Microsoft.Insights/metricAlerts'))
      expect(properties.actions).toEqual([{ actionGroupId: own.id }, { actionGroupId: group }]);
  });

  it('locks, on the status log and the queue, if they are asked for', async () => {
    const locks = ofType(await deployed({ ...ENOUGH, locked: true }), 'Microsoft.Authorization/locks').map(({ id }) => id);
    expect(locks.map((id) => /providers\/(Microsoft\.\w+)/.exec(id)?.[1]).sort()).toEqual(['Microsoft.ServiceBus', 'Microsoft.Storage']);
  });
});

/** What azd takes: EnvironmentNameRegexp in cli/azd/pkg/environment/environment.go of Azure/azure-dev. */
const AZD_NAME = fc.stringMatching(/^[a-zA-Z0-9()_.-]{1,64}$/).filter((name) => /[a-zA-Z0-9]/.test(name));

onTemplate('the name of an azd environment', () => {
  it('becomes 1 to 20 lower-case letters, digits and single hyphens, not at the ends', async () => {
    const odd = ['Contoso_Mail.PROD-(EU)', 'a', '0', '-_.x._-', 'ABCDEFGHIJKLMNOPQRS-TUVWXYZ', `${'x'.repeat(63)}.`, 'Straße, 東京 1'];
    const names = [...odd, ...fc.sample(AZD_NAME, { numRuns: 200, seed: 14 })];
    const safe = await safeNames(names);
    expect(safe).toHaveLength(names.length);
    expect(safe.filter((name) => !/^(?!.*--)[a-z0-9](|[a-z0-9-]{0,18}[a-z0-9])$/.test(name))).toEqual([]);
    expect(safe.slice(0, 5)).toEqual(['contoso-mail-prod-eu', 'a', '0', 'x', 'abcdefghijklmnopqrs']);
  });

  it('becomes names that the platform takes, and which another environment has not', async () => {
    const resources = await deployed({ ...ENOUGH, name: 'Contoso_Mail.PROD-(EU)' });
    for (const [type, rule] of NAMES) for (const resource of ofType(resources, type)) expect(resource.name).toMatch(rule);
    const other = await deployed({ ...ENOUGH, name: 'contoso-mail-prod-eu' });
    expect(one(other, 'Microsoft.Web/sites').name).not.toBe(one(resources, 'Microsoft.Web/sites').name);
  });
});

onTemplate('main.bicepparam', () => {
  it('takes its values from the azd environment', () => {
    const group = '11111111-2222-3333-4444-555555555555';
    const values = azdParameters({
      AZURE_ENV_NAME: 'Contoso',
      ENTRA_AUDIENCE: 'api://mail',
      MAIL_QUEUE_ENVIRONMENT: 'test',
      STORAGE_SKU: 'Standard_LRS',
      OPERATOR_GROUP_ID: group,
      ALERT_EMAILS: 'a@contoso.com,b@contoso.com',
      ALERT_WEBHOOKS: 'https://contoso.com/hook',
    });
    expect(values).toEqual({
      name: 'Contoso',
      environmentType: 'test',
      entraAudience: 'api://mail',
      operatorGroupId: group,
      storageSku: 'Standard_LRS',
      monitoring: { alertEmails: ['a@contoso.com', 'b@contoso.com'], alertWebhooks: ['https://contoso.com/hook'], actionGroupIds: [] },
      settings: {},
    });
  });
});
