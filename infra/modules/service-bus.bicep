metadata name = 'Service Bus'
metadata description = 'The namespace without local authentication, and the queue of send requests.'

import { encryptionType, resourceTags } from '../types.bicep'

@description('Required. Name of the namespace.')
@minLength(6)
@maxLength(50)
param name string

@description('Required. Region of the namespace.')
param location string

@description('Required. Tags of the namespace.')
#disable-next-line BCP057
param tags resourceTags

@description('Required. Tier of the namespace. Private endpoints and customer-managed keys exist in Premium only.')
param skuName 'Standard' | 'Premium'

@description('Required. Messaging units; Premium only.')
param messagingUnits 1 | 2 | 4 | 8 | 16

@description('Optional. Customer-managed key (Premium only); without it Microsoft manages the keys.')
#disable-next-line BCP057
param encryption encryptionType?

@description('Required. Whether the namespace can be reached from public networks (always with Entra tokens only).')
param publicAccess bool

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: skuName == 'Premium'
    ? { name: 'Premium', tier: 'Premium', capacity: messagingUnits }
    : { name: 'Standard', tier: 'Standard' }
  identity: encryption == null
    ? null
    : {
        type: 'UserAssigned'
        userAssignedIdentities: {
          '${encryption!.identityId}': {}
        }
      }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    encryption: encryption == null
      ? null
      : {
          keySource: 'Microsoft.KeyVault'
          keyVaultProperties: [
            {
              keyVaultUri: encryption!.keyVaultUri
              keyName: encryption!.keyName
              keyVersion: encryption!.keyVersion
              identity: {
                userAssignedIdentity: encryption!.identityId
              }
            }
          ]
        }
  }
}

// What the broker does on its own is the backstop: retries, expiry and dead letters are the worker's work.
resource queue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: 'send-requests'
  properties: {
    requiresSession: true
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'P1D'
    lockDuration: 'PT2M'
    maxDeliveryCount: 10
    deadLetteringOnMessageExpiration: true
    defaultMessageTimeToLive: 'P14D'
    maxSizeInMegabytes: 5120
    enablePartitioning: false
  }
}

// The endpoint is https://NAME.SUFFIX:443/ with the suffix of the cloud.
var hostName = split(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':')[0]

@description('Resource id of the namespace.')
output id string = namespace.id

@description('Name of the namespace.')
output name string = namespace.name

@description('Name of the queue.')
output queueName string = queue.name

@description('Host name of the namespace.')
output fullyQualifiedNamespace string = hostName

@description('Private DNS zone of Service Bus in this cloud.')
output privateDnsZone string = 'privatelink.${join(skip(split(hostName, '.'), 1), '.')}'
