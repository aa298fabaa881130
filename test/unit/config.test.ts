// The application settings: defaults, types, and every problem at once.

import { describe, expect, test } from 'vitest';
import { INSTANCE_MEMORY } from '../../shared/domain/content/instance-memory.ts';
import { QUEUE_LOCK_MS, readConfig } from '../../shared/settings/config.ts';
import { AZURE, problems } from '../support/azure-settings.ts';

describe('in Azure', () => {
  test('three endpoints, a tenant and an audience are enough, everything else has the documented default', () => {
    expect(readConfig(AZURE)).toEqual({
      graphBaseUrl: 'https://graph.microsoft.com',
      graphRights: 'readWrite',
      graphTimeoutMs: 100_000,
      alwaysDraftRoute: false,
      retry: { initialIntervalMs: 30_000, backoffCoefficient: 2, maximumIntervalMs: 3_600_000 },
      sendLifetimeMs: 172_800_000,
      inDoubtGraceMs: 300_000,
      reportWindowMs: 259_200_000,
      resendContent: 'copy',
      messageTrace: false,
      ownAccountPauseMs: 3_600_000,
      acceptedDomains: [],
      retryAttemptWindowMs: 900_000,
      mailboxMissingAfterMs: 1_800_000,
      lanesPerMailbox: 2,
      releaseSessions: true,
      maximumMessageSizeBytes: 36_700_160,
      mailBudgetBytes: 150_994_944,
      recipientLimit: 500,
      logRetentionMs: 7_776_000_000,
      logSubjects: true,
      callerAuth: 'entra',
      entra: {
        tenantId: '5f3c8a30-0c3d-4b3e-9d52-6d1b6f1c7a01',
        audiences: ['api://graph-mail-queue', '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001'],
        authorityHost: 'https://login.microsoftonline.com',
      },
      senderPolicy: { blob: 'sender-policy.json' },
      nonProduction: { redirectTo: undefined, allowedDomains: [] },
      limits: {
        messagesPerMinute: 30,
        recipientsPerDay: 10_000,
        tenantExternalRecipientsPerDay: undefined,
        acceptedDomains: [],
        share: 0.8,
        urgentReserve: 0.1,
      },
      serviceBus: { fullyQualifiedNamespace: 'contoso-mail.servicebus.windows.net', clientId: undefined },
      queueName: 'send-requests',
      storage: {
        tableServiceUri: 'https://contosomail.table.core.windows.net',
        blobServiceUri: 'https://contosomail.blob.core.windows.net',
        clientId: undefined,
      },
      graphClientId: undefined,
      console: {
        isOn: true,
        clientId: '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001',
        authorityHost: 'https://login.microsoftonline.com',
        applicationInsights: undefined,
      },
    });
  });

  test('identities are named per service, as the bindings and the identity library name them', () => {
    const config = readConfig({ ...AZURE, SERVICE_BUS__clientId: 'a', STORAGE__clientId: 'b', AZURE_CLIENT_ID: 'c' });
    expect(config).toMatchObject({ serviceBus: { clientId: 'a' }, storage: { clientId: 'b' }, graphClientId: 'c' });
  });
});

