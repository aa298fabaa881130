metadata name = 'Telemetry'
metadata description = 'Log Analytics workspace and Application Insights; both take data from Entra identities only.'

import { resourceTags } from '../types.bicep'

@description('Required. Base of the resources\' names.')
@minLength(3)
@maxLength(40)
param name string

@description('Required. Region of both.')
param location string

@description('Required. Tags of both.')
#disable-next-line BCP057
param tags resourceTags

@description('Required. Days that telemetry is kept.')
@minValue(30)
@maxValue(730)
param retentionDays int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: 'log-${name}'
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${name}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
  }
}

@description('Resource id of the workspace.')
output workspaceId string = workspace.id

@description('Name of the workspace.')
output workspaceName string = workspace.name

@description('Name of the component.')
output componentName string = component.name

@description('Where the app sends telemetry; without local authentication this is an address, not a secret.')
output connectionString string = component.properties.ConnectionString
