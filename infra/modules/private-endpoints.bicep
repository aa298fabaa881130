metadata name = 'Private endpoints'
metadata description = 'Private endpoints, and the private DNS zones that make their names resolve to them inside the network.'

import { endpointType, resourceTags } from '../types.bicep'

@description('Required. Base of the endpoints\' names.')
@minLength(3)
@maxLength(40)
param name string

@description('Required. Region of the endpoints.')
param location string

@description('Required. Tags of the resources.')
param tags resourceTags

@description('Required. The endpoints.')
@minLength(1)
param endpoints endpointType[]

@description('Required. Subnet of the endpoints.')
param subnetId string

@description('Required. Resource group whose private DNS zones are used; empty: zones are made here.')
param dnsZonesResourceGroupId string

var zoneNames = empty(dnsZonesResourceGroupId) ? union(map(endpoints, endpoint => endpoint.dnsZone), []) : []
var subnet = split(subnetId, '/')
var zonesScope = split(empty(dnsZonesResourceGroupId) ? resourceGroup().id : dnsZonesResourceGroupId, '/')

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zoneName in zoneNames: {
    name: zoneName
    location: 'global'
    tags: tags
  }
]

resource zoneLinks 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zoneName, index) in zoneNames: {
    parent: zones[index]
    name: 'graph-mail-queue'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        // The network of the subnet: zones that are made here are seen in it.
        id: resourceId(subnet[2], subnet[4], 'Microsoft.Network/virtualNetworks', subnet[8])
      }
    }
  }
]

module privateEndpoints 'private-endpoint.bicep' = [
  for endpoint in endpoints: {
    dependsOn: [zoneLinks]
    params: {
      name: 'pe-${name}-${endpoint.name}'
      location: location
      tags: tags
      subnetId: subnetId
      resourceId: endpoint.resourceId
      groupId: endpoint.groupId
      dnsZoneId: resourceId(zonesScope[2], zonesScope[4], 'Microsoft.Network/privateDnsZones', endpoint.dnsZone)
    }
  }
]
