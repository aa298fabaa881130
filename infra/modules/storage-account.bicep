metadata name = 'Storage account'
metadata description = 'A storage account without shared keys, with its containers and tables.'

import { encryptionType, resourceTags } from '../types.bicep'

@description('Required. Name of the storage account.')
@minLength(3)
@maxLength(24)
param name string

@description('Required. Region of the account.')
param location string

@description('Required. Tags of the account.')
param tags resourceTags

@description('Required. Redundancy of the account.')
param skuName 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS'

@description('Optional. Customer-managed key; without it Microsoft manages the keys.')
param encryption encryptionType?

@description('Required. Whether the account can be reached from public networks (always with Entra tokens only).')
param publicAccess bool

@description('Required. Containers to make.')
param containers string[]

@description('Required. Tables to make.')
param tables string[]

@description('Required. Days during which a deleted blob can be restored; 0: it cannot.')
@minValue(0)
@maxValue(365)
param deletedBlobDays int

@description('Required. Whether earlier contents of a blob are kept as versions.')
param versioning bool

@description('Required. Whether the account is locked against deletion.')
param locked bool

// A table's key scope is fixed when the account is created: 'Service' tables never get a customer-managed key.
var keyType = encryption == null ? 'Service' : 'Account'

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: skuName
  }
  identity: encryption == null
    ? null
    : {
        type: 'UserAssigned'
        userAssignedIdentities: {
          '${encryption!.identityId}': {}
        }
      }
  properties: {
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    isLocalUserEnabled: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      defaultAction: publicAccess ? 'Allow' : 'Deny'
      bypass: 'None'
    }
    encryption: {
      requireInfrastructureEncryption: true
      keySource: encryption == null ? 'Microsoft.Storage' : 'Microsoft.Keyvault'
      services: {
        blob: { enabled: true, keyType: 'Account' }
        file: { enabled: true, keyType: 'Account' }
        table: { enabled: true, keyType: keyType }
        queue: { enabled: true, keyType: keyType }
      }
      identity: encryption == null ? null : { userAssignedIdentity: encryption!.identityId }
      keyvaultproperties: encryption == null
        ? null
        : {
            keyvaulturi: encryption!.keyVaultUri
            keyname: encryption!.keyName
            keyversion: encryption!.keyVersion
          }
    }
  }
}

resource blobServices 'Microsoft.Storage/storageAccounts/blobServices@2026-06-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: versioning
    deleteRetentionPolicy: { enabled: deletedBlobDays > 0, days: max(deletedBlobDays, 1) }
    containerDeleteRetentionPolicy: { enabled: true, days: 7 }
  }
}

resource blobContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' = [
  for container in containers: {
    parent: blobServices
    name: container
    properties: {
      publicAccess: 'None'
    }
  }
]

resource tableServices 'Microsoft.Storage/storageAccounts/tableServices@2026-06-01' = {
  parent: account
  name: 'default'
}

resource madeTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2026-06-01' = [
  for table in tables: {
    parent: tableServices
    name: table
  }
]

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  name: 'graph-mail-queue'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'What the mail queue knows and holds.'
  }
}

@description('Resource id of the account.')
output id string = account.id

@description('Endpoint of its blobs.')
output blobServiceUri string = account.properties.primaryEndpoints.blob

@description('Endpoint of its tables.')
output tableServiceUri string = account.properties.primaryEndpoints.table
