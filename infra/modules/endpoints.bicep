metadata name = 'Endpoints'
metadata description = 'Private endpoints of what the app speaks to in Azure.'

import { resourceTags } from '../types.bicep'

@description('Required. Base of the endpoints\' names.')
@minLength(3)
@maxLength(40)
param name string

@description('Required. Region of the endpoints.')
param location string

@description('Required. Tags of the resources.')
param tags resourceTags

@description('Required. Subnet of the endpoints.')
param subnetId string

@description('Required. Resource group whose private DNS zones are used; empty: zones are made here.')
param dnsZonesResourceGroupId string

@description('Required. Storage account of the app\'s data.')
param storageId string

@description('Required. Storage account of the Functions host.')
param hostStorageId string

@description('Required. Service Bus namespace.')
param namespaceId string

@description('Required. Private DNS zone of Service Bus in this cloud.')
@minLength(10)
@maxLength(253)
param namespaceDnsZone string

var blobZone = 'privatelink.blob.${environment().suffixes.storage}'
var tableZone = 'privatelink.table.${environment().suffixes.storage}'

module privateEndpoints 'private-endpoints.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
    subnetId: subnetId
    dnsZonesResourceGroupId: dnsZonesResourceGroupId
    endpoints: [
      { name: 'blob', groupId: 'blob', resourceId: storageId, dnsZone: blobZone }
      { name: 'table', groupId: 'table', resourceId: storageId, dnsZone: tableZone }
      { name: 'host-blob', groupId: 'blob', resourceId: hostStorageId, dnsZone: blobZone }
      { name: 'host-table', groupId: 'table', resourceId: hostStorageId, dnsZone: tableZone }
      { name: 'namespace', groupId: 'namespace', resourceId: namespaceId, dnsZone: namespaceDnsZone }
    ]
  }
}
