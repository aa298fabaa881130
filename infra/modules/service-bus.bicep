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
param tags resourceTags

@description('Required. Tier of the namespace. Private endpoints and customer-managed keys exist in Premium only.')
param skuName 'Standard' | 'Premium'

@description('Required. Messaging units; Premium only.')
param messagingUnits 1 | 2 | 4 | 8 | 16

@description('Optional. Customer-managed key (Premium only); without it Microsoft manages the keys.')
param encryption encryptionType?

@description('Required. Whether the namespace can be reached from public networks (always with Entra tokens only).')
param publicAccess bool

@description('Required. Whether the namespace is locked against deletion.')
param locked bool

@description('Required. Name of the queue of send requests.')
@minLength(1)
@maxLength(260)
param queueName string

@description('Required. Maximum size of the queue, at which it refuses messages; alerts are relative to it.')
param queueSizeMB 1024 | 2048 | 3072 | 4096 | 5120

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' = {
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

// Service Bus's own limits only apply if the worker fails: retries, expiry and dead letters are the worker's work.
resource queue 'Microsoft.ServiceBus/namespaces/queues@2026-01-01' = {
  parent: namespace
  name: queueName
  properties: {
    requiresSession: true
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'P1D'
    lockDuration: 'PT2M'
    maxDeliveryCount: 10
    deadLetteringOnMessageExpiration: true
    defaultMessageTimeToLive: 'P14D'
    maxSizeInMegabytes: queueSizeMB
    enablePartitioning: false
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  name: 'graph-mail-queue'
  scope: namespace
  properties: {
    level: 'CanNotDelete'
    notes: 'Mail that was accepted and not submitted yet.'
  }
}

// The endpoint is https://NAME.SUFFIX:443/ with the suffix of the cloud.
var hostName = split(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':')[0]

@description('Resource id of the namespace.')
output id string = namespace.id

@description('Host name of the namespace.')
output fullyQualifiedNamespace string = hostName

@description('Private DNS zone of Service Bus in this cloud.')
output privateDnsZone string = 'privatelink.${join(skip(split(hostName, '.'), 1), '.')}'
