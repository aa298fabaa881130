metadata name = 'Storage'
metadata description = 'What the app knows and holds: status log (table), claim checks, set-aside content, sender policy (blobs).'

import { encryptionType, resourceTags, retentionType } from '../types.bicep'

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

@description('Required. Lifetime of a send request in days.')
@minValue(1)
@maxValue(10)
param sendLifetimeDays int

@description('Required. How long content is kept.')
param retention retentionType

@description('Required. Whether the account is locked against deletion.')
param locked bool

var policyContainer = 'policy'
var tables = ['sendRequests']
var deletions = [
  { container: 'content', days: sendLifetimeDays + (retention.?contentMarginDays ?? 60) }
  { container: 'kept', days: retention.?keptContentDays ?? 30 }
  { container: 'poison', days: retention.?poisonDays ?? 180 }
]

module account 'storage-account.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
    skuName: skuName
    encryption: encryption
    publicAccess: publicAccess
    containers: concat(map(deletions, deletion => deletion.container), [policyContainer])
    tables: tables
    deletedBlobDays: retention.?deletedBlobDays ?? 7
    // For the sender policy: its older versions can be read and restored.
    versioning: true
    locked: locked
  }
}

resource existingAccount 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: name
}

// Versioning holds for the whole account, and deleted content stays as a version: versions of mail are deleted after a day, those of the policy are kept.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2026-06-01' = {
  parent: existingAccount
  name: 'default'
  dependsOn: [account]
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
              version: {
                delete: {
                  daysAfterCreationGreaterThan: 1
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
output id string = account.outputs.id

@description('Endpoint of its blobs.')
output blobServiceUri string = account.outputs.blobServiceUri

@description('Endpoint of its tables.')
output tableServiceUri string = account.outputs.tableServiceUri
