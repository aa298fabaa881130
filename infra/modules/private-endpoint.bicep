metadata name = 'Private endpoint'
metadata description = 'One private endpoint, registered in a private DNS zone.'

import { resourceTags } from '../types.bicep'

@description('Required. Name of the endpoint.')
@minLength(2)
@maxLength(64)
param name string

@description('Required. Region of the endpoint.')
param location string

@description('Required. Tags of the endpoint.')
param tags resourceTags

@description('Required. Subnet of the endpoint.')
param subnetId string

@description('Required. Resource that is reached through the endpoint.')
param resourceId string

@description('Required. Sub-resource, such as `blob`.')
param groupId string

@description('Required. Private DNS zone that makes the resource\'s name resolve to the endpoint.')
param dnsZoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2026-03-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: {
      id: subnetId
    }
    privateLinkServiceConnections: [
      {
        name: groupId
        properties: {
          privateLinkServiceId: resourceId
          groupIds: [groupId]
        }
      }
    ]
  }
}

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2026-03-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: groupId
        properties: {
          privateDnsZoneId: dnsZoneId
        }
      }
    ]
  }
}
