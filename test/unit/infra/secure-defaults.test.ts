// No keys anywhere: what has local authentication has it switched off, and nothing speaks without TLS.
import { describe, expect, it } from 'vitest';
import { at, BICEP_FILES, literal, made, RESOURCES } from './bicep.ts';

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
  'Microsoft.Authorization/roleAssignments': {},
  'Microsoft.Insights/diagnosticSettings': {},
  'Microsoft.Insights/actionGroups': {},
  'Microsoft.Insights/scheduledQueryRules': {},
  'Microsoft.Insights/metricAlerts': {},
  'Microsoft.Insights/workbooks': {},
  'Microsoft.Network/virtualNetworks': {},
  'Microsoft.Network/natGateways': {},
  'Microsoft.Network/publicIPAddresses': { 'properties.publicIPAllocationMethod': 'Static' },
  'Microsoft.Network/privateEndpoints': {},
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups': {},
  'Microsoft.Network/privateDnsZones': {},
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': { 'properties.registrationEnabled': false },
};

it('only kinds of resources that these rules know are made', () => {
  const kinds = new Set(RESOURCES.filter((r) => !r.existing).map((r) => r.type));
  expect([...kinds].sort()).toEqual(Object.keys(REQUIRED).sort());
});

describe.each(Object.entries(REQUIRED).filter(([, rules]) => Object.keys(rules).length > 0))('%s', (type, rules) => {
  it.each(Object.entries(rules))('has %s = %s', (path, value) => {
    for (const { body } of made(type)) expect(literal(at(body, path))).toBe(value);
  });
});

it('publishing by user name and password is off for FTP and for the deployment site', () => {
  const names = made('Microsoft.Web/sites/basicPublishingCredentialsPolicies').map(({ body }) => literal(at(body, 'name')));
  expect(names.sort()).toEqual(['ftp', 'scm']);
});

describe.each(BICEP_FILES)('infra/$name', ({ text }) => {
  it('fetches no key, makes no SAS and holds no connection string', () => {
    expect(text).not.toMatch(/\blist(Keys|AccountSas|ServiceSas|Secrets|Credentials)?\(|\.list\w+\(|getSecret\(/);
    expect(text).not.toMatch(/AccountKey=|SharedAccessKey|sig=|RootManageSharedAccessKey|@secure\(/);
  });
});

it('the app speaks to storage, queue and telemetry as its own identity', () => {
  const text = BICEP_FILES.find((f) => f.name === 'modules/function-app.bicep')?.text ?? '';
  expect(text).toContain("AzureWebJobsStorage__credential: 'managedidentity'");
  expect(text).toContain('Authorization=AAD');
  expect(text).not.toMatch(/AzureWebJobsStorage:|FUNCTIONS_WORKER_RUNTIME|WEBSITE_RUN_FROM_PACKAGE/);
});
