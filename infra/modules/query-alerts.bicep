metadata name = 'Query alerts'
metadata description = 'What telemetry wakes an operator for. Each alert has the name of its query, and a section in OPERATIONS.md under it.'

import { resourceTags } from '../types.bicep'

@description('Required. Base of the resources\' names.')
@minLength(3)
@maxLength(40)
param name string

@description('Required. Region of the alerts.')
param location string

@description('Required. Tags of the alerts.')
param tags resourceTags

@description('Required. Action groups that get the alerts.')
@maxLength(5)
param actionGroupIds string[]

@description('Required. Workspace whose tables are queried.')
param workspaceId string

@description('Required. Application Insights component of this installation: others may write to the same workspace.')
param componentId string

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
    name: 'own-tenant'
    title: 'The whole tenant is blocked or over a limit: its mail is held'
    severity: 1
    every: 'PT5M'
    range: 'PT15M'
    query: loadTextContent('../monitoring/queries/own-tenant.kql')
  }
  {
    name: 'unlisted-answers'
    title: 'For an hour, Graph has neither accepted nor refused some mails'
    severity: 2
    every: 'PT30M'
    range: 'PT1H'
    query: loadTextContent('../monitoring/queries/unlisted-answers.kql')
  }
  {
    name: 'authorization'
    title: 'Graph refuses our tokens, or access to three or more mailboxes'
    severity: 0
    every: 'PT5M'
    range: 'PT2H'
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
  {
    name: 'mailbox-refused'
    title: 'Graph has refused access to a mailbox for more than two hours'
    severity: 2
    every: 'PT30M'
    range: 'PT6H'
    query: loadTextContent('../monitoring/queries/mailbox-refused.kql')
  }
  {
    name: 'server-errors'
    title: 'More than a twentieth of the requests to the HTTP API end in 5xx'
    severity: 1
    every: 'PT5M'
    range: 'PT15M'
    query: loadTextContent('../monitoring/queries/server-errors.kql')
  }
  {
    name: 'unexpected-error'
    title: 'A caller got 500: a bug'
    severity: 2
    every: 'PT5M'
    range: 'PT15M'
    query: loadTextContent('../monitoring/queries/unexpected-error.kql')
  }
  {
    name: 'callers-refused'
    title: 'Many requests of unknown or refused callers'
    severity: 2
    every: 'PT15M'
    range: 'PT15M'
    query: loadTextContent('../monitoring/queries/callers-refused.kql')
  }
  {
    name: 'purge-silent'
    title: 'The status log has not been purged for a day'
    severity: 3
    every: 'PT1H'
    range: 'P2D'
    query: loadTextContent('../monitoring/queries/purge-silent.kql')
  }
  {
    name: 'draft-left'
    title: 'A draft was left behind in a mailbox'
    severity: 3
    every: 'PT1H'
    range: 'PT1H'
    query: loadTextContent('../monitoring/queries/draft-left.kql')
  }
  {
    name: 'events-waiting'
    title: 'Events have waited for more than a quarter of an hour'
    severity: 2
    every: 'PT15M'
    range: 'PT15M'
    query: loadTextContent('../monitoring/queries/events-waiting.kql')
  }
  {
    name: 'events-refused'
    title: 'Event Grid refuses single events'
    severity: 3
    every: 'PT1H'
    range: 'PT1H'
    query: loadTextContent('../monitoring/queries/events-refused.kql')
  }
  {
    name: 'limit-near'
    title: 'Four fifths of a daily limit of Exchange are used'
    severity: 2
    every: 'PT30M'
    range: 'PT1H'
    query: loadTextContent('../monitoring/queries/limit-near.kql')
  }
]

// Each table ends its line in the query files, so that they run by hand as they are.
var ownRows = '\n    | where _ResourceId =~ \'${componentId}\'\n'

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
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
            query: replace(
              replace(
                replace(rule.query, 'AppTraces\n', 'AppTraces${ownRows}'),
                'AppRequests\n',
                'AppRequests${ownRows}'
              ),
              'AppExceptions\n',
              'AppExceptions${ownRows}'
            )
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
        actionGroups: actionGroupIds
        customProperties: {
          runbook: '${runbookUri}#${rule.name}'
        }
      }
    }
  }
]
