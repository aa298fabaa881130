// Only roles that are listed here are given, each to whom and on what this table says.
import { expect, it } from 'vitest';
import { compiled, deployed, ENOUGH, ofType, onTemplate, type Resource } from './bicep.ts';

/** Built-in roles of Azure, https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const ROLES: Record<string, string> = {
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe': 'Storage Blob Data Contributor',
  '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1': 'Storage Blob Data Reader',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
  '76199698-9eea-4c19-bc75-cec21354c6b6': 'Storage Table Data Reader',
  '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39': 'Azure Service Bus Data Sender',
  '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0': 'Azure Service Bus Data Receiver',
  '090c5cfd-751d-490a-894a-3ce6f1109419': 'Azure Service Bus Data Owner',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
  '73c42c96-874c-492b-b04d-ab87d138a893': 'Log Analytics Reader',
  'd5a91429-5739-47e2-a06b-3470a27159e7': 'EventGrid Data Sender',
  'e147488a-f6f5-4113-8e2d-b22465e65bf6': 'Key Vault Crypto Service Encryption User',
};

const GROUP = '11111111-2222-3333-4444-555555555555';

/** `role on resource`, the resource by its type and the last part of its name, less what is the installation's. */
function given(resources: readonly Resource[], toGroup: boolean): string[] {
  const assignments = ofType(resources, 'Microsoft.Authorization/roleAssignments');
  return assignments
    .filter(({ properties }) => (properties.principalId === GROUP) === toGroup)
    .map(({ id, properties }) => {
      const role = ROLES[String(properties.roleDefinitionId).split('/').at(-1) as string];
      const scope = (id.split('/providers/Microsoft.Authorization/')[0] as string).split('/').slice(-2).join('/');
      return `${role} on ${scope.replace(/-?mail-?[a-z0-9]{8}$/, '')}`;
    })
    .sort();
}

const APP = [
  'Azure Service Bus Data Receiver on queues/send-requests',
  'Azure Service Bus Data Sender on queues/send-requests',
  'Monitoring Metrics Publisher on components/appi',
  'Storage Blob Data Contributor on containers/content',
  'Storage Blob Data Contributor on containers/kept',
  'Storage Blob Data Contributor on containers/poison',
  'Storage Blob Data Owner on storageAccounts/sthq',
  'Storage Blob Data Reader on containers/policy',
  'Storage Table Data Contributor on storageAccounts/sthq',
  'Storage Table Data Contributor on storageAccounts/stmq',
];

onTemplate('rights in Azure', () => {
  it('the app reads the sender policy and cannot write it, and owns the host storage but not its data', async () => {
    expect(given(await deployed({ ...ENOUGH, serviceBusOwner: false }), false)).toEqual(APP);
  });

  it('the app also owns the namespace unless somebody chose otherwise, since the platform counts messages by that right only', async () => {
    expect(given(await deployed(), false)).toEqual([...APP, 'Azure Service Bus Data Owner on namespaces/sbns'].sort());
  });

  it.each([
    ['a custom topic', 'topics/contoso', 'EventGrid Data Sender on topics/contoso'],
    ['a topic of a namespace', 'namespaces/contoso/topics/mail', 'EventGrid Data Sender on topics/mail'],
  ])('the app may publish on %s if events are on, and nothing else of Event Grid', async (_kind, topic, right) => {
    const eventTopicId = `/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups/events/providers/Microsoft.EventGrid/${topic}`;
    const rights = given(await deployed({ ...ENOUGH, serviceBusOwner: false, eventTopicId }), false);
    expect(rights).toEqual([...APP, right].sort());
  });

  it('operators read the log, set-aside content and telemetry, and write the sender policy', async () => {
    expect(given(await deployed({ ...ENOUGH, operatorGroupId: GROUP }), true)).toEqual([
      'Log Analytics Reader on workspaces/log',
      'Storage Blob Data Contributor on containers/policy',
      'Storage Blob Data Reader on storageAccounts/stmq',
      'Storage Table Data Reader on storageAccounts/stmq',
    ]);
    expect(given(await deployed(), true)).toEqual([]);
  });

  it('a workspace of your own keeps its rights', async () => {
    const workspaceId =
      '/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/own';
    const resources = await deployed({ ...ENOUGH, operatorGroupId: GROUP, monitoring: { ...ENOUGH.monitoring, workspaceId } });
    expect(given(resources, true).filter((right) => right.includes('workspaces'))).toEqual([]);
    expect(ofType(resources, 'Microsoft.OperationalInsights/workspaces')).toEqual([]);
    expect(ofType(resources, 'Microsoft.Insights/components')[0]?.properties.WorkspaceResourceId).toBe(workspaceId);
  });

  it('no other GUID stands in the template', () => {
    const ids = JSON.stringify(compiled()).match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi) ?? [];
    // The workbook's parameters have ids of their own.
    expect([...new Set(ids)].filter((id) => !id.startsWith('b0b7c6f2-')).sort()).toEqual(Object.keys(ROLES).sort());
  });
});
