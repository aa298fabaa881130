metadata name = 'Watch'
metadata description = 'Everything for the operator: diagnostic logs, alerts, workbook.'

import { monitoringType, resourceTags } from '../types.bicep'

@description('Required. Base of the resources\' names.')
@minLength(3)
@maxLength(40)
param name string

@description('Required. Region of the resources.')
param location string

@description('Required. Tags of the resources.')
#disable-next-line BCP057
param tags resourceTags

@description('Required. What is logged, and who is told.')
#disable-next-line BCP057
param monitoring monitoringType

@description('Required. Log Analytics workspace.')
param workspaceId string

@description('Required. Service Bus namespace.')
@minLength(6)
@maxLength(50)
param namespaceName string

@description('Required. Queue of send requests.')
@minLength(1)
@maxLength(260)
param queueName string

@description('Required. Storage account.')
@minLength(3)
@maxLength(24)
param storageAccountName string

@description('Required. Function app.')
@minLength(2)
@maxLength(60)
param functionAppName string

module diagnostics 'diagnostics.bicep' = {
  params: {
    workspaceId: workspaceId
    namespaceName: namespaceName
    storageAccountName: storageAccountName
    functionAppName: functionAppName
    logStorageAccess: monitoring.?logStorageAccess ?? false
    logFunctionHost: monitoring.?logFunctionHost ?? false
  }
}

module alerts 'alerts.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
    emails: monitoring.?alertEmails ?? []
    workspaceId: workspaceId
    namespaceId: resourceId('Microsoft.ServiceBus/namespaces', namespaceName)
    queueName: queueName
    runbookUri: monitoring.?runbookUri ?? 'OPERATIONS.md'
  }
}

module workbook 'workbook.bicep' = {
  params: {
    displayName: 'Mail queue ${name}'
    location: location
    tags: tags
    workspaceId: workspaceId
  }
}
