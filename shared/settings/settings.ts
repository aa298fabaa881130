// The application settings as data: name, kind, default and meaning. config.ts reads them; documents and infrastructure are checked against them.

import { CONNECTION_SETTINGS } from './connection-settings.ts';
import { CONSOLE_SETTINGS } from './console-settings.ts';
import { LIMIT_SETTINGS } from './limit-settings.ts';
import { RESEND_SETTINGS } from './resend-settings.ts';
import type { Setting } from './setting.ts';
import { TENANT_SETTINGS } from './tenant-settings.ts';

const MEGABYTE = 1024 * 1024;

export const SETTINGS = [
  {
    name: 'GRAPH_BASE_URL',
    kind: 'url',
    default: 'https://graph.microsoft.com',
    meaning: 'Address of Microsoft Graph. For a national cloud set it together with AZURE_AUTHORITY_HOST',
    example: 'https://graph.microsoft.us',
  },
  {
    name: 'GRAPH_RIGHTS',
    kind: ['send', 'read', 'readWrite'],
    default: 'readWrite',
    meaning: 'The rights tier of our identity. send: Mail.Send; read: also Mail.Read; readWrite: also Mail.ReadWrite',
    example: 'readWrite',
  },
  {
    name: 'GRAPH_TIMEOUT',
    kind: 'duration',
    default: 'PT100S',
    minimum: 1000,
    meaning: 'Time-out of one call to Graph',
    example: 'PT100S',
  },
  {
    name: 'SUBMISSION_ROUTE',
    kind: ['auto', 'draft'],
    default: 'auto',
    meaning: 'auto: one POST if the mail fits and marks are proven, else a draft; draft: always create a draft and send it',
    example: 'auto',
  },
  {
    name: 'RETRY_INITIAL_INTERVAL',
    kind: 'duration',
    default: 'PT30S',
    minimum: 100,
    meaning: 'Wait after the first submission attempt',
    example: 'PT30S',
  },
  {
    name: 'RETRY_BACKOFF_COEFFICIENT',
    kind: 'decimal',
    default: '2',
    minimum: 1,
    maximum: 10,
    meaning: 'Factor from one wait to the next',
    example: '2',
  },
  {
    name: 'RETRY_MAXIMUM_INTERVAL',
    kind: 'duration',
    default: 'PT1H',
    minimum: 1000,
    meaning: 'The longest wait between two submission attempts, before jitter',
    example: 'PT1H',
  },
  {
    name: 'SEND_LIFETIME',
    kind: 'duration',
    default: 'P2D',
    minimum: 1000,
    meaning: 'If a request is not submitted within this time, it is expired, or unaccounted if in doubt',
    example: 'P2D',
  },
  {
    name: 'IN_DOUBT_GRACE',
    kind: 'duration',
    default: 'PT5M',
    minimum: 1000,
    meaning: 'How long a mail in doubt is looked for, without being found, before it is submitted again',
    example: 'PT5M',
  },
  {
    name: 'REPORT_WINDOW',
    kind: 'duration',
    default: 'P3D',
    minimum: 1000,
    meaning: 'How long the reconciler looks for reports after Graph accepted a mail',
    example: 'P3D',
  },
  ...RESEND_SETTINGS,
  {
    name: 'MESSAGE_TRACE',
    kind: ['off', 'on'],
    default: 'off',
    meaning:
      "Whether the reconciler also reads Exchange's message trace. The right for it, ExchangeMessageTrace.Read.All, covers the whole tenant",
    example: 'on',
  },
  ...TENANT_SETTINGS,
  {
    name: 'RETRY_ATTEMPT_WINDOW',
    kind: 'duration',
    default: 'PT15M',
    minimum: 60_000,
    maximum: 86_400_000,
    meaning:
      "How long after an attempt a client's own repeat (`Retry-Attempt`) is recognized. It must cover the client's waits and the time-outs of a gateway",
    example: 'PT15M',
  },
  {
    name: 'MAILBOX_MISSING_AFTER',
    kind: 'duration',
    default: 'PT30M',
    minimum: 1000,
    meaning: 'How long every answer of Graph must say that the mailbox of a sender does not exist before its mail is rejected',
    example: 'PT1H',
  },
  {
    name: 'RECONCILE_SCHEDULE',
    kind: 'ncrontab',
    default: '0 * * * * *',
    meaning:
      'NCRONTAB of the reconciler: second, minute, hour, day, month, day of week. Outside of Development it must run at least every five minutes',
    example: '0 * * * * *',
  },
  {
    name: 'LANES_PER_MAILBOX',
    kind: 'integer',
    default: '2',
    minimum: 1,
    maximum: 3,
    meaning: 'Submissions at the same time per mailbox, besides the urgent lane',
    example: '2',
  },
  {
    name: 'RELEASE_SESSIONS',
    kind: 'boolean',
    default: 'true',
    meaning: 'true: a session is released as soon as its mail is done; false: after `sessionIdleTimeout`',
    example: 'true',
  },
  {
    name: 'MAXIMUM_MESSAGE_SIZE',
    kind: 'bytes',
    default: String(35 * MEGABYTE),
    minimum: 1024,
    maximum: 150 * MEGABYTE,
    meaning: 'Maximum bytes of a message: the HTTP API refuses larger ones',
    example: '36700160',
  },
  {
    name: 'INSTANCE_MEMORY_MB',
    kind: ['512', '2048', '4096'],
    meaning:
      'Memory of an instance, written by the deployment: how many bytes of mail it holds at a time follows, and how large MAXIMUM_MESSAGE_SIZE may be. Left out: as with 2048, and no size is refused',
    example: '2048',
  },
  {
    name: 'RECIPIENT_LIMIT',
    kind: 'integer',
    default: '500',
    minimum: 1,
    maximum: 1000,
    meaning: 'Maximum recipients of one message: to, cc and bcc together',
    example: '500',
  },
  {
    name: 'LOG_RETENTION',
    kind: 'duration',
    default: 'P90D',
    minimum: 86_400_000,
    meaning: 'How long rows of settled requests are kept',
    example: 'P90D',
  },
  { name: 'LOG_SUBJECTS', kind: 'boolean', default: 'true', meaning: 'Whether subjects are kept in the status log', example: 'true' },
  {
    name: 'TELEMETRY_MAILBOX',
    kind: ['plain', 'hash'],
    default: 'plain',
    meaning: 'How telemetry names mailboxes: as they are, or as a keyed hash',
    example: 'plain',
  },
  {
    name: 'TELEMETRY_HASH_KEY',
    kind: 'text',
    meaning: 'If TELEMETRY_MAILBOX=hash: the key of the hash, at least 16 characters. In Azure use a Key Vault reference',
    example: '@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/telemetry-key)',
  },
  {
    name: 'CALLER_AUTH',
    kind: ['entra', 'function-key', 'none'],
    default: 'entra',
    emptyIsAnError: true,
    meaning: 'How callers prove who they are. none is allowed only if AZURE_FUNCTIONS_ENVIRONMENT is Development',
    example: 'entra',
  },
  {
    name: 'ENTRA_TENANT_ID',
    kind: 'text',
    meaning: 'If CALLER_AUTH=entra: the tenant whose access tokens are accepted',
    example: '5f3c8a30-0c3d-4b3e-9d52-6d1b6f1c7a01',
  },
  {
    name: 'ENTRA_AUDIENCE',
    kind: 'text',
    meaning: 'If CALLER_AUTH=entra: the application id or application id URI that access tokens must be for. Separate several by commas',
    example: 'api://graph-mail-queue',
  },
  {
    name: 'AZURE_AUTHORITY_HOST',
    kind: 'url',
    default: 'https://login.microsoftonline.com',
    meaning: 'Address of Microsoft Entra. For a national cloud set it together with GRAPH_BASE_URL',
    example: 'https://login.microsoftonline.us',
  },
  { name: 'ENTRA_AUTHORITY_HOST', kind: 'url', meaning: 'Emulator that issues the tokens of callers', example: 'http://localhost:8025' },
  {
    name: 'SENDER_POLICY',
    kind: 'text',
    meaning:
      'Where the sender policy is: blob: and a name in the container policy, or a file. If it is not set: blob:sender-policy.json; in Development everything is allowed',
    example: 'blob:sender-policy.json',
  },
  {
    name: 'REDIRECT_RECIPIENTS_TO',
    kind: 'text',
    meaning:
      'For environments that are not production: an address that gets every mail instead of its recipients. The log keeps the recipients',
    example: 'test-mail@contoso.com',
  },
  {
    name: 'ALLOWED_RECIPIENT_DOMAINS',
    kind: 'text',
    meaning:
      'Domains, separated by commas, whose recipients get their mail. Mail to others goes to REDIRECT_RECIPIENTS_TO; if that is not set, it is refused',
    example: 'contoso.com,fabrikam.com',
  },
  { name: 'AZURE_FUNCTIONS_ENVIRONMENT', kind: 'text', default: 'Production', meaning: 'Set by the host', example: 'Development' },
  ...LIMIT_SETTINGS,
  ...CONSOLE_SETTINGS,
  ...CONNECTION_SETTINGS,
] as const satisfies readonly Setting[];

export type SettingName = (typeof SETTINGS)[number]['name'];
