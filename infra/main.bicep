metadata name = 'graph-mail-queue'
metadata description = 'An outbound mail queue for Microsoft 365: function app, queue, status log, rights, monitoring. No keys anywhere.'

targetScope = 'resourceGroup'

import { hostBodyLimit, memorySetting } from 'memory.bicep'
import { safeName } from 'names.bicep'
import {
  customerManagedKeyType
  existingNetworkType
  monitoringType
  resourceTags
  retentionType
  scaleType
} from 'types.bicep'
import { settingsType } from 'settings.bicep'

@description('Required. Name of this installation. Its lower-case letters and digits become part of every resource\'s name, every other character becomes a hyphen. Only the first 20 characters count.')
@minLength(1)
@maxLength(64)
param name string

@description('Optional. Region of all resources.')
@metadata({ azd: { type: 'location' } })
param location string = resourceGroup().location

@description('Optional. Tags of all resources.')
param tags resourceTags = {}

@description('Optional. `production` requires a recipient of alerts, which a trial may leave out.')
param environmentType 'production' | 'test' = 'production'

@description('Optional. Version of Node.js.')
param nodeVersion '22' | '24' = '22'

@description('Optional. Size and number of the app\'s instances.')
param scale scaleType = {}

@description('Conditional. Application id URI (or application id) that callers\' tokens must be for; required unless CALLER_AUTH is function-key. Separate several by commas.')
@maxLength(1000)
param entraAudience string = ''

@description('Optional. Application settings of the product. A setting that is left out has its default.')
param settings settingsType = {}

@description('Optional. If a send request is not submitted within this many days, it is expired, or unaccounted if in doubt.')
@minValue(1)
@maxValue(10)
param sendLifetimeDays int = 2

@description('Optional. Microsoft Graph of this cloud. Set it in clouds that Azure does not distinguish, such as US Government DoD.')
@minLength(12)
param graphBaseUrl string?

@description('Optional. Tier of Service Bus; private endpoints and customer-managed keys need Premium.')
param serviceBusSku 'Standard' | 'Premium' = 'Standard'

@description('Optional. Messaging units of Service Bus Premium.')
param messagingUnits 1 | 2 | 4 | 8 | 16 = 1

@description('Optional. Makes the app owner of the data of the namespace, which has only this queue. Then the platform can count messages, scheduled ones too, and scale the worker. Without it a worker must always be ready.')
param serviceBusOwner bool = true

@description('Optional. Redundancy of the storage accounts; a region without availability zones has LRS and GRS only. The GRS kinds also survive the loss of the region.')
param storageSku 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS' = 'Standard_ZRS'

@description('Optional. Resource id of an Event Grid topic with the schema CloudEvents 1.0: of a custom topic, or of a topic of a namespace. Each change of a send request is published there. Empty: no events. Who deploys must be allowed to give the app its role on the topic.')
@maxLength(1000)
param eventTopicId string = ''

@description('Optional. How long content is kept in Blob Storage.')
param retention retentionType = {}

@description('Optional. Whether queue and status log are locked against deletion. The deployment then needs the right to make locks, and you must remove the locks before `azd down`.')
param locked bool = false

@description('Optional. What is logged, and who gets alerts.')
param monitoring monitoringType = {}

@description('Optional. Object id of the Entra group that may read status log, set-aside content and telemetry, and write the sender policy; empty: nobody.')
@maxLength(36)
param operatorGroupId string = ''

@description('Optional. Customer-managed key of storage and Service Bus (then Premium). Tables use it only if it exists when the account is created.')
param customerManagedKey customerManagedKeyType?

@description('Optional. Storage and Service Bus (then Premium) are reached through a virtual network and private endpoints only.')
param networkIsolation bool = false

@description('Optional. With network isolation: callers and deployments also reach the app only through a private endpoint.')
param privateIngress bool = false

@description('Optional. Address space of the virtual network, at least a /24.')
@minLength(9)
@maxLength(18)
param addressPrefix string = '10.80.0.0/24'

@description('Optional. With network isolation: existing subnets and DNS zones of yours.')
param existingNetwork existingNetworkType?

var clouds = {
  AzureCloud: { graph: 'https://graph.microsoft.com', sites: 'privatelink.azurewebsites.net' }
  AzureUSGovernment: { graph: 'https://graph.microsoft.us', sites: 'privatelink.azurewebsites.us' }
  AzureChinaCloud: { graph: 'https://microsoftgraph.chinacloudapi.cn', sites: 'privatelink.chinacloudsites.cn' }
}

var shortName = empty(safeName(name))
  ? fail('The name "${name}" has no letter a to z and no digit: give the azd environment, or the parameter name, another one')
  : safeName(name)
