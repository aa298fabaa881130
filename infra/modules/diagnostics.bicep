metadata name = 'Diagnostics'
metadata description = 'Who did what to namespace, storage and app, and what the platform says of them, sent to the workspace.'

@description('Required. Log Analytics workspace that takes the logs.')
param workspaceId string

@description('Required. Service Bus namespace.')
@minLength(6)
@maxLength(50)
param namespaceName string

@description('Required. Storage account.')
@minLength(3)
@maxLength(24)
param storageAccountName string

@description('Required. Function app.')
@minLength(2)
@maxLength(60)
param functionAppName string

@description('Required. Whether each read and write of the storage account is logged: an audit trail that costs per mail.')
param logStorageAccess bool

@description('Required. Whether the host\'s own log goes to the workspace too: it says why an app does not start, and repeats what is logged already.')
param logFunctionHost bool

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' existing = {
  name: namespaceName
}

resource storage 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: storageAccountName
}

resource blobServices 'Microsoft.Storage/storageAccounts/blobServices@2026-06-01' existing = {
  parent: storage
  name: 'default'
}

resource tableServices 'Microsoft.Storage/storageAccounts/tableServices@2026-06-01' existing = {
  parent: storage
  name: 'default'
}

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

#disable-next-line use-recent-api-versions // the one stable version is of 2016 and knows no category groups
resource namespaceLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'graph-mail-queue'
  scope: namespace
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

#disable-next-line use-recent-api-versions // the one stable version is of 2016 and knows no category groups
resource blobLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (logStorageAccess) {
  name: 'graph-mail-queue'
  scope: blobServices
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

#disable-next-line use-recent-api-versions // the one stable version is of 2016 and knows no category groups
resource tableLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (logStorageAccess) {
  name: 'graph-mail-queue'
  scope: tableServices
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

#disable-next-line use-recent-api-versions // the one stable version is of 2016 and knows no category groups
resource appLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (logFunctionHost) {
  name: 'graph-mail-queue'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
  }
}
