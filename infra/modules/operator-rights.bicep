metadata name = 'Operator rights'
metadata description = 'What a group of operators may read: status log, set-aside content, telemetry. There are no keys that would show them.'

@description('Required. Object id of the Entra group.')
@minLength(36)
@maxLength(36)
param groupId string

@description('Required. Storage account.')
@minLength(3)
@maxLength(24)
param storageAccountName string

@description('Required. Log Analytics workspace.')
@minLength(4)
@maxLength(63)
param workspaceName string

var roleIds = {
  storageBlobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
  storageTableDataReader: '76199698-9eea-4c19-bc75-cec21354c6b6'
  logAnalyticsReader: '73c42c96-874c-492b-b04d-ab87d138a893'
}

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageAccountName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
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

resource telemetryRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(workspace.id, groupId, roleIds.logAnalyticsReader)
  scope: workspace
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.logAnalyticsReader)
    principalId: groupId
    principalType: 'Group'
  }
}
