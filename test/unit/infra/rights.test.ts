// Only roles that are listed here are given, and each by a name that says what it is.
import { describe, expect, it } from 'vitest';
import { at, BICEP_FILES, children, made, properties, variable } from './bicep.ts';

/** Built-in roles of Azure, https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const ALLOWED = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  storageBlobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
  storageTableDataReader: '76199698-9eea-4c19-bc75-cec21354c6b6',
  serviceBusDataSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39',
  serviceBusDataReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0',
  serviceBusDataOwner: '090c5cfd-751d-490a-894a-3ce6f1109419',
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb',
  logAnalyticsReader: '73c42c96-874c-492b-b04d-ab87d138a893',
  keyVaultCryptoServiceEncryptionUser: 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
} as const;

const GIVEN_IN = ['modules/rights.bicep', 'modules/operator-rights.bicep', 'modules/vault-access.bicep'];

describe.each(GIVEN_IN)('infra/%s', (file) => {
  it('names each role as Azure does', () => {
    for (const [name, id] of properties(variable(file, 'roleIds')))
      expect([name, id.text]).toEqual([name, `'${ALLOWED[name as keyof typeof ALLOWED]}'`]);
  });
});

it('no other GUID stands in any Bicep file', () => {
  const ids = BICEP_FILES.flatMap((f) => f.text.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi) ?? []);
  expect([...new Set(ids)].sort()).toEqual(Object.values(ALLOWED).sort());
});

it('role assignments are made in these files only, each on one resource and not on the resource group', () => {
  const assignments = made('Microsoft.Authorization/roleAssignments');
  expect([...new Set(assignments.map((a) => a.file))].sort()).toEqual([...GIVEN_IN].sort());
  for (const { body } of assignments) expect(at(body, 'scope')?.type).toBe('identifier');
});

it('the app owns the namespace only where the parameter says so', () => {
  const roles = variable('modules/rights.bicep', 'namespaceRoles');
  expect(roles.type).toBe('ternary_expression');
  expect(children(roles).map((n) => n.text)).toEqual(['serviceBusOwner', '[roleIds.serviceBusDataOwner]', '[]']);
  expect(BICEP_FILES.find((f) => f.name === 'main.bicep')?.text).toContain('param serviceBusOwner bool = false');
});

it('the app may send to and receive from the one queue', () => {
  expect(children(variable('modules/rights.bicep', 'queueRoles')).map((n) => n.text)).toEqual([
    'roleIds.serviceBusDataSender',
    'roleIds.serviceBusDataReceiver',
  ]);
});