var token = take(uniqueString(resourceGroup().id, name), 8)
var baseName = '${shortName}-${token}'
var accountName = '${take(replace(shortName, '-', ''), 12)}${token}'
// Names are known before anything is deployed: `what-if` can then say what a deployment would do.
var names = {
  app: 'func-${baseName}'
  component: 'appi-${baseName}'
  hostStorage: 'sthq${accountName}'
  namespace: 'sbns-${baseName}'
  queue: 'send-requests'
  storage: 'stmq${accountName}'
  workspace: 'log-${baseName}'
}
var queueSizeMB = 5120
var allTags = union({ application: 'graph-mail-queue' }, tags)
var deletedBlobDays = retention.?deletedBlobDays ?? 7

var serviceBusTier = (networkIsolation || customerManagedKey != null) && serviceBusSku != 'Premium'
  ? fail('networkIsolation and customerManagedKey need serviceBusSku Premium')
  : serviceBusSku
var workerAlwaysReadyInstances = !serviceBusOwner && scale.?workerAlwaysReadyInstances == 0
  ? fail('Without serviceBusOwner the platform cannot count queue messages, so nothing would start a worker: set scale.workerAlwaysReadyInstances to 1 or more')
  : scale.?workerAlwaysReadyInstances ?? 1
var audience = (settings.?CALLER_AUTH ?? 'entra') == 'entra' && empty(entraAudience)
  ? fail('entraAudience is missing: register the API in Microsoft Entra ID first, then `azd env set ENTRA_AUDIENCE api://APPLICATION_ID`. infra/README.md says how')
  : entraAudience
var publicIngress = !(networkIsolation && privateIngress)
var ownNetwork = networkIsolation && existingNetwork == null
var appSubnetId = !networkIsolation ? '' : existingNetwork.?appSubnetId ?? network!.outputs.appSubnetId
var endpointSubnetId = !networkIsolation ? '' : existingNetwork.?endpointSubnetId ?? network!.outputs.endpointSubnetId
var dnsZonesResourceGroupId = existingNetwork.?dnsZonesResourceGroupId ?? ''
var workspaceId = monitoring.?workspaceId ?? resourceId('Microsoft.OperationalInsights/workspaces', names.workspace)

var maximumMessageSize = int(settings.?MAXIMUM_MESSAGE_SIZE ?? '36700160')

// Settings that follow from the deployment. They override `settings`. The app cannot start before it has its rights, and one of them comes from there.
var wiring = {
  AZURE_AUTHORITY_HOST: environment().authentication.loginEndpoint
  AZURE_CLIENT_ID: identity.properties.clientId
  CONSOLE_APPLICATION_INSIGHTS: resourceId('Microsoft.Insights/components', names.component)
  ENTRA_TENANT_ID: tenant().tenantId
  EVENT_GRID__clientId: identity.properties.clientId
  EVENT_GRID_TOPIC_ENDPOINT: rights.outputs.eventTopicEndpoint
  EVENT_SOURCE: '/graph-mail-queue/${names.app}'
  GRAPH_BASE_URL: graphBaseUrl ?? clouds[environment().name].graph
  INSTANCE_MEMORY_MB: memorySetting(scale.?instanceMemoryMB ?? 2048, maximumMessageSize)
  KEPT_CONTENT_DAYS: string(retention.?keptContentDays ?? 30)
  QUEUE_NAME: names.queue
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
    componentName: names.component
    workspaceName: names.workspace
    existingWorkspaceId: monitoring.?workspaceId ?? ''
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
    name: names.storage
    location: location
    tags: allTags
    skuName: storageSku
    publicAccess: !networkIsolation
    encryption: encryption.?outputs.settings
    sendLifetimeDays: sendLifetimeDays
    retention: retention
    locked: locked
  }
}

// Separate from the data, because the identity of the host may do anything on the host's storage, even replace the app.
module hostStorage 'modules/storage-account.bicep' = {
  params: {
    name: names.hostStorage
    location: location
    tags: allTags
    skuName: storageSku
    publicAccess: !networkIsolation
    encryption: encryption.?outputs.settings
    containers: ['deployment']
    tables: []
    deletedBlobDays: deletedBlobDays
    versioning: false
    locked: false
  }
}

module serviceBus 'modules/service-bus.bicep' = {
  params: {
    name: names.namespace
    location: location
    tags: allTags
    skuName: serviceBusTier
    messagingUnits: messagingUnits
    publicAccess: !networkIsolation
    encryption: encryption.?outputs.settings
    queueName: names.queue
    queueSizeMB: queueSizeMB
    locked: locked
  }
}

module network 'modules/network.bicep' = if (ownNetwork) {
  params: {
    name: baseName
    location: location
    tags: allTags
    addressPrefix: addressPrefix
  }
}

