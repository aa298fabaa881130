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
param tags resourceTags

@description('Required. Workspace whose tables are queried.')
param workspaceId string

@description('Required. Application Insights component of this installation: others may write to the same workspace.')
param componentId string

// In the file the queries are JSON texts, in which a line ends with a backslash and an n.
var ownRows = '\\n    | where _ResourceId =~ \'${componentId}\'\\n'
var text = replace(loadTextContent('../monitoring/workbook.json'), '{workspaceId}', workspaceId)
var serializedData = replace(
  replace(replace(text, 'AppTraces\\n', 'AppTraces${ownRows}'), 'AppRequests\\n', 'AppRequests${ownRows}'),
  'AppExceptions\\n',
  'AppExceptions${ownRows}'
)

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, workspaceId, 'graph-mail-queue')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: displayName
    category: 'workbook'
    sourceId: workspaceId
    serializedData: serializedData
  }
}
