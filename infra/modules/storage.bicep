metadata name = 'Storage'
metadata description = 'One account without shared keys: status log (table), claim checks, set-aside content, deployed package (blobs).'

import { encryptionType, resourceTags, retentionType } from '../types.bicep'

@description('Required. Name of the storage account.')
@minLength(3)
@maxLength(24)
param name string

@description('Required. Region of the account.')
param location string

@description('Required. Tags of the account.')
#disable-next-line BCP057
param tags resourceTags

@description('Required. Redundancy of the account.')
param skuName 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS'

@description('Optional. Customer-managed key; without it Microsoft manages the keys.')
#disable-next-line BCP057
param encryption encryptionType?

@description('Required. Whether the account can be reached from public networks (always with Entra tokens only).')
param publicAccess bool

@description('Required. Lifetime of a send request in days.')
@minValue(1)
@maxValue(10)
param sendLifetimeDays int

@description('Required. How long content rests.')
#disable-next-line BCP057
param retention retentionType

var deploymentContainer = 'deployment'
var containers = ['content', 'kept', 'poison', 'policy', deploymentContainer]
var tables = ['sendRequests']
var deletions = [
  { container: 'content', days: sendLifetimeDays + (retention.?contentMarginDays ?? 60) }
  { container: 'kept', days: retention.?keptContentDays ?? 30 }
  { container: 'poison', days: retention.?poisonDays ?? 180 }
]
var deletedBlobDays = retention.?deletedBlobDays ?? 7

// A table's key scope is fixed when the account is created: 'Service' tables never get a customer-managed key.
var keyType = encryption == null ? 'Service' : 'Account'

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
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

resource blobServices 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: { enabled: deletedBlobDays > 0, days: max(deletedBlobDays, 1) }
    containerDeleteRetentionPolicy: { enabled: true, days: 7 }
  }
}

resource blobContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = [
  for container in containers: {
    parent: blobServices
    name: container
    properties: {
      publicAccess: 'None'
    }
  }
]

resource tableServices 'Microsoft.Storage/storageAccounts/tableServices@2025-01-01' = {
  parent: account
  name: 'default'
}

resource statusTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-01-01' = [
  for table in tables: {
    parent: tableServices
    name: table
  }
]

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-01-01' = {
  parent: account
  name: 'default'
  dependsOn: [blobContainers]
  properties: {
    policy: {
      rules: [
        for deletion in deletions: {
          name: 'delete-${deletion.container}'
          type: 'Lifecycle'
          enabled: true
          definition: {
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: deletion.days
                }
              }
            }
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['${deletion.container}/']
            }
          }
        }
      ]
    }
  }
}

@description('Resource id of the account.')
output id string = account.id

@description('Name of the account.')
output name string = account.name

@description('Endpoint of its blobs.')
output blobServiceUri string = account.properties.primaryEndpoints.blob

@description('Endpoint of its tables.')
output tableServiceUri string = account.properties.primaryEndpoints.table

@description('Container that the deployed package goes to.')
output deploymentContainerUri string = '${account.properties.primaryEndpoints.blob}${deploymentContainer}'
