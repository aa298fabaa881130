metadata name = 'graph-mail-queue'
metadata description = 'An outbound mail queue for Microsoft 365: function app, queue, status log, rights, monitoring. No keys anywhere.'

targetScope = 'resourceGroup'

import { customerManagedKeyType, monitoringType, resourceTags, retentionType, scaleType, settingsType } from 'types.bicep'

@description('Required. Short name of this installation: lower-case letters, digits and hyphens, part of every resource\'s name.')
@minLength(3)
@maxLength(20)
param name string

@description('Optional. Region of all resources.')
param location string = resourceGroup().location

@description('Optional. Tags of all resources.')
#disable-next-line BCP057 // the offline check does not follow imports, here and below
param tags resourceTags = {}

@description('Optional. Version of Node.js.')
param nodeVersion '22' | '24' = '22'

@description('Optional. Size and number of the app\'s instances.')
#disable-next-line BCP057
param scale scaleType = {}

@description('Optional. Application settings of the product; what is left out has its default.')
#disable-next-line BCP057
param settings settingsType = {}

@description('Optional. Days after which a send request that is not submitted is expired, or unaccounted if in doubt.')
@minValue(1)
@maxValue(10)
param sendLifetimeDays int = 2

@description('Optional. Microsoft Graph of this cloud; to be set in clouds that Azure does not tell apart, such as US Government DoD.')
@minLength(12)
param graphBaseUrl string?

@description('Optional. Tier of Service Bus; private endpoints and customer-managed keys need Premium.')
param serviceBusSku 'Standard' | 'Premium' = 'Standard'

@description('Optional. Messaging units of Service Bus Premium.')
param messagingUnits 1 | 2 | 4 | 8 | 16 = 1

@description('Optional. Makes the app owner of the namespace\'s data: the platform can then count messages and scale the worker to them.')
param serviceBusOwner bool = false

@description('Optional. Redundancy of the storage account; the GRS kinds also survive the loss of the region.')
param storageSku 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS' = 'Standard_ZRS'

@description('Optional. How long content rests in Blob Storage.')
#disable-next-line BCP057
param retention retentionType = {}

@description('Optional. What is logged, and who is told.')
#disable-next-line BCP057
param monitoring monitoringType = {}

@description('Optional. Object id of the Entra group that may read status log, set-aside content and telemetry.')
@minLength(36)
@maxLength(36)
param operatorGroupId string?

@description('Optional. Customer-managed key of storage and Service Bus (then Premium). Tables get it only if it is there when the account is created.')
#disable-next-line BCP057
param customerManagedKey customerManagedKeyType?

@description('Optional. Storage and Service Bus (then Premium) are reached through a virtual network and private endpoints only.')
param networkIsolation bool = false

@description('Optional. With network isolation: callers and deployments, too, reach the app through a private endpoint only.')
param privateIngress bool = false

@description('Optional. Address space of the virtual network, at least a /24.')
@minLength(9)
@maxLength(18)
param addressPrefix string = '10.80.0.0/24'

var clouds = {
  AzureCloud: { graph: 'https://graph.microsoft.com', sites: 'privatelink.azurewebsites.net' }
  AzureUSGovernment: { graph: 'https://graph.microsoft.us', sites: 'privatelink.azurewebsites.us' }
  AzureChinaCloud: { graph: 'https://microsoftgraph.chinacloudapi.cn', sites: 'privatelink.chinacloudsites.cn' }
}
var serviceBusTier = (networkIsolation || customerManagedKey != null) && serviceBusSku != 'Premium'
  ? fail('networkIsolation and customerManagedKey need serviceBusSku Premium.')
  : serviceBusSku
var publicIngress = !(networkIsolation && privateIngress)
var token = take(uniqueString(resourceGroup().id, name), 8)
var baseName = '${name}-${token}'
var allTags = union({ application: 'graph-mail-queue' }, tags)

// What the deployment knows better than any settings file; it wins over `settings`.
var wiring = {
  AZURE_AUTHORITY_HOST: environment().authentication.loginEndpoint
  AZURE_CLIENT_ID: identity.properties.clientId
  ENTRA_TENANT_ID: tenant().tenantId
  GRAPH_BASE_URL: graphBaseUrl ?? clouds[environment().name].graph
  QUEUE_NAME: serviceBus.outputs.queueName
  SEND_LIFETIME: 'P${sendLifetimeDays}D'
  SERVICE_BUS__clientId: identity.properties.clientId
  SERVICE_BUS__credential: 'managedidentity'
  SERVICE_BUS__fullyQualifiedNamespace: serviceBus.outputs.fullyQualifiedNamespace
  STORAGE__blobServiceUri: storage.outputs.blobServiceUri
  STORAGE__clientId: identity.properties.clientId
  STORAGE__tableServiceUri: storage.outputs.tableServiceUri
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${baseName}'
  location: location
  tags: allTags
}