test('an emulator of Microsoft Entra is named beside the authority of the Functions host', () => {
  const of = (more: Record<string, string>) => readConfig({ ...AZURE, ...more }).entra.authorityHost;
  expect(of({ AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us/' })).toBe('https://login.microsoftonline.us');
  expect(of({ ENTRA_AUTHORITY_HOST: 'http://localhost:8025/' })).toBe('http://localhost:8025');
});

test('a hash of mailboxes without a key of its own hides nothing, and is refused', () => {
  expect(problems({ ...AZURE, TELEMETRY_MAILBOX: 'hash' })).toEqual([expect.stringMatching(/^TELEMETRY_HASH_KEY is missing/)]);
  expect(readConfig({ ...AZURE, TELEMETRY_MAILBOX: 'hash', TELEMETRY_HASH_KEY: 'k'.repeat(32) }).telemetryHashKey).toBe('k'.repeat(32));
  expect(readConfig({ ...AZURE, TELEMETRY_HASH_KEY: 'k'.repeat(32) }).telemetryHashKey).toBeUndefined();
});

test('what is kept for a resend must last as long as the report window', () => {
  const days = { ...AZURE, REPORT_WINDOW: 'P8D', KEPT_CONTENT_DAYS: '7' };
  expect(problems(days)).toEqual([expect.stringMatching(/^REPORT_WINDOW must not be longer than KEPT_CONTENT_DAYS/)]);
  for (const more of [{ KEPT_CONTENT_DAYS: '8' }, { RESEND_CONTENT: 'none' }]) readConfig({ ...days, ...more });
});

describe('the memory of an instance', () => {
  const withMemory = (memory: string, size: number) => ({ ...AZURE, INSTANCE_MEMORY_MB: memory, MAXIMUM_MESSAGE_SIZE: String(size) });

  test('decides how much mail is held at a time', () => {
    const budgets = ['512', '2048', '4096'].map((memory) => readConfig(withMemory(memory, 1_000_000)).mailBudgetBytes);
    expect(budgets).toEqual(INSTANCE_MEMORY.map(({ budgetBytes }) => budgetBytes));
  });

  test.each(INSTANCE_MEMORY)('of $memoryMB MB goes with messages of $largestMessageBytes bytes and no larger ones', (row) => {
    const { memoryMB, largestMessageBytes } = row;
    expect(readConfig(withMemory(String(memoryMB), largestMessageBytes)).maximumMessageSizeBytes).toBe(largestMessageBytes);
    const wrong = problems(withMemory(String(memoryMB), largestMessageBytes + 1));
    // The largest instances take what Graph takes.
    const reason = memoryMB === 4096 ? ' "\\d+": must be at most' : ` \\d+: instances of ${memoryMB} MB`;
    expect(wrong).toEqual([expect.stringMatching(new RegExp(`^MAXIMUM_MESSAGE_SIZE is${reason}`))]);
  });

  test('is refused by name if Flex Consumption has no such size', () => {
    expect(problems({ ...AZURE, INSTANCE_MEMORY_MB: '1024' })).toEqual([
      expect.stringMatching(/^INSTANCE_MEMORY_MB is "1024": must be one of/),
    ]);
  });
});

describe('with emulators', () => {
  test('connection strings take the place of endpoints, and nobody need prove who he is in Development', () => {
    const config = readConfig({
      SERVICE_BUS: 'Endpoint=sb://localhost;UseDevelopmentEmulator=true;',
      STORAGE: 'UseDevelopmentStorage=true',
      CALLER_AUTH: 'none',
      AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
      GRAPH_BASE_URL: 'http://127.0.0.1:4010/',
      SUBMISSION_ROUTE: 'draft',
      LOG_SUBJECTS: 'false',
      RETRY_BACKOFF_COEFFICIENT: '1.5',
    });
    expect(config.senderPolicy).toBeUndefined();
    expect(config).toMatchObject({
      serviceBus: { connectionString: 'Endpoint=sb://localhost;UseDevelopmentEmulator=true;' },
      storage: { connectionString: 'UseDevelopmentStorage=true' },
      callerAuth: 'none',
      graphBaseUrl: 'http://127.0.0.1:4010',
      alwaysDraftRoute: true,
      logSubjects: false,
      retry: { backoffCoefficient: 1.5 },
    });
  });
});

describe('the sender policy', () => {
  const development = { ...AZURE, AZURE_FUNCTIONS_ENVIRONMENT: 'Development' };

  test('is a blob by a name of its own, or a file', () => {
    expect(readConfig({ ...AZURE, SENDER_POLICY: 'blob:eu/policy.json' }).senderPolicy).toEqual({ blob: 'eu/policy.json' });
    expect(readConfig({ ...development, SENDER_POLICY: './policy.json' }).senderPolicy).toEqual({ file: './policy.json' });
  });

  test('is needed everywhere but in Development, and no tenant is needed where callers bring no tokens', () => {
    expect(readConfig(development).senderPolicy).toBeUndefined();
    const { ENTRA_TENANT_ID: _, ENTRA_AUDIENCE: __, ...rest } = AZURE;
    expect(readConfig({ ...rest, CALLER_AUTH: 'function-key' }).senderPolicy).toEqual({ blob: 'sender-policy.json' });
  });
});

describe('a start is refused', () => {
  test('with every problem at once, each naming the setting, its value, what is wrong and an example', () => {
    const found = problems({ GRAPH_RIGHTS: 'all', LANES_PER_MAILBOX: 'two', SEND_LIFETIME: '2 days' });
    expect(found).toHaveLength(7);
    expect(found[0]).toBe('GRAPH_RIGHTS is "all": must be one of send, read, readWrite. Example: readWrite');
    expect(found[1]).toMatch(/^SEND_LIFETIME is "2 days": is not an ISO 8601 duration \(.*\)\. Example: P2D$/);
    expect(found[2]).toBe('LANES_PER_MAILBOX is "two": is not a whole number. Example: 2');
    expect(found[3]).toMatch(/^ENTRA_TENANT_ID is missing/);
    expect(found[4]).toMatch(/^ENTRA_AUDIENCE is missing/);
    expect(found[5]).toMatch(/^SERVICE_BUS__fullyQualifiedNamespace .* is missing/);
    expect(found[6]).toMatch(/^STORAGE__tableServiceUri .* are missing/);
  });

  test('in one error whose message lists them all', () => {
    expect(() => readConfig({})).toThrow(
      /^4 problem\(s\) in the application settings:\n {2}- ENTRA.*\n {2}- ENTRA.*\n {2}- SERVICE_BUS.*\n {2}- STORAGE/,
    );
  });

  test.each([
    ['GRAPH_BASE_URL', 'graph.microsoft.com', 'must be an http or https URL'],
    ['GRAPH_BASE_URL', 'https://', 'must be an http or https URL'],
    ['RETRY_BACKOFF_COEFFICIENT', 'x', 'is not a number'],
    ['RETRY_BACKOFF_COEFFICIENT', '0.5', 'must be at least 1'],
    ['RETRY_BACKOFF_COEFFICIENT', '11', 'must be at most 10'],
    ['LANES_PER_MAILBOX', '0', 'must be at least 1'],
    ['LANES_PER_MAILBOX', '4', 'must be at most 3'],
    ['LOG_SUBJECTS', 'yes', 'must be true or false'],
    ['RECONCILE_SCHEDULE', '* * * * *', 'must have six fields'],
    ['GRAPH_TIMEOUT', 'PT0.1S', 'must be at least 1000 ms'],
    ['SEND_LIFETIME', 'P1M', 'is not an ISO 8601 duration'],
  ])('where %s is %s: %s', (name, value, problem) => {
    const found = problems({ ...AZURE, [name]: value });
    expect(found.filter((text) => text.startsWith(`${name} is "${value}": ${problem}`))).toHaveLength(1);
  });

  test.each([
    ['a Graph call could outlast the lock of the queue', { GRAPH_TIMEOUT: 'PT2M' }, 'GRAPH_TIMEOUT must be shorter'],
    ['a mail could count as absent while the call for it still runs', { IN_DOUBT_GRACE: 'PT100S' }, 'IN_DOUBT_GRACE must be longer'],
    [
      'the longest wait is shorter than the first',
      { RETRY_INITIAL_INTERVAL: 'PT1H', RETRY_MAXIMUM_INTERVAL: 'PT1M' },
      'RETRY_MAXIMUM_INTERVAL',
    ],
    ['anybody could send as anybody', { CALLER_AUTH: 'none' }, 'CALLER_AUTH is "none"'],
    ['the storage emulator has no connection string', { STORAGE: 'AccountName=a' }, 'STORAGE is not a connection string'],
    ['the Service Bus emulator has none', { SERVICE_BUS: 'localhost' }, 'SERVICE_BUS is not a connection string'],
    ['only one of the two storage endpoints is known', { STORAGE__blobServiceUri: '' }, 'STORAGE__tableServiceUri'],
  ])('where %s', (_name, environment, start) => {
    const found = problems({ ...AZURE, ...environment });
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(start)).toBe(true);
    expect(found[0]).toContain('Example: ');
  });

  test('but time-outs that nest by a second are fine', () => {
    expect(QUEUE_LOCK_MS).toBe(120_000);
    expect(problems({ ...AZURE, GRAPH_TIMEOUT: 'PT119S', IN_DOUBT_GRACE: 'PT120S' })).toEqual([]);
  });
});
