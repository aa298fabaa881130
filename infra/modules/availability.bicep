metadata name = 'Availability'
metadata description = 'Asks /health/ready from outside, and alerts if two of three places get no 200. The alert has a section in OPERATIONS.md under its name.'

import { resourceTags } from '../types.bicep'

@description('Required. Base of the resources\' names.')
@minLength(3)
@maxLength(40)
param name string

@description('Required. Region of the Application Insights component.')
param location string

@description('Required. Tags of the resources.')
param tags resourceTags

@description('Required. Action groups that get the alerts.')
@maxLength(5)
param actionGroupIds string[]

@description('Required. Application Insights component.')
param componentId string

@description('Required. Base URL of the app.')
@minLength(10)
@maxLength(200)
param url string

@description('Required. Where OPERATIONS.md is published; the alert\'s name is the anchor.')
@minLength(1)
param runbookUri string

var actions = map(actionGroupIds, actionGroupId => { actionGroupId: actionGroupId })
// Population tags: https://learn.microsoft.com/azure/azure-monitor/app/availability#location-population-tags
var places = {
  AzureCloud: ['emea-nl-ams-azr', 'us-va-ash-azr', 'apac-sg-sin-azr']
  AzureUSGovernment: ['usgov-va-azr', 'usgov-phx-azr', 'usgov-tx-azr']
  AzureChinaCloud: ['mc-cne-azr', 'mc-cne2-azr', 'mc-cnn2-azr']
}[environment().name]

resource test 'Microsoft.Insights/webtests@2022-06-15' = {
  name: '${name}-not-ready'
  location: location
  // The component finds its tests by this link.
  tags: union(tags, { 'hidden-link:${componentId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: '${name}-not-ready'
    Name: '${name}-not-ready'
    Kind: 'standard'
    Enabled: true
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: [
      for place in places: {
        Id: place
      }
    ]
    Request: {
      RequestUrl: '${url}/health/ready'
      HttpVerb: 'GET'
      FollowRedirects: false
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}

resource alert 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: '${name}-not-ready'
  location: 'global'
  tags: tags
  properties: {
    description: 'The HTTP API is not ready, seen from outside. Runbook: ${runbookUri}#not-ready'
    severity: 1
    enabled: true
    scopes: [test.id, componentId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: test.id
      componentId: componentId
      failedLocationCount: 2
    }
    actions: actions
  }
}
