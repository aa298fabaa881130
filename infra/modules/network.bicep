metadata name = 'Network'
metadata description = 'Virtual network: a subnet for the app\'s outgoing traffic with a fixed public address (Graph and Entra ID are public), one for private endpoints.'

import { endpointType, resourceTags } from '../types.bicep'

@description('Required. Base of the resources\' names.')
@minLength(3)
@maxLength(40)
param name string

@description('Required. Region of the network.')
param location string

@description('Required. Tags of the resources.')
#disable-next-line BCP057
param tags resourceTags

@description('Required. Address space; at least a /24, of which the upper half is left free.')
@minLength(9)
@maxLength(18)
param addressPrefix string

@description('Required. What is reached through private endpoints.')
#disable-next-line BCP057
param endpoints endpointType[]

// The types of Microsoft.Network are not part of the offline type check; `bicep build` checks them.
#disable-next-line BCP081
resource publicAddress 'Microsoft.Network/publicIPAddresses@2024-05-01' = {
  name: 'pip-${name}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    publicIPAllocationMethod: 'Static'
  }
}

#disable-next-line BCP081
resource natGateway 'Microsoft.Network/natGateways@2024-05-01' = {
  name: 'ng-${name}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    publicIpAddresses: [
      {
        id: publicAddress.id
      }
    ]
  }
}

#disable-next-line BCP081
resource virtualNetwork 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-${name}'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [addressPrefix]
    }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          natGateway: {
            id: natGateway.id
          }
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          defaultOutboundAccess: false
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }
}

module privateEndpoints 'private-endpoints.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
    virtualNetworkId: virtualNetwork.id
    subnetId: '${virtualNetwork.id}/subnets/endpoints'
    endpoints: endpoints
  }
}

@description('Resource id of the network.')
output id string = virtualNetwork.id

@description('Subnet of the app.')
output appSubnetId string = '${virtualNetwork.id}/subnets/app'

@description('Subnet of the private endpoints.')
output endpointSubnetId string = '${virtualNetwork.id}/subnets/endpoints'

@description('Address from which the app calls Graph and Entra ID.')
output outgoingAddress string = publicAddress.properties.ipAddress
