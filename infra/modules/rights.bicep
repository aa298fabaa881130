metadata name = 'Rights'
metadata description = 'What the app\'s identity may do in Azure, role by role. Its rights in Microsoft 365 come from rights/grant-mailbox-rights.ps1.'

@description('Required. Resource id of the app\'s identity.')
param identityId string

@description('Required. Principal id of the app\'s identity.')
@minLength(36)
@maxLength(36)
param principalId string

@description('Required. Storage account of the app\'s data.')
@minLength(3)
@maxLength(24)
param storageAccountName string

@description('Required. Storage account of the Functions host.')
@minLength(3)
@maxLength(24)
param hostStorageAccountName string

@description('Required. Service Bus namespace.')
@minLength(6)
@maxLength(50)
param namespaceName string

@description('Required. Queue of send requests.')
@minLength(1)
@maxLength(260)
param queueName string

@description('Required. Application Insights component.')
@minLength(1)
@maxLength(255)
param componentName string

@description('Required. Whether the identity owns the namespace\'s data: only then can the platform count messages for target-based scaling.')
param serviceBusOwner bool

@description('Required. Resource id of the Event Grid topic, which may be in another resource group; empty: none.')
@maxLength(1000)
param eventTopicId string

var eventTopicParts = split(
  empty(eventTopicId)
    ? resourceGroup().id
    : contains(toLower(eventTopicId), '/providers/microsoft.eventgrid/')
        ? eventTopicId
        : fail('eventTopicId is not the resource id of an Event Grid topic: ${eventTopicId}'),
  '/'
)

var roleIds = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  storageBlobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  serviceBusDataSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  serviceBusDataReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  serviceBusDataOwner: '090c5cfd-751d-490a-894a-3ce6f1109419'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}

// The Functions host needs the role owner, not contributor, on its own storage (locks, timers, the deployed package).
var hostRoles = [roleIds.storageBlobDataOwner, roleIds.storageTableDataContributor]
// The app may read the sender policy but not write it: it must not decide who may send.
var containerRoles = [
  { container: 'content', roleId: roleIds.storageBlobDataContributor }
  { container: 'kept', roleId: roleIds.storageBlobDataContributor }
  { container: 'poison', roleId: roleIds.storageBlobDataContributor }
  { container: 'policy', roleId: roleIds.storageBlobDataReader }
]
var queueRoles = [roleIds.serviceBusDataSender, roleIds.serviceBusDataReceiver]
var namespaceRoles = serviceBusOwner ? [roleIds.serviceBusDataOwner] : []

resource storage 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: storageAccountName
}

resource blobServices 'Microsoft.Storage/storageAccounts/blobServices@2026-06-01' existing = {
  parent: storage
  name: 'default'
}

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' existing = [
  for role in containerRoles: {
    parent: blobServices
    name: role.container
  }
]

resource hostStorage 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: hostStorageAccountName
}

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' existing = {
  name: namespaceName
}

resource queue 'Microsoft.ServiceBus/namespaces/queues@2026-01-01' existing = {
  parent: namespace
  name: queueName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource hostRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for roleId in hostRoles: {
    name: guid(hostStorage.id, identityId, roleId)
    scope: hostStorage
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource containerRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (role, index) in containerRoles: {
    name: guid(containers[index].id, identityId, role.roleId)
    scope: containers[index]
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.roleId)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource tableRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, identityId, roleIds.storageTableDataContributor)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.storageTableDataContributor
    )
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource queueRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for roleId in queueRoles: {
    name: guid(queue.id, identityId, roleId)
    scope: queue
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource namespaceRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for roleId in namespaceRoles: {
    name: guid(namespace.id, identityId, roleId)
    scope: namespace
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource telemetryRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, identityId, roleIds.monitoringMetricsPublisher)
  scope: component
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.monitoringMetricsPublisher
    )
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

module eventTopic 'event-topic.bicep' = if (!empty(eventTopicId)) {
  scope: resourceGroup(eventTopicParts[2], eventTopicParts[4])
  params: {
    topicId: eventTopicId
    identityId: identityId
    principalId: principalId
  }
}

@description('Where the app publishes events; empty: nowhere.')
output eventTopicEndpoint string = eventTopic.?outputs.endpoint ?? ''
