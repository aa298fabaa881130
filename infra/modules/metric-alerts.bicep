metadata name = 'Metric alerts'
metadata description = 'What the queue itself wakes an operator for. Each alert has a section in OPERATIONS.md under its own name.'

import { resourceTags } from '../types.bicep'

@description('Required. Base of the resources\' names.')
@minLength(3)
@maxLength(40)
param name string

@description('Required. Tags of the alerts.')
param tags resourceTags

@description('Required. Action groups that get the alerts.')
@maxLength(5)
param actionGroupIds string[]

@description('Required. Service Bus namespace.')
param namespaceId string

@description('Required. Queue of send requests.')
@minLength(1)
@maxLength(260)
param queueName string

@description('Required. Maximum size of the queue, at which it refuses messages.')
@minValue(1024)
@maxValue(5120)
param queueSizeMB int

@description('Required. Where OPERATIONS.md is published; the alert\'s name is the anchor.')
@minLength(1)
param runbookUri string

var actions = map(actionGroupIds, actionGroupId => { actionGroupId: actionGroupId })
var bytesPerPercent = queueSizeMB * 1048576 / 100

// Metrics of Microsoft.ServiceBus/namespaces: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-servicebus-namespaces-metrics
var rules = [
  {
    // The function that records dead letters empties that queue at once. If a message stays there, the function does not run.
    name: 'dead-letters-stay'
    title: 'Dead letters are not being recorded'
    severity: 1
    metric: 'DeadletteredMessages'
    aggregation: 'Minimum'
    threshold: 0
  }
  {
    name: 'queue-filling'
    title: 'The queue is filled to 60 %'
    severity: 2
    metric: 'Size'
    aggregation: 'Average'
    threshold: 60 * bytesPerPercent
  }
  {
    name: 'queue-nearly-full'
    title: 'The queue is filled to 85 %: when it is full, new mail is refused'
    severity: 1
    metric: 'Size'
    aggregation: 'Average'
    threshold: 85 * bytesPerPercent
  }
  {
    name: 'queue-throttled'
    title: 'Service Bus throttles the queue'
    severity: 2
    metric: 'ThrottledRequests'
    aggregation: 'Total'
    threshold: 100
  }
  {
    name: 'queue-server-errors'
    title: 'Service Bus answers with errors of its own'
    severity: 2
    metric: 'ServerErrors'
    aggregation: 'Total'
    threshold: 10
  }
]

resource metricAlerts 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for rule in rules: {
    name: '${name}-${rule.name}'
    location: 'global'
    tags: tags
    properties: {
      description: '${rule.title}. Runbook: ${runbookUri}#${rule.name}'
      severity: rule.severity
      enabled: true
      scopes: [namespaceId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: rule.name
            criterionType: 'StaticThresholdCriterion'
            metricName: rule.metric
            metricNamespace: 'Microsoft.ServiceBus/namespaces'
            timeAggregation: rule.aggregation
            operator: 'GreaterThan'
            threshold: rule.threshold
            dimensions: [
              {
                name: 'EntityName'
                operator: 'Include'
                values: [queueName]
              }
            ]
          }
        ]
      }
      actions: actions
    }
  }
]
