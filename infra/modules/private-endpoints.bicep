metadata name = 'Private endpoints'
metadata description = 'Private endpoints, each with the private DNS zone that makes its name resolve to it inside the network.'

import { endpointType, resourceTags } from '../types.bicep'

@description('Required. Base of the endpoints\' names.')
@minLength(3)
@maxLength(40)
param name string

@description('Required. Region of the endpoints.')
param location string

@description('Required. Tags of the resources.')
#disable-next-line BCP057
param tags resourceTags

@description('Required. The endpoints.')
@minLength(1)
#disable-next-line BCP057
param endpoints endpointType[]

@description('Required. Network in which the zones are seen.')
param virtualNetworkId string

@description('Required. Subnet of the endpoints.')
param subnetId string

// The types of Microsoft.Network are not part of the offline type check; `bicep build` checks them.
#disable-next-line BCP081
resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for endpoint in endpoints: {
    name: endpoint.dnsZone
    location: 'global'
    tags: tags
  }
]

#disable-next-line BCP081
resource zoneLinks 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (endpoint, index) in endpoints: {
    parent: zones[index]
    name: 'graph-mail-queue'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: virtualNetworkId
      }
    }
  }
]

#disable-next-line BCP081
resource privateEndpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [
  for endpoint in endpoints: {
    name: 'pe-${name}-${endpoint.groupId}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: subnetId
      }
      privateLinkServiceConnections: [
        {
          name: endpoint.groupId
          properties: {
            privateLinkServiceId: endpoint.resourceId
            groupIds: [endpoint.groupId]
          }
        }
      ]
    }
  }
]

#disable-next-line BCP081
resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [
  for (endpoint, index) in endpoints: {
    parent: privateEndpoints[index]
    name: 'default'
    dependsOn: [zoneLinks[index]]
    properties: {
      privateDnsZoneConfigs: [
        {
          name: endpoint.groupId
          properties: {
            privateDnsZoneId: zones[index].id
          }
        }
      ]
    }
  }
]
