metadata name = 'Settings'
metadata description = 'Application settings of the product that can be chosen.'

@export()
@description('Schedules of the reconciler, NCRONTAB in UTC. Each runs at least every five minutes, because the alert `reconciler-silent` looks back a quarter of an hour.')
type reconcileSchedule = '*/30 * * * * *' | '0 * * * * *' | '0 */2 * * * *' | '0 */5 * * * *'

@export()
@description('Application settings of the product. A setting that is left out has its default. Durations are ISO 8601. If a setting is wrong, the app does not start and says why.')
type settingsType = {
  @description('Optional. Rights of the app\'s identity in Microsoft 365.')
  GRAPH_RIGHTS: rightsTier?

  @description('Optional. Time-out of one call to Graph, shorter than the queue\'s lock of two minutes.')
  @minLength(3)
  @maxLength(20)
  GRAPH_TIMEOUT: string?

  @description('Optional. `draft`: always create a draft and send it.')
  SUBMISSION_ROUTE: submissionRoute?

  @description('Optional. Wait after the first submission attempt.')
  @minLength(3)
  @maxLength(20)
  RETRY_INITIAL_INTERVAL: string?

  @description('Optional. Factor from one wait to the next, 1 to 10.')
  @minLength(1)
  @maxLength(5)
  RETRY_BACKOFF_COEFFICIENT: string?

  @description('Optional. The longest wait between two submission attempts.')
  @minLength(3)
  @maxLength(20)
  RETRY_MAXIMUM_INTERVAL: string?

  @description('Optional. How long a mail in doubt is looked for, without being found, before it is submitted again; longer than GRAPH_TIMEOUT.')
  @minLength(3)
  @maxLength(20)
  IN_DOUBT_GRACE: string?

  @description('Optional. How long the reconciler looks for reports after Graph accepted a mail.')
  @minLength(3)
  @maxLength(20)
  REPORT_WINDOW: string?

  @description('Optional. Where `resend` finds the content of a mail that Exchange has taken.')
  RESEND_CONTENT: resendContent?

  @description('Optional. Whether the reconciler also reads message trace. It needs the right ExchangeMessageTrace.Read.All, which covers the whole tenant.')
  MESSAGE_TRACE: messageTrace?

  @description('Optional. If a report says that the account of a mailbox, or the whole tenant, is blocked or over its quota: how long the mailbox is paused at most. A daily limit of the tenant holds for its 24 hours.')
  @minLength(3)
  @maxLength(20)
  OWN_ACCOUNT_PAUSE: string?
  MAILBOX_MISSING_AFTER: string?

  @description('Optional. `off`: the limits of Exchange are not counted, and Exchange returns what is too much.')
  EXCHANGE_LIMITS: exchangeLimits?

  @description('Optional. Mails a minute of one mailbox, 1 to 30.')
  @minLength(1)
  @maxLength(2)
  MAILBOX_MESSAGES_PER_MINUTE: string?

  @description('Optional. Recipients in 24 hours of one mailbox, 1 to 10000.')
  @minLength(1)
  @maxLength(5)
  MAILBOX_RECIPIENTS_PER_DAY: string?

  @description('Optional. Number of mail licences of the tenant, or `trial`: from it follows how many external recipients it may have in 24 hours.')
  @minLength(1)
  @maxLength(9)
  TENANT_LICENCES: string?

  @description('Optional. External recipients in 24 hours of the whole tenant, in place of the number that follows from TENANT_LICENCES.')
  @minLength(1)
  @maxLength(9)
  TENANT_EXTERNAL_RECIPIENTS_PER_DAY: string?

  @description('Optional. Whether mail to an address that Exchange has reported as non-existent is refused or held, as the sender policy says.')
  SUPPRESSION: suppression?

  @description('Optional. How long an address is suppressed, counted from the report.')
  @minLength(3)
  @maxLength(20)
  SUPPRESSION_EXPIRY: string?

  @description('Optional. Accepted domains of the tenant, separated by commas. Recipients in other domains are external. Needed if external recipients are counted.')
  @minLength(3)
  @maxLength(4000)
  ACCEPTED_DOMAINS: string?

  @description('Optional. How much of each limit the queue uses, 0.01 to 1.')
  @minLength(1)
  @maxLength(6)
  LIMIT_SHARE: string?

  @description('Optional. How much of a mailbox\'s limits only urgent mail may use, 0 to 0.9.')
  @minLength(1)
  @maxLength(6)
  LIMIT_URGENT_RESERVE: string?

  @description('Optional. How long after an attempt a repeat by the client itself (Retry-Attempt) is recognized.')
  @minLength(3)
  @maxLength(20)
  RETRY_ATTEMPT_WINDOW: string?

  @description('Optional. When the reconciler runs.')
  RECONCILE_SCHEDULE: reconcileSchedule?

  @description('Optional. Submissions at the same time per mailbox, besides the urgent lane.')
  LANES_PER_MAILBOX: lanes?

  @description('Optional. Whether a session is released as soon as its mail is done. False: after sessionIdleTimeout of host.json.')
  RELEASE_SESSIONS: yesOrNo?

  @description('Optional. Bytes of the largest message.')
  @minLength(4)
  @maxLength(9)
  MAXIMUM_MESSAGE_SIZE: string?

  @description('Optional. Maximum number of recipients of one message, up to 1000.')
  @minLength(1)
  @maxLength(4)
  RECIPIENT_LIMIT: string?

  @description('Optional. How long rows of settled requests are kept; at least a day.')
  @minLength(3)
  @maxLength(20)
  LOG_RETENTION: string?

  @description('Optional. Whether subjects are kept in the status log.')
  LOG_SUBJECTS: yesOrNo?

  @description('Optional. How telemetry names mailboxes: as they are, or by a keyed hash.')
  TELEMETRY_MAILBOX: mailboxNaming?

  @description('Optional. Key of that hash: a Key Vault reference, `@Microsoft.KeyVault(SecretUri=...)`, never the key itself.')
  @minLength(30)
  @maxLength(500)
  TELEMETRY_HASH_KEY: string?

  @description('Optional. What events tell, if `eventTopicId` is set. `minimal`: no subject, and no address but that of the mailbox and of the recipient concerned.')
  EVENT_DATA: eventData?

  @description('Optional. How callers prove who they are.')
  CALLER_AUTH: callerAuthentication?

  @description('Optional. Where the sender policy is: `blob:` and a name in the container `policy`.')
  @minLength(6)
  @maxLength(200)
  SENDER_POLICY: string?

  @description('Optional. For environments that are not production: the address that gets every mail instead of its recipients.')
  @minLength(3)
  @maxLength(320)
  REDIRECT_RECIPIENTS_TO: string?

  @description('Optional. Domains, separated by commas, whose recipients get their mail in spite of the redirection.')
  @minLength(3)
  @maxLength(1000)
  ALLOWED_RECIPIENT_DOMAINS: string?

  @description('Optional. Whether the app serves the console, a page for operators, at /console.')
  CONSOLE: onOrOff?

  @description('Optional. Application id with which people sign in to the console. If it is not given: the first application id in entraAudience.')
  @minLength(36)
  @maxLength(36)
  CONSOLE_CLIENT_ID: string?

  @description('Optional. The Functions host\'s own limit of a request body in bytes. If it is not given: twice MAXIMUM_MESSAGE_SIZE, and 64 KB.')
  @minLength(5)
  @maxLength(9)
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: string?
}

type rightsTier = 'send' | 'read' | 'readWrite'
type submissionRoute = 'auto' | 'draft'
type lanes = '1' | '2' | '3'
type yesOrNo = 'true' | 'false'
type eventData = 'minimal' | 'full'
type resendContent = 'copy' | 'keep' | 'none'
type messageTrace = 'off' | 'on'
type suppression = 'off' | 'on'
type exchangeLimits = 'off' | 'on'
type onOrOff = 'on' | 'off'
type mailboxNaming = 'plain' | 'hash'
type callerAuthentication = 'entra' | 'function-key'
