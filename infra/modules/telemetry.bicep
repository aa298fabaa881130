metadata name = 'Telemetry'
metadata description = 'Log Analytics workspace, unless there is one, and Application Insights; both take data from Entra identities only.'

import { resourceTags } from '../types.bicep'

@description('Required. Name of the component.')
@minLength(1)
@maxLength(255)
param componentName string

@description('Required. Name of the workspace to make.')
@minLength(4)
@maxLength(63)
param workspaceName string

@description('Required. Resource id of a workspace of your own; empty: one is made.')
param existingWorkspaceId string

@description('Required. Region of both.')
param location string

@description('Required. Tags of both.')
param tags resourceTags

@description('Required. Days that telemetry is kept.')
@minValue(30)
@maxValue(730)
param retentionDays int

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' = if (empty(existingWorkspaceId)) {
  name: workspaceName
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
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: empty(existingWorkspaceId) ? workspace.id : existingWorkspaceId
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
  }
}

@description('Where the app sends telemetry; without local authentication this is an address, not a secret.')
output connectionString string = component.properties.ConnectionString
