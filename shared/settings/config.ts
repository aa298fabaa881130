// Reads all settings in one place, checks them together, and reports every problem at once. The only file that reads the environment.

import { isAddress } from '../domain/address/address.ts';
import { budgetBytesOf, memoryProblem } from '../domain/content/instance-memory.ts';
import type { GraphRights } from '../domain/operations.ts';
import { longestGapMinutes, parseNcrontab } from '../domain/reconcile/ncrontab.ts';
import type { Rules } from '../domain/rules.ts';
import { type ConsoleRules, consoleRules } from './console-settings.ts';
import { checkEvents, type EventsConfig, eventsConfigOf } from './events-config.ts';
import { acceptedDomains, checkLimits, limitRulesOf, listOf } from './limit-config.ts';
import type { Setting } from './setting.ts';
import { ConfigError, isUnresolved, problemOf, type SettingProblem, schemaOf, UNRESOLVED } from './setting-problem.ts';
import { SETTINGS, type SettingName } from './settings.ts';

/** A service reached by a connection string (emulators) or by its endpoints with a managed identity. */
export type Connection<Endpoints> = { connectionString: string } | ({ clientId: string | undefined } & Endpoints);

export interface Config extends Rules {
  graphBaseUrl: string;
  releaseSessions: boolean;
  /** Bytes of mail that a process holds at a time. */
  mailBudgetBytes: number;
  recipientLimit: number;
  logRetentionMs: number;
  /** Absent: telemetry names mailboxes as they are. */
  telemetryHashKey: string | undefined;
  callerAuth: 'entra' | 'function-key' | 'none';
  entra: { tenantId: string; audiences: string[]; authorityHost: string };
  /** Absent: everything is allowed. */
  senderPolicy: { blob: string } | { file: string } | undefined;
  serviceBus: Connection<{ fullyQualifiedNamespace: string }>;
  queueName: string;
  storage: Connection<{ tableServiceUri: string; blobServiceUri: string }>;
  graphClientId: string | undefined;
  /** Absent: there are no events. */
  events: EventsConfig | undefined;
  console: ConsoleRules;
}

const DAY_MS = 86_400_000;

/** Lock duration of the queue (infra and emulator have the same): a Graph call must end within it. */
export const QUEUE_LOCK_MS = 120_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Of the settings that this file reads; the host and its libraries read others. */
const NAMES: ReadonlySet<string> = new Set(SETTINGS.map(({ name }) => name));

class Reader {
  readonly problems: SettingProblem[] = [];
  private readonly environment: Environment;
  constructor(environment: Environment) {
    this.environment = environment;
    for (const setting of SETTINGS) {
      const isEmpty = environment[setting.name]?.trim() === '';
      const text = isEmpty && (setting as Setting).emptyIsAnError ? '' : this.text(setting.name);
      const problem = text === undefined ? undefined : problemOf(setting, text);
      if (problem) this.#add(setting.name, `is "${text}": ${problem}. Example: ${setting.example}`);
    }
    for (const [name, text] of Object.entries(environment)) {
      // App Service repeats each setting under this prefix: https://learn.microsoft.com/azure/app-service/reference-app-settings
      if (NAMES.has(name) || name.startsWith('APPSETTING_') || !isUnresolved(text ?? '')) continue;
      this.#add(name, `is "${text}": ${UNRESOLVED}`);
    }
  }
  #add(setting: string, words: string): void {
    this.problems.push({ setting, problem: `${setting} ${words}` });
  }
  text(name: SettingName): string | undefined {
    const setting: Setting = SETTINGS.find((s) => s.name === name) as Setting;
    return this.environment[name]?.trim() || setting.default;
  }
  /** NaN if the text is none; the constructor has reported that. */
  number(name: SettingName): number {
    const setting: Setting = SETTINGS.find((s) => s.name === name) as Setting;
    const read = schemaOf(setting).safeParse(this.text(name) ?? '');
    return Number(read.data ?? Number.NaN);
  }
  require(setting: SettingName, ok: boolean, words: string): void {
    if (!ok) this.#add(setting, words);
  }
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function checkEntra(reader: Reader): void {
  if (reader.text('CALLER_AUTH') !== 'entra') return;
  reader.require(
    'ENTRA_TENANT_ID',
    GUID.test(reader.text('ENTRA_TENANT_ID') ?? ''),
    'is missing or not a GUID. With CALLER_AUTH=entra it names the tenant whose access tokens are accepted. Example: 5f3c8a30-0c3d-4b3e-9d52-6d1b6f1c7a01',
  );
  reader.require(
    'ENTRA_AUDIENCE',
    listOf(reader.text('ENTRA_AUDIENCE')).length > 0,
    'is missing. With CALLER_AUTH=entra it names the application that access tokens must be for. Example: api://graph-mail-queue',
  );
}

