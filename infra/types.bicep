metadata name = 'Types'
metadata description = 'Parameters that belong together, and what modules hand to each other.'

@export()
@description('Tags of a resource.')
type resourceTags = {
  @description('Optional. Value of a tag.')
  *: string
}

@export()
@description('A customer-managed key for storage and Service Bus.')
type customerManagedKeyType = {
  @description('Required. Resource id of a Key Vault with purge protection and Azure RBAC; it may be in another resource group.')
  keyVaultResourceId: string

  @description('Required. Name of the key in it.')
  keyName: string

  @description('Optional. Version of the key. If it is not given, the newest one is used, and rotation needs no deployment.')
  keyVersion: string?
}

@export()
@description('The same key in the form that storage and Service Bus need.')
type encryptionType = {
  @description('Required. Resource id of the identity that may use the key.')
  identityId: string

  @description('Required. URI of the vault.')
  keyVaultUri: string

  @description('Required. Name of the key.')
  keyName: string

  @description('Required. Version of the key; empty: the newest.')
  keyVersion: string
}

@export()
@description('Something that is reached through a private endpoint.')
type endpointType = {
  @description('Required. Name of the endpoint: two storage accounts each have one for the same sub-resource.')
  name: string

  @description('Required. Sub-resource, such as `blob`.')
  groupId: string

  @description('Required. Resource that is reached through the endpoint.')
  resourceId: string

  @description('Required. Private DNS zone of that sub-resource in this cloud.')
  dnsZone: string
}

@export()
@description('An existing network of yours, in place of a new one.')
type existingNetworkType = {
  @description('Required. Resource id of a subnet that is delegated to Microsoft.App/environments; its outbound traffic must reach Microsoft Graph and Microsoft Entra ID.')
  appSubnetId: string

  @description('Required. Resource id of the subnet for private endpoints.')
  endpointSubnetId: string

  @description('Optional. Resource id of the resource group with the private DNS zones, which are linked to the network already. If it is not given, zones are made and linked.')
  dnsZonesResourceGroupId: string?
}

@export()
@description('Size and number of the app\'s instances.')
type scaleType = {
  @description('Optional. Memory of an instance in megabytes, default 2048. 512 takes messages up to 3 MB, 2048 up to 100 MB, 4096 up to 150 MB (`MAXIMUM_MESSAGE_SIZE`).')
  instanceMemoryMB: instanceMemory?

  @description('Optional. Maximum number of instances of one function, or of all HTTP functions together, default 40. Graph is protected by the lanes, not by this.')
  @minValue(1)
  @maxValue(1000)
  maximumInstanceCount: int?

  @description('Optional. Worker instances that always run, default 1: mail goes out without a cold start. 0 is possible only with `serviceBusOwner`, because then the platform must count queue messages to start a worker.')
  @minValue(0)
  @maxValue(20)
  workerAlwaysReadyInstances: int?

  @description('Optional. Instances for HTTP requests that always run, default 0: then callers wait for cold starts.')
  @minValue(0)
  @maxValue(20)
  httpAlwaysReadyInstances: int?

  @description('Optional. HTTP requests that one instance handles at a time, default 16. Each may hold a whole message in memory, and more in the Functions host: OPERATIONS.md, "Larger mail".')
  @minValue(1)
  @maxValue(1000)
  httpConcurrency: int?

  @description('Optional. Whether instances are spread over availability zones. If so, each group must have 0 or at least 2 always-ready instances, and each of them is billed.')
  zoneRedundant: bool?
}

type instanceMemory = 512 | 2048 | 4096

@export()
@description('How long content is kept in Blob Storage.')
type retentionType = {
  @description('Optional. Days beyond the lifetime after which content left behind is deleted, default 60. A mail may be scheduled 30 days ahead (`Send-At`), and its content must still be there a week later.')
  @minValue(37)
  @maxValue(365)
  contentMarginDays: int?

  @description('Optional. Days that content is kept for a resend, default 30; not fewer than REPORT_WINDOW.')
  @minValue(1)
  @maxValue(365)
  keptContentDays: int?

  @description('Optional. Days that poison is kept, default 180: an operator must look at it.')
  @minValue(1)
  @maxValue(730)
  poisonDays: int?

  @description('Optional. Days during which a deleted blob can be restored, default 7; 0 turns that off. The content of sent mail is kept that much longer.')
  @minValue(0)
  @maxValue(365)
  deletedBlobDays: int?
}

@export()
@description('What is logged, and who gets alerts.')
type monitoringType = {
  @description('Optional. Days that telemetry is kept, default 90.')
  @minValue(30)
  @maxValue(730)
  telemetryDays: int?

  @description('Optional. Whether each read and write of the storage account is logged: an audit trail that costs per mail.')
  logStorageAccess: bool?

  @description('Optional. Whether the host\'s own log goes to the workspace too: it says why an app does not start, and repeats what is logged already.')
  logFunctionHost: bool?

  @description('Optional. Resource id of an existing Log Analytics workspace. If it is not given, one is made.')
  workspaceId: string?

  @description('Optional. Addresses that alerts are sent to.')
  @maxLength(20)
  alertEmails: string[]?

  @description('Optional. HTTPS addresses that alerts are posted to, in the common alert schema.')
  @maxLength(10)
  alertWebhooks: string[]?

  @description('Optional. Resource ids of existing action groups.')
  @maxLength(4)
  actionGroupIds: string[]?

  @description('Optional. Whether Azure asks /health/ready from three places every five minutes, default true. An app that can be reached only through a private endpoint is never asked.')
  availabilityTest: bool?

  @description('Optional. Where OPERATIONS.md is published for those who get the alerts.')
  @minLength(1)
  runbookUri: string?
}
