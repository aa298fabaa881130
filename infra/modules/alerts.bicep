metadata name = 'Alerts'
metadata description = 'What an operator is woken for. Each alert has a section in OPERATIONS.md under its own name.'

import { resourceTags } from '../types.bicep'

@description('Required. Base of the resources\' names.')
@minLength(3)
@maxLength(40)
param name string

@description('Required. Region of the alerts.')
param location string

@description('Required. Tags of the alerts.')
#disable-next-line BCP057
param tags resourceTags

@description('Required. Addresses that are written to; may be empty.')
@maxLength(20)
param emails string[]

@description('Required. Workspace whose tables are queried.')
param workspaceId string

@description('Required. Service Bus namespace.')
param namespaceId string

@description('Required. Queue of send requests.')
@minLength(1)
@maxLength(260)
param queueName string

@description('Required. Where OPERATIONS.md is published; the alert\'s name is the anchor.')
@minLength(1)
param runbookUri string

// A query that returns a row makes its alert fire; `range` is how far it looks back (thresholds are whole numbers, so ratios are computed in the query).
var rules = [
  {
    name: 'set-aside'
    title: 'Queue messages were dead-lettered or set aside as poison'
    severity: 1
    every: 'PT5M'
    range: 'PT15M'
    query: loadTextContent('../monitoring/queries/set-aside.kql')
  }
  {
    name: 'overdue'
    title: 'Send requests are ten minutes past their next attempt'
    severity: 1
    every: 'PT5M'
    range: 'PT15M'
    query: loadTextContent('../monitoring/queries/overdue.kql')
  }
  {
    name: 'oldest-open'
    title: 'Send requests have waited for more than six hours'
    severity: 2
    every: 'PT30M'
    range: 'P2D'
    query: loadTextContent('../monitoring/queries/oldest-open.kql')
  }
  {
    name: 'own-account'
    title: 'A mailbox of ours is blocked, full or over its quota'
    severity: 1
    every: 'PT5M'
    range: 'PT15M'
    query: loadTextContent('../monitoring/queries/own-account.kql')
  }
  {
    name: 'unlisted-answers'
    title: 'Mails have had answers of Graph for an hour that say neither yes nor no'
    severity: 2
    every: 'PT30M'
    range: 'PT1H'
    query: loadTextContent('../monitoring/queries/unlisted-answers.kql')
  }
  {
    name: 'authorization'
    title: 'Graph refuses our identity'
    severity: 0
    every: 'PT5M'
    range: 'PT15M'
    query: loadTextContent('../monitoring/queries/authorization.kql')
  }
  {
    name: 'doubts-open'
    title: 'Doubts are unresolved after an hour, or ended unaccounted'
    severity: 2
    every: 'PT30M'
    range: 'P1D'
    query: loadTextContent('../monitoring/queries/doubts-open.kql')
  }
  {
    name: 'reconciler-silent'
    title: 'The reconciler has not run for a quarter of an hour'
    severity: 1
    every: 'PT5M'
    range: 'PT15M'
    query: loadTextContent('../monitoring/queries/reconciler-silent.kql')
  }
  {
    name: 'mailboxes-unreadable'
    title: 'Mailboxes could not be reconciled'
    severity: 3
    every: 'PT30M'
    range: 'PT1H'
    query: loadTextContent('../monitoring/queries/mailboxes-unreadable.kql')
  }
  {
    name: 'sender-policy'
    title: 'The sender policy is missing or broken'
    severity: 1
    every: 'PT5M'
    range: 'PT15M'
    query: loadTextContent('../monitoring/queries/sender-policy.kql')
  }
  {
    name: 'failure-rate'
    title: 'More than a tenth of the finished send requests failed'
    severity: 2
    every: 'PT15M'
    range: 'PT1H'
    query: loadTextContent('../monitoring/queries/failure-rate.kql')
  }
  {
    name: 'stores-out-of-reach'
    title: 'Table, blobs or queue are out of reach'
    severity: 2
    every: 'PT5M'
    range: 'PT15M'
    query: loadTextContent('../monitoring/queries/stores-out-of-reach.kql')
  }
  {
    name: 'function-failures'
    title: 'A function throws'
    severity: 2
    every: 'PT5M'
    range: 'PT15M'
    query: loadTextContent('../monitoring/queries/function-failures.kql')
  }
]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${name}'
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
  }
}

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${name}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${rule.title} (${name})'
      description: 'Runbook: ${runbookUri}#${rule.name}'
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: rule.every
      windowSize: rule.range
      autoMitigate: true
      // The tables have no column schema before the first telemetry has arrived.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [actionGroup.id]
        customProperties: {
          runbook: '${runbookUri}#${rule.name}'
        }
      }
    }
  }
]

// The function that records dead letters empties that queue at once: what stays there says that it doesn't run.
resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-dead-letters-stay'
  location: 'global'
  tags: tags
  properties: {
    description: 'Dead letters are not being recorded. Runbook: ${runbookUri}#dead-letters-stay'
    severity: 1
    enabled: true
    scopes: [namespaceId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'dead-letters'
          criterionType: 'StaticThresholdCriterion'
          metricName: 'DeadletteredMessages'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          timeAggregation: 'Minimum'
          operator: 'GreaterThan'
          threshold: 0
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
    actions: [
      {
        actionGroupId: actionGroup.id
      }
    ]
  }
}