/** In Development a policy is optional; elsewhere everything is denied without one. */
function senderPolicyOf(reader: Reader): Config['senderPolicy'] {
  const place = reader.text('SENDER_POLICY');
  if (place?.startsWith('blob:')) return { blob: place.slice('blob:'.length) };
  if (place) return { file: place };
  return reader.text('AZURE_FUNCTIONS_ENVIRONMENT') === 'Development' ? undefined : { blob: 'sender-policy.json' };
}

function checkTogether(reader: Reader): void {
  checkLimits(reader);
  const graph = reader.number('GRAPH_TIMEOUT');
  const grace = reader.number('IN_DOUBT_GRACE');
  reader.require(
    'GRAPH_TIMEOUT',
    !(graph >= QUEUE_LOCK_MS),
    `must be shorter than the queue's lock (PT2M), so that a call ends before another worker gets the message. Example: PT100S`,
  );
  reader.require(
    'IN_DOUBT_GRACE',
    !(grace <= graph),
    `must be longer than GRAPH_TIMEOUT, so that a slow call has ended before we decide that its mail was not sent. Example: PT5M`,
  );
  reader.require(
    'RETRY_MAXIMUM_INTERVAL',
    !(reader.number('RETRY_MAXIMUM_INTERVAL') < reader.number('RETRY_INITIAL_INTERVAL')),
    'must not be shorter than RETRY_INITIAL_INTERVAL. Example: PT1H',
  );
  reader.require(
    'CALLER_AUTH',
    reader.text('CALLER_AUTH') !== 'none' || reader.text('AZURE_FUNCTIONS_ENVIRONMENT') === 'Development',
    'is "none", with which anybody could send as anybody. It is for Development only (AZURE_FUNCTIONS_ENVIRONMENT=Development). Example: entra',
  );
  reader.require(
    'REPORT_WINDOW',
    reader.text('RESEND_CONTENT') === 'none' || !(reader.number('REPORT_WINDOW') > reader.number('KEPT_CONTENT_DAYS') * DAY_MS),
    'must not be longer than KEPT_CONTENT_DAYS, after which Blob Storage deletes what is kept for a resend. Example: P3D',
  );
  checkEntra(reader);
  checkEvents(reader);
  const memory = memoryProblem(reader.number('INSTANCE_MEMORY_MB'), reader.number('MAXIMUM_MESSAGE_SIZE'));
  reader.require('MAXIMUM_MESSAGE_SIZE', memory === undefined, memory ?? '');
  const schedule = parseNcrontab(reader.text('RECONCILE_SCHEDULE') ?? '');
  reader.require(
    'RECONCILE_SCHEDULE',
    schedule === undefined || longestGapMinutes(schedule) <= 5 || reader.text('AZURE_FUNCTIONS_ENVIRONMENT') === 'Development',
    'must run the reconciler at least every five minutes, because the alert reconciler-silent looks back a quarter of an hour. Example: 0 * * * * *',
  );
  reader.require(
    'REDIRECT_RECIPIENTS_TO',
    isAddress(reader.text('REDIRECT_RECIPIENTS_TO') ?? 'a@b'),
    'is not a mail address. Example: test-mail@contoso.com',
  );
  reader.require(
    'TELEMETRY_HASH_KEY',
    reader.text('TELEMETRY_MAILBOX') !== 'hash' || (reader.text('TELEMETRY_HASH_KEY') ?? '').length >= 16,
    'is missing or shorter than 16 characters. With a weak key anybody could find the mailbox of a hash. Example: what `openssl rand -hex 32` prints',
  );
  reader.require(
    'SERVICE_BUS',
    /(^|;)\s*Endpoint=sb:\/\/[^;]/i.test(reader.text('SERVICE_BUS') ?? 'Endpoint=sb://x'),
    'is not a connection string of Service Bus. Example: Endpoint=sb://localhost;SharedAccessKeyName=…;SharedAccessKey=…;UseDevelopmentEmulator=true;',
  );
  reader.require(
    'STORAGE',
    /^UseDevelopmentStorage=true|^(?=.*\bAccountName=[^;])(?=.*\bAccountKey=[^;])(?=.*(Endpoint|DefaultEndpointsProtocol)=)/i.test(
      reader.text('STORAGE') ?? 'UseDevelopmentStorage=true',
    ),
    'is not a connection string of a storage account. Example: UseDevelopmentStorage=true',
  );
  const serviceBus = reader.text('SERVICE_BUS') ?? reader.text('SERVICE_BUS__fullyQualifiedNamespace');
  reader.require(
    'SERVICE_BUS__fullyQualifiedNamespace',
    serviceBus !== undefined,
    '(or SERVICE_BUS for an emulator) is missing. Example: contoso-mail.servicebus.windows.net',
  );
  const endpoints = reader.text('STORAGE__tableServiceUri') && reader.text('STORAGE__blobServiceUri');
  reader.require(
    'STORAGE__tableServiceUri',
    Boolean(reader.text('STORAGE') ?? endpoints),
    'and STORAGE__blobServiceUri (or STORAGE for an emulator) are missing. Example: https://contosomail.table.core.windows.net',
  );
}