module telemetry 'modules/telemetry.bicep' = {
  params: {
    name: baseName
    location: location
    tags: allTags
    retentionDays: monitoring.?telemetryDays ?? 90
  }
}

module encryption 'modules/encryption.bicep' = if (customerManagedKey != null) {
  params: {
    name: baseName
    location: location
    tags: allTags
    customerManagedKey: customerManagedKey!
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: 'stmq${take(replace(name, '-', ''), 12)}${token}'
    location: location
    tags: allTags
    skuName: storageSku
    publicAccess: !networkIsolation
    encryption: encryption.?outputs.settings
    sendLifetimeDays: sendLifetimeDays
    retention: retention
  }
}

module serviceBus 'modules/service-bus.bicep' = {
  params: {
    name: 'sbns-${baseName}'
    location: location
    tags: allTags
    skuName: serviceBusTier
    messagingUnits: messagingUnits
    publicAccess: !networkIsolation
    encryption: encryption.?outputs.settings
  }
}

module network 'modules/network.bicep' = if (networkIsolation) {
  params: {
    name: baseName
    location: location
    tags: allTags
    addressPrefix: addressPrefix
    endpoints: [
      { groupId: 'blob', resourceId: storage.outputs.id, dnsZone: 'privatelink.blob.${environment().suffixes.storage}' }
      { groupId: 'table', resourceId: storage.outputs.id, dnsZone: 'privatelink.table.${environment().suffixes.storage}' }
      { groupId: 'namespace', resourceId: serviceBus.outputs.id, dnsZone: serviceBus.outputs.privateDnsZone }
    ]
  }
}

module rights 'modules/rights.bicep' = {
  params: {
    principalId: identity.properties.principalId
    storageAccountName: storage.outputs.name
    namespaceName: serviceBus.outputs.name
    queueName: serviceBus.outputs.queueName
    componentName: telemetry.outputs.componentName
    serviceBusOwner: serviceBusOwner
  }
}

module operatorRights 'modules/operator-rights.bicep' = if (operatorGroupId != null) {
  params: {
    groupId: operatorGroupId!
    storageAccountName: storage.outputs.name
    workspaceName: telemetry.outputs.workspaceName
  }
}

module functionApp 'modules/function-app.bicep' = {
  // Without its rights the app could not start.
  dependsOn: [rights]
  params: {
    name: baseName
    location: location
    tags: union(allTags, { 'azd-service-name': 'functions' })
    nodeVersion: nodeVersion
    scale: scale
    identityId: identity.id
    identityClientId: identity.properties.clientId
    blobServiceUri: storage.outputs.blobServiceUri
    tableServiceUri: storage.outputs.tableServiceUri
    deploymentContainerUri: storage.outputs.deploymentContainerUri
    applicationInsightsConnectionString: telemetry.outputs.connectionString
    settings: union({ RECONCILE_SCHEDULE: '0 * * * * *' }, settings, wiring)
    publicAccess: publicIngress
    subnetId: network.?outputs.appSubnetId ?? ''
  }
}

module ingressEndpoint 'modules/private-endpoints.bicep' = if (!publicIngress) {
  params: {
    name: baseName
    location: location
    tags: allTags
    virtualNetworkId: network!.outputs.id
    subnetId: network!.outputs.endpointSubnetId
    endpoints: [{ groupId: 'sites', resourceId: functionApp.outputs.id, dnsZone: clouds[environment().name].sites }]
  }
}

module watch 'modules/watch.bicep' = {
  params: {
    name: baseName
    location: location
    tags: allTags
    monitoring: monitoring
    workspaceId: telemetry.outputs.workspaceId
    namespaceName: serviceBus.outputs.name
    queueName: serviceBus.outputs.queueName
    storageAccountName: storage.outputs.name
    functionAppName: functionApp.outputs.name
  }
}

@description('Base URL that applications use instead of Microsoft Graph\'s.')
output url string = functionApp.outputs.url

@description('Name of the app, for deployments without azd.')
output functionAppName string = functionApp.outputs.name

@description('Application (client) id of the app\'s identity: what rights/grant-mailbox-rights.ps1 asks for.')
output identityClientId string = identity.properties.clientId

@description('Object id of the app\'s identity in Entra ID: likewise.')
output identityPrincipalId string = identity.properties.principalId

@description('Address from which the app calls out; empty: it has no fixed one.')
output outgoingAddress string = network.?outputs.outgoingAddress ?? ''
