metadata name = 'Operator rights'
metadata description = 'What a group of operators may do: read status log, set-aside content and telemetry; write the sender policy. There are no keys that would let them.'

@description('Required. Object id of the Entra group.')
@minLength(36)
@maxLength(36)
param groupId string

@description('Required. Storage account of the app\'s data.')
@minLength(3)
@maxLength(24)
param storageAccountName string

@description('Required. Log Analytics workspace of this installation. Empty if you use an existing workspace: then you grant its rights yourself.')
@maxLength(63)
param workspaceName string

var roleIds = {
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  storageBlobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
  storageTableDataReader: '76199698-9eea-4c19-bc75-cec21354c6b6'
  logAnalyticsReader: '73c42c96-874c-492b-b04d-ab87d138a893'
}

resource storage 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: storageAccountName

  resource blobServices 'blobServices' existing = {
    name: 'default'

    resource policy 'containers' existing = {
      name: 'policy'
    }
  }
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' existing = if (!empty(workspaceName)) {
  name: workspaceName
}

resource storageRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for roleId in [roleIds.storageBlobDataReader, roleIds.storageTableDataReader]: {
    name: guid(storage.id, groupId, roleId)
    scope: storage
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
      principalId: groupId
      principalType: 'Group'
    }
  }
]

resource policyRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage::blobServices::policy.id, groupId, roleIds.storageBlobDataContributor)
  scope: storage::blobServices::policy
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.storageBlobDataContributor
    )
    principalId: groupId
    principalType: 'Group'
  }
}

resource telemetryRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(workspaceName)) {
  name: guid(workspace.id, groupId, roleIds.logAnalyticsReader)
  scope: workspace
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.logAnalyticsReader)
    principalId: groupId
    principalType: 'Group'
  }
}