module endpoints 'modules/endpoints.bicep' = if (networkIsolation) {
  params: {
    name: baseName
    location: location
    tags: allTags
    subnetId: endpointSubnetId
    dnsZonesResourceGroupId: dnsZonesResourceGroupId
    storageId: storage.outputs.id
    hostStorageId: hostStorage.outputs.id
    namespaceId: serviceBus.outputs.id
    namespaceDnsZone: serviceBus.outputs.privateDnsZone
  }
}

module rights 'modules/rights.bicep' = {
  dependsOn: [storage, hostStorage, serviceBus, telemetry]
  params: {
    identityId: identity.id
    principalId: identity.properties.principalId
    storageAccountName: names.storage
    hostStorageAccountName: names.hostStorage
    namespaceName: names.namespace
    queueName: names.queue
    componentName: names.component
    serviceBusOwner: serviceBusOwner
    eventTopicId: eventTopicId
  }
}

module operatorRights 'modules/operator-rights.bicep' = if (!empty(operatorGroupId)) {
  dependsOn: [storage, telemetry]
  params: {
    groupId: operatorGroupId
    storageAccountName: names.storage
    workspaceName: monitoring.?workspaceId == null ? names.workspace : ''
  }
}

module functionApp 'modules/function-app.bicep' = {
  params: {
    name: names.app
    planName: 'plan-${baseName}'
    location: location
    tags: union(allTags, { 'azd-service-name': 'functions' })
    nodeVersion: nodeVersion
    scale: scale
    workerAlwaysReadyInstances: workerAlwaysReadyInstances
    identityId: identity.id
    identityClientId: identity.properties.clientId
    blobServiceUri: hostStorage.outputs.blobServiceUri
    tableServiceUri: hostStorage.outputs.tableServiceUri
    deploymentContainerUri: '${hostStorage.outputs.blobServiceUri}deployment'
    applicationInsightsConnectionString: telemetry.outputs.connectionString
    settings: union(
      { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: hostBodyLimit(maximumMessageSize), RECONCILE_SCHEDULE: '0 * * * * *' },
      settings,
      wiring,
      empty(audience) ? {} : { ENTRA_AUDIENCE: audience }
    )
    publicAccess: publicIngress
    subnetId: appSubnetId
  }
}

module ingressEndpoint 'modules/private-endpoints.bicep' = if (!publicIngress) {
  params: {
    name: baseName
    location: location
    tags: allTags
    subnetId: endpointSubnetId
    dnsZonesResourceGroupId: dnsZonesResourceGroupId
    endpoints: [
      { name: 'sites', groupId: 'sites', resourceId: functionApp.outputs.id, dnsZone: clouds[environment().name].sites }
    ]
  }
}

module watch 'modules/watch.bicep' = {
  params: {
    name: baseName
    location: location
    tags: allTags
    monitoring: monitoring
    receiversRequired: environmentType == 'production'
    workspaceId: workspaceId
    componentId: resourceId('Microsoft.Insights/components', names.component)
    namespaceName: names.namespace
    queueName: names.queue
    queueSizeMB: queueSizeMB
    storageAccountName: names.storage
    functionAppName: names.app
    url: functionApp.outputs.url
    publicAccess: publicIngress
  }
}

@description('Base URL that applications use instead of Microsoft Graph\'s.')
output MAIL_QUEUE_URL string = functionApp.outputs.url

@description('Whether callers reach the app from public networks: `true` or `false`.')
output MAIL_QUEUE_PUBLIC_ACCESS string = publicIngress ? 'true' : 'false'

@description('Name of the app, for deployments without azd.')
output MAIL_QUEUE_FUNCTION_APP string = names.app

@description('Blob endpoint of the app\'s data: the sender policy is in its container `policy`.')
output MAIL_QUEUE_BLOB_ENDPOINT string = storage.outputs.blobServiceUri

@description('Table endpoint of the app\'s data: the status log.')
output MAIL_QUEUE_TABLE_ENDPOINT string = storage.outputs.tableServiceUri

@description('Application (client) id of the app\'s identity: rights/grant-mailbox-rights.ps1 needs it.')
output MAIL_QUEUE_IDENTITY_CLIENT_ID string = identity.properties.clientId

@description('Object id of the app\'s identity in Entra ID: rights/grant-mailbox-rights.ps1 needs it.')
output MAIL_QUEUE_IDENTITY_PRINCIPAL_ID string = identity.properties.principalId

@description('Address of the app\'s outbound calls. Empty if this deployment does not know a fixed one.')
output MAIL_QUEUE_OUTGOING_ADDRESS string = network.?outputs.outgoingAddress ?? ''
