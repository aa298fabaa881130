metadata name = 'Encryption'
metadata description = 'The identity with which storage and Service Bus reach a customer-managed key. It is not the app\'s identity: the app never sees the key.'

import { customerManagedKeyType, encryptionType, resourceTags } from '../types.bicep'

@description('Required. Base of the identity\'s name.')
@minLength(3)
@maxLength(40)
param name string

@description('Required. Region of the identity.')
param location string

@description('Required. Tags of the identity.')
param tags resourceTags

@description('Required. The key.')
param customerManagedKey customerManagedKeyType

var vaultId = split(customerManagedKey.keyVaultResourceId, '/')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${name}-encryption'
  location: location
  tags: tags
}

module vaultAccess 'vault-access.bicep' = {
  scope: resourceGroup(vaultId[2], vaultId[4])
  params: {
    vaultName: vaultId[8]
    identityId: identity.id
    principalId: identity.properties.principalId
  }
}

@description('The key in the form that storage and Service Bus need.')
output settings encryptionType = {
  identityId: identity.id
  keyVaultUri: vaultAccess.outputs.vaultUri
  keyName: customerManagedKey.keyName
  keyVersion: customerManagedKey.?keyVersion ?? ''
}
