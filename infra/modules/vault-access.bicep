metadata name = 'Key access'
metadata description = 'Lets the encryption identity wrap and unwrap with the keys of an existing vault (which needs purge protection and RBAC).'

@description('Required. Name of the vault in this resource group.')
@minLength(3)
@maxLength(24)
param vaultName string

@description('Required. Resource id of the encryption identity.')
param identityId string

@description('Required. Principal id of the encryption identity.')
@minLength(36)
@maxLength(36)
param principalId string

var roleIds = {
  keyVaultCryptoServiceEncryptionUser: 'e147488a-f6f5-4113-8e2d-b22465e65bf6'
}

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' existing = {
  name: vaultName
}

resource keyRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identityId, roleIds.keyVaultCryptoServiceEncryptionUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.keyVaultCryptoServiceEncryptionUser
    )
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

@description('URI of the vault.')
output vaultUri string = vault.properties.vaultUri
