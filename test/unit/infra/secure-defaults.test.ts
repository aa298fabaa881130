// No keys anywhere: what has local authentication has it switched off, and nothing speaks without TLS.
import { expect, it } from 'vitest';
import { applicationSettings, at, compiled, deployed, ENOUGH, made, ofType, one, onTemplate } from './bicep.ts';

/** What each kind of resource that is made here must say; a kind that isn't listed has to be thought about first. */
const REQUIRED: Record<string, Record<string, unknown>> = {
  'Microsoft.Storage/storageAccounts': {
    'properties.allowSharedKeyAccess': false,
    'properties.allowBlobPublicAccess': false,
    'properties.allowCrossTenantReplication': false,
    'properties.isLocalUserEnabled': false,
    'properties.defaultToOAuthAuthentication': true,
    'properties.supportsHttpsTrafficOnly': true,
    'properties.minimumTlsVersion': 'TLS1_2',
  },
  'Microsoft.Storage/storageAccounts/blobServices': {},
  'Microsoft.Storage/storageAccounts/blobServices/containers': { 'properties.publicAccess': 'None' },
  'Microsoft.Storage/storageAccounts/tableServices': {},
  'Microsoft.Storage/storageAccounts/tableServices/tables': {},
  'Microsoft.Storage/storageAccounts/managementPolicies': {},
  'Microsoft.ServiceBus/namespaces': { 'properties.disableLocalAuth': true, 'properties.minimumTlsVersion': '1.2' },
  'Microsoft.ServiceBus/namespaces/queues': {},
  'Microsoft.OperationalInsights/workspaces': { 'properties.features.disableLocalAuth': true },
  'Microsoft.Insights/components': { 'properties.DisableLocalAuth': true },
  'Microsoft.Web/serverfarms': { 'sku.name': 'FC1', 'sku.tier': 'FlexConsumption', 'properties.reserved': true },
  'Microsoft.Web/sites': {
    'identity.type': 'UserAssigned',
    'properties.httpsOnly': true,
    'properties.siteConfig.ftpsState': 'Disabled',
    'properties.siteConfig.minTlsVersion': '1.2',
    'properties.siteConfig.scmMinTlsVersion': '1.2',
    'properties.functionAppConfig.deployment.storage.authentication.type': 'UserAssignedIdentity',
    'properties.functionAppConfig.runtime.name': 'node',
  },
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': { 'properties.allow': false },
  'Microsoft.ManagedIdentity/userAssignedIdentities': {},
  'Microsoft.Authorization/locks': { 'properties.level': 'CanNotDelete' },
  'Microsoft.Authorization/roleAssignments': {},
  'Microsoft.Insights/diagnosticSettings': {},
  'Microsoft.Insights/actionGroups': {},
  'Microsoft.Insights/scheduledQueryRules': {},
  'Microsoft.Insights/metricAlerts': {},
  'Microsoft.Insights/webtests': { 'properties.ValidationRules.SSLCheck': true },
  'Microsoft.Insights/workbooks': {},
  'Microsoft.Network/virtualNetworks': {},
  'Microsoft.Network/natGateways': {},
  'Microsoft.Network/publicIPAddresses': { 'properties.publicIPAllocationMethod': 'Static' },
  'Microsoft.Network/privateEndpoints': {},
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups': {},
  'Microsoft.Network/privateDnsZones': {},
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': { 'properties.registrationEnabled': false },
};

onTemplate('what is made', () => {
  it('is of kinds that these rules know', () => {
    expect([...new Set(made().map(({ type }) => type))].sort()).toEqual(Object.keys(REQUIRED).sort());
  });

  it.each(Object.entries(REQUIRED).flatMap(([type, rules]) => Object.entries(rules).map(([path, value]) => [type, path, value] as const)))(
    '%s has %s = %s',
    (type, path, value) => {
      const found = made().filter((resource) => resource.type === type);
      expect(found.map((resource) => at(resource, path))).toEqual(found.map(() => value));
    },
  );

  it('publishes by no user name and password, neither by FTP nor to the deployment site', () => {
    const policies = made().filter(({ type }) => type === 'Microsoft.Web/sites/basicPublishingCredentialsPolicies');
    expect(policies.map(({ name }) => /'(\w+)'\)\]$/.exec(name)?.[1]).sort()).toEqual(['ftp', 'scm']);
  });

  it('fetches no key, makes no SAS, takes no secret and holds no connection string', () => {
    const text = JSON.stringify(compiled());
    expect(text).not.toMatch(/\blist(Keys|AccountSas|ServiceSas|Secrets|Credentials)?\(|getSecret\(|"secure(string|object)"/i);
    expect(text).not.toMatch(/AccountKey=|SharedAccessKey|sig=|RootManageSharedAccessKey/);
  });

  it('lets the app speak to storage, queue and telemetry as its own identity', async () => {
    const settings = applicationSettings(await deployed());
    expect(settings.get('AzureWebJobsStorage__credential')).toBe('managedidentity');
    expect(settings.get('SERVICE_BUS__credential')).toBe('managedidentity');
    expect(settings.get('APPLICATIONINSIGHTS_AUTHENTICATION_STRING')).toContain('Authorization=AAD');
    expect(
      [...settings.keys()].filter((name) => /^(AzureWebJobsStorage|FUNCTIONS_WORKER_RUNTIME|WEBSITE_RUN_FROM_PACKAGE)$/.test(name)),
    ).toEqual([]);
  });
});

onTemplate('network isolation', () => {
  const ISOLATED = { ...ENOUGH, networkIsolation: true, serviceBusSku: 'Premium' };

  it('closes both storage accounts and the namespace, and reaches each by a private endpoint', async () => {
    const resources = await deployed(ISOLATED);
    const closed = [...ofType(resources, 'Microsoft.Storage/storageAccounts'), ...ofType(resources, 'Microsoft.ServiceBus/namespaces')];
    expect(closed.map(({ properties }) => properties.publicNetworkAccess)).toEqual(['Disabled', 'Disabled', 'Disabled']);
    expect(made().filter(({ type }) => type === 'Microsoft.Network/privateEndpoints')).toHaveLength(1);
    expect(one(resources, 'Microsoft.Network/virtualNetworks').properties.subnets).toHaveLength(2);
  });

  it('takes subnets of your own, and makes no network then', async () => {
    const network =
      '/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/hub';
    const existingNetwork = { appSubnetId: `${network}/subnets/mail`, endpointSubnetId: `${network}/subnets/endpoints` };
    const resources = await deployed({ ...ISOLATED, existingNetwork });
    expect(ofType(resources, 'Microsoft.Network/virtualNetworks')).toEqual([]);
    expect(one(resources, 'Microsoft.Web/sites').properties.virtualNetworkSubnetId).toBe(existingNetwork.appSubnetId);
  });

  it('is not asked for by default, and then no network is made', async () => {
    expect((await deployed()).filter(({ type }) => type.startsWith('Microsoft.Network/'))).toEqual([]);
  });
});
