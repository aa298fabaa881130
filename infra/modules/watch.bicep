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
param tags resourceTags

@description('Required. What is logged, and who gets alerts.')
param monitoring monitoringType

@description('Required. Whether alerts must have a recipient.')
param receiversRequired bool

@description('Required. Log Analytics workspace.')
param workspaceId string

@description('Required. Application Insights component.')
param componentId string

@description('Required. Service Bus namespace.')
@minLength(6)
@maxLength(50)
param namespaceName string

@description('Required. Queue of send requests.')
@minLength(1)
@maxLength(260)
param queueName string

@description('Required. Maximum size of the queue, at which it refuses messages.')
@minValue(1024)
@maxValue(5120)
param queueSizeMB int

@description('Required. Storage account of the app\'s data.')
@minLength(3)
@maxLength(24)
param storageAccountName string

@description('Required. Function app.')
@minLength(2)
@maxLength(60)
param functionAppName string

@description('Required. Base URL of the app.')
@minLength(10)
@maxLength(200)
param url string

@description('Required. Whether the app can be reached from public networks.')
param publicAccess bool

var emails = monitoring.?alertEmails ?? []
var webhooks = monitoring.?alertWebhooks ?? []
var existingGroups = monitoring.?actionGroupIds ?? []
var runbookUri = monitoring.?runbookUri ?? 'OPERATIONS.md'
var ownGroup = !empty(emails) || !empty(webhooks)
var nobody = !ownGroup && empty(existingGroups)
var actionGroupIds = nobody && receiversRequired
  ? fail('Nobody would get the alerts: set monitoring.alertEmails (ALERT_EMAILS), alertWebhooks or actionGroupIds, or environmentType to test (MAIL_QUEUE_ENVIRONMENT)')
  : concat(ownGroup ? [resourceId('Microsoft.Insights/actionGroups', 'ag-${name}')] : [], existingGroups)

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

module actionGroup 'action-group.bicep' = if (ownGroup) {
  params: {
    name: 'ag-${name}'
    tags: tags
    emails: emails
    webhooks: webhooks
  }
}

module queryAlerts 'query-alerts.bicep' = {
  dependsOn: [actionGroup]
  params: {
    name: name
    location: location
    tags: tags
    actionGroupIds: actionGroupIds
    workspaceId: workspaceId
    componentId: componentId
    runbookUri: runbookUri
  }
}

module metricAlerts 'metric-alerts.bicep' = {
  dependsOn: [actionGroup]
  params: {
    name: name
    tags: tags
    actionGroupIds: actionGroupIds
    namespaceId: resourceId('Microsoft.ServiceBus/namespaces', namespaceName)
    queueName: queueName
    queueSizeMB: queueSizeMB
    runbookUri: runbookUri
  }
}

module availability 'availability.bicep' = if (publicAccess && (monitoring.?availabilityTest ?? true)) {
  dependsOn: [actionGroup]
  params: {
    name: name
    location: location
    tags: tags
    actionGroupIds: actionGroupIds
    componentId: componentId
    url: url
    runbookUri: runbookUri
  }
}

module workbook 'workbook.bicep' = {
  params: {
    displayName: 'Mail queue ${name}'
    location: location
    tags: tags
    workspaceId: workspaceId
    componentId: componentId
  }
}