/** All settings, typed. Throws one ConfigError that lists every problem with the setting, what is wrong and an example. */
export function readConfig(environment: Environment = process.env): Config {
  const reader = new Reader(environment);
  checkTogether(reader);
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  const text = (name: SettingName) => reader.text(name) as string;
  const entra = {
    tenantId: (reader.text('ENTRA_TENANT_ID') ?? '').toLowerCase(),
    audiences: listOf(reader.text('ENTRA_AUDIENCE')),
    authorityHost: (reader.text('ENTRA_AUTHORITY_HOST') ?? text('AZURE_AUTHORITY_HOST')).replace(/\/+$/, ''),
  };
  return {
    graphBaseUrl: text('GRAPH_BASE_URL').replace(/\/+$/, ''),
    graphRights: text('GRAPH_RIGHTS') as GraphRights,
    graphTimeoutMs: reader.number('GRAPH_TIMEOUT'),
    alwaysDraftRoute: text('SUBMISSION_ROUTE') === 'draft',
    retry: {
      initialIntervalMs: reader.number('RETRY_INITIAL_INTERVAL'),
      backoffCoefficient: reader.number('RETRY_BACKOFF_COEFFICIENT'),
      maximumIntervalMs: reader.number('RETRY_MAXIMUM_INTERVAL'),
    },
    sendLifetimeMs: reader.number('SEND_LIFETIME'),
    inDoubtGraceMs: reader.number('IN_DOUBT_GRACE'),
    reportWindowMs: reader.number('REPORT_WINDOW'),
    resendContent: text('RESEND_CONTENT') as Config['resendContent'],
    messageTrace: text('MESSAGE_TRACE') === 'on',
    ownAccountPauseMs: reader.number('OWN_ACCOUNT_PAUSE'),
    suppressionExpiryMs: text('SUPPRESSION') === 'on' ? reader.number('SUPPRESSION_EXPIRY') : undefined,
    acceptedDomains: acceptedDomains(reader),
    retryAttemptWindowMs: reader.number('RETRY_ATTEMPT_WINDOW'),
    mailboxMissingAfterMs: reader.number('MAILBOX_MISSING_AFTER'),
    lanesPerMailbox: reader.number('LANES_PER_MAILBOX'),
    releaseSessions: text('RELEASE_SESSIONS') === 'true',
    maximumMessageSizeBytes: reader.number('MAXIMUM_MESSAGE_SIZE'),
    mailBudgetBytes: budgetBytesOf(reader.number('INSTANCE_MEMORY_MB')),
    recipientLimit: reader.number('RECIPIENT_LIMIT'),
    logRetentionMs: reader.number('LOG_RETENTION'),
    logSubjects: text('LOG_SUBJECTS') === 'true',
    telemetryHashKey: text('TELEMETRY_MAILBOX') === 'hash' ? text('TELEMETRY_HASH_KEY') : undefined,
    callerAuth: text('CALLER_AUTH') as Config['callerAuth'],
    entra,
    senderPolicy: senderPolicyOf(reader),
    nonProduction: {
      redirectTo: reader.text('REDIRECT_RECIPIENTS_TO'),
      allowedDomains: listOf(reader.text('ALLOWED_RECIPIENT_DOMAINS')).map((domain) => domain.toLowerCase()),
    },
    limits: limitRulesOf(reader),
    serviceBus: reader.text('SERVICE_BUS')
      ? { connectionString: text('SERVICE_BUS') }
      : { fullyQualifiedNamespace: text('SERVICE_BUS__fullyQualifiedNamespace'), clientId: reader.text('SERVICE_BUS__clientId') },
    queueName: text('QUEUE_NAME'),
    storage: reader.text('STORAGE')
      ? { connectionString: text('STORAGE') }
      : {
          tableServiceUri: text('STORAGE__tableServiceUri'),
          blobServiceUri: text('STORAGE__blobServiceUri'),
          clientId: reader.text('STORAGE__clientId'),
        },
    graphClientId: reader.text('AZURE_CLIENT_ID'),
    events: eventsConfigOf(reader),
    console: consoleRules((name) => reader.text(name), entra),
  };
}
