// Parameters of an installation, from the azd environment (`azd env set NAME VALUE`) or, without azd, from environment variables.
// Lines that are commented out show the default; descriptions and limits are in main.bicep, types.bicep and settings.bicep.
using 'main.bicep'

param name = readEnvironmentVariable('AZURE_ENV_NAME', 'mail')
param environmentType = readEnvironmentVariable('MAIL_QUEUE_ENVIRONMENT', 'production')
param entraAudience = readEnvironmentVariable('ENTRA_AUDIENCE', '')
param operatorGroupId = readEnvironmentVariable('OPERATOR_GROUP_ID', '')
param storageSku = readEnvironmentVariable('STORAGE_SKU', 'Standard_ZRS') // LRS in a region without zones; GZRS to survive the loss of the region
param monitoring = {
  alertEmails: filter(split(readEnvironmentVariable('ALERT_EMAILS', ''), ','), address => !empty(address))
  alertWebhooks: filter(split(readEnvironmentVariable('ALERT_WEBHOOKS', ''), ','), address => !empty(address))
  actionGroupIds: filter(split(readEnvironmentVariable('ACTION_GROUP_IDS', ''), ','), id => !empty(id))
  // runbookUri: 'https://contoso.com/mail-queue/OPERATIONS.md'
  // telemetryDays: 90
  // logStorageAccess: false
  // logFunctionHost: false
  // availabilityTest: true
  // workspaceId: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/contoso'
}

// param location = 'westeurope'                  // default: the resource group's
// param tags = { costCenter: '1234' }
// param nodeVersion = '22'                       // or '24'

// Size. The worker's always-ready instance makes mail go out without a cold start; it is also the fixed cost.
// param scale = {
//   instanceMemoryMB: 2048                       // 512, 2048, 4096: for messages up to 35, 100, 150 MB
//   maximumInstanceCount: 40
//   workerAlwaysReadyInstances: 1                // 0 only with serviceBusOwner
//   httpAlwaysReadyInstances: 0                  // 1: callers meet no cold start
//   httpConcurrency: 16
//   zoneRedundant: false
// }

// Application settings; what is left out has the default that is shown.
param settings = {
  // GRAPH_RIGHTS: 'readWrite'                    // send, read, readWrite: as granted by rights/grant-mailbox-rights.ps1
  // GRAPH_TIMEOUT: 'PT100S'
  // SUBMISSION_ROUTE: 'auto'                     // or draft
  // RETRY_INITIAL_INTERVAL: 'PT30S'
  // RETRY_BACKOFF_COEFFICIENT: '2'
  // RETRY_MAXIMUM_INTERVAL: 'PT1H'
  // IN_DOUBT_GRACE: 'PT5M'
  // REPORT_WINDOW: 'P3D'
  // RESEND_CONTENT: 'copy'                       // or keep, none: what can be sent again after a bounce
  // MESSAGE_TRACE: 'off'
  // OWN_ACCOUNT_PAUSE: 'PT1H'
  // SUPPRESSION: 'off'
  // SUPPRESSION_EXPIRY: 'P30D'
  // EXCHANGE_LIMITS: 'on'                        // off: Exchange returns what is too much
  // MAILBOX_MESSAGES_PER_MINUTE: '30'
  // MAILBOX_RECIPIENTS_PER_DAY: '10000'
  // TENANT_LICENCES: '250'                       // no default: external recipients are counted only with it, or with
  // TENANT_EXTERNAL_RECIPIENTS_PER_DAY: '33000'  // no default
  // ACCEPTED_DOMAINS: 'contoso.com,contoso.onmicrosoft.com'  // no default: every recipient may be external
  // LIMIT_SHARE: '0.8'                           // the rest is for mail that is sent without the queue
  // LIMIT_URGENT_RESERVE: '0.1'
  // RETRY_ATTEMPT_WINDOW: 'PT15M'
  // MAILBOX_MISSING_AFTER: 'PT30M'
  // RECONCILE_SCHEDULE: '0 * * * * *'            // at least every five minutes
  // LANES_PER_MAILBOX: '2'
  // RELEASE_SESSIONS: 'true'
  // MAXIMUM_MESSAGE_SIZE: '36700160'             // beyond about 70 MB with FUNCTIONS_REQUEST_BODY_SIZE_LIMIT, beyond 100 MB with instances of 4096 MB
  // RECIPIENT_LIMIT: '500'
  // LOG_RETENTION: 'P90D'
  // LOG_SUBJECTS: 'true'
  // TELEMETRY_MAILBOX: 'plain'                   // or hash, with
  // TELEMETRY_HASH_KEY: '@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/telemetry-key)'  // no default
  // EVENT_DATA: 'minimal'                        // or full
  // CALLER_AUTH: 'entra'                         // or function-key
  // CONSOLE: 'on'                                // off: no page at /console
  // CONSOLE_CLIENT_ID: '2c7e1f6a-1b0d-4b8e-9a57-0d9c3f5e4a10'  // no default; the application id in entraAudience serves
  // SENDER_POLICY: 'blob:sender-policy.json'     // in the container policy; nobody may send before it is there
  // REDIRECT_RECIPIENTS_TO: 'test-mail@contoso.com'        // no default; not in production
  // ALLOWED_RECIPIENT_DOMAINS: 'contoso.com,fabrikam.com'  // no default; not in production
}

// param sendLifetimeDays = 2                     // SEND_LIFETIME; it also sets how long content and queue messages are kept
// param graphBaseUrl = 'https://dod-graph.microsoft.us'  // default: Graph of the cloud that is deployed to

// param serviceBusSku = 'Standard'               // Premium: private endpoints, customer-managed keys, no noisy neighbours
// param messagingUnits = 1                       // Premium only
// param serviceBusOwner = true                   // false: least rights, and a worker that is always ready

// param eventTopicId = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/events/providers/Microsoft.EventGrid/topics/contoso-mail'  // default: no events

// param retention = {
//   contentMarginDays: 60
//   keptContentDays: 30
//   poisonDays: 180
//   deletedBlobDays: 7
// }

// param locked = false                           // true: queue and status log cannot be deleted

// param customerManagedKey = {                   // needs serviceBusSku = 'Premium'
//   keyVaultResourceId: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/contoso'
//   keyName: 'mail'
// }
// param networkIsolation = false                 // needs serviceBusSku = 'Premium'
// param privateIngress = false
// param addressPrefix = '10.80.0.0/24'
// param existingNetwork = {                      // instead of a network of its own
//   appSubnetId: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/hub/subnets/mail'
//   endpointSubnetId: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/hub/subnets/endpoints'
//   dnsZonesResourceGroupId: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/dns'
// }
