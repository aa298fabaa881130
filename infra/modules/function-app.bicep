metadata name = 'Function app'
metadata description = 'Flex Consumption plan and app. No keys, no FTP, HTTPS only; the app runs from a package in Blob Storage.'

import { resourceTags, scaleType } from '../types.bicep'

type settingsType = {
  @description('Optional. Value of an application setting.')
  *: string
}

@description('Required. Name of the app.')
@minLength(2)
@maxLength(60)
param name string

@description('Required. Name of the plan.')
@minLength(1)
@maxLength(60)
param planName string

@description('Required. Region of plan and app.')
param location string

@description('Required. Tags of plan and app; `azd-service-name` is how azd finds the app.')
param tags resourceTags

@description('Required. Version of Node.js.')
param nodeVersion '22' | '24'

@description('Required. Size and number of instances.')
param scale scaleType

@description('Required. Worker instances that always run.')
@minValue(0)
@maxValue(20)
param workerAlwaysReadyInstances int

@description('Required. Resource id of the app\'s identity.')
param identityId string

@description('Required. Client id of the app\'s identity.')
@minLength(36)
@maxLength(36)
param identityClientId string

@description('Required. Blob endpoint of the host\'s storage.')
param blobServiceUri string

@description('Required. Table endpoint of the host\'s storage.')
param tableServiceUri string

@description('Required. Container that the package is deployed to.')
param deploymentContainerUri string

@description('Required. Connection string of Application Insights: an address, since local authentication is off.')
param applicationInsightsConnectionString string

@description('Required. The product\'s application settings.')
param settings settingsType

@description('Required. Whether the app can be reached from public networks.')
param publicAccess bool

@description('Optional. Subnet for outgoing traffic, delegated to Microsoft.App/environments; empty: none.')
param subnetId string = ''

// What the Functions host reads; the product's own settings are in main.bicep.
var hostSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__blobServiceUri: blobServiceUri
  AzureWebJobsStorage__tableServiceUri: tableServiceUri
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  // An app that cannot be loaded says why in Application Insights: https://learn.microsoft.com/azure/azure-functions/functions-node-troubleshoot
  FUNCTIONS_NODE_BLOCK_ON_ENTRY_POINT_ERROR: 'true'
}

var readyInstances = [
  { name: 'function:submit-send-request', instanceCount: workerAlwaysReadyInstances }
  { name: 'http', instanceCount: scale.?httpAlwaysReadyInstances ?? 0 }
]

var readyGroups = filter(readyInstances, ready => ready.instanceCount > 0)
var zoneRedundant = scale.?zoneRedundant ?? false

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant && !empty(filter(readyGroups, ready => ready.instanceCount < 2))
      ? fail('With zoneRedundant, workerAlwaysReadyInstances and httpAlwaysReadyInstances must be 0, or 2 and more')
      : zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    keyVaultReferenceIdentity: identityId
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUri
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'node'
        version: nodeVersion
      }
      scaleAndConcurrency: {
        instanceMemoryMB: scale.?instanceMemoryMB ?? 2048
        maximumInstanceCount: scale.?maximumInstanceCount ?? 40
        alwaysReady: readyGroups
        triggers: {
          http: {
            perInstanceConcurrency: scale.?httpConcurrency ?? 16
          }
        }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      appSettings: [
        for setting in items(union(hostSettings, settings)): {
          name: setting.key
          value: setting.value
        }
      ]
    }
  }
}

resource ftpPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scmPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

@description('Resource id of the app.')
output id string = app.id

@description('Base URL of the app.')
output url string = 'https://${app.properties.defaultHostName}'
