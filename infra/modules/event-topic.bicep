metadata name = 'Event topic'
metadata description = 'What the app needs of an existing Event Grid topic: its endpoint, and the right to publish. The topic itself, its subscriptions and its network are yours.'

@description('Required. Resource id of a custom topic, or of a topic of a namespace, in this resource group.')
@minLength(80)
@maxLength(1000)
param topicId string

@description('Required. Resource id of the app\'s identity.')
param identityId string

@description('Required. Principal id of the app\'s identity.')
@minLength(36)
@maxLength(36)
param principalId string

// EventGrid Data Sender
var roleId = 'd5a91429-5739-47e2-a06b-3470a27159e7'
var parts = split(topicId, '/')
var isOfNamespace = toLower(parts[7]) == 'namespaces'

resource customTopic 'Microsoft.EventGrid/topics@2025-02-15' existing = if (!isOfNamespace) {
  name: parts[8]
}

resource namespace 'Microsoft.EventGrid/namespaces@2025-02-15' existing = if (isOfNamespace) {
  name: parts[8]

  resource topic 'topics' existing = {
    name: last(parts)
  }
}

resource customTopicRight 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!isOfNamespace) {
  name: guid(topicId, identityId, roleId)
  scope: customTopic
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource namespaceTopicRight 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (isOfNamespace) {
  name: guid(topicId, identityId, roleId)
  scope: namespace::topic
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

@description('Where events are published.')
output endpoint string = isOfNamespace
  ? 'https://${namespace!.properties.topicsConfiguration.hostname}/topics/${last(parts)}:publish'
  : customTopic!.properties.endpoint
