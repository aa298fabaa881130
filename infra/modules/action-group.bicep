metadata name = 'Action group'
metadata description = 'Who is told of alerts: addresses and webhooks.'

import { resourceTags } from '../types.bicep'

@description('Required. Name of the action group.')
@minLength(1)
@maxLength(260)
param name string

@description('Required. Tags of the action group.')
param tags resourceTags

@description('Required. Mail addresses that get the alerts.')
@maxLength(20)
param emails string[]

@description('Required. HTTPS addresses to which alerts are posted.')
@maxLength(10)
param webhooks string[]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'mailqueue'
    enabled: true
    emailReceivers: [
      for (email, index) in emails: {
        name: 'email-${index}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
    webhookReceivers: [
      for (webhook, index) in webhooks: {
        name: 'webhook-${index}'
        serviceUri: webhook
        useCommonAlertSchema: true
      }
    ]
  }
}

@description('Resource id of the action group.')
output id string = actionGroup.id
