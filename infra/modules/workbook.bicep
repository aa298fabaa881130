metadata name = 'Workbook'
metadata description = 'The operator\'s page: is mail flowing, what waits and why, what failed, what is in doubt, one request\'s timeline.'

import { resourceTags } from '../types.bicep'

@description('Required. Title of the workbook.')
@minLength(1)
@maxLength(80)
param displayName string

@description('Required. Region of the workbook.')
param location string

@description('Required. Tags of the workbook.')
#disable-next-line BCP057
param tags resourceTags

@description('Required. Workspace whose tables are queried.')
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, workspaceId, 'graph-mail-queue')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: displayName
    category: 'workbook'
    sourceId: workspaceId
    serializedData: replace(loadTextContent('../monitoring/workbook.json'), '{workspaceId}', workspaceId)
  }
}
