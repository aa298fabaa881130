// The application settings of the local stack: quicker than in Azure, and pointed at its emulators.
import { fileURLToPath } from 'node:url';

/** What differs from the defaults in Azure, so that a laptop shows within a minute what takes minutes there. */
export const LOCAL_SETTINGS: Readonly<Record<string, string>> = {
  AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
  CALLER_AUTH: 'none',
  QUEUE_NAME: 'send-requests',
  GRAPH_TIMEOUT: 'PT5S',
  RETRY_INITIAL_INTERVAL: 'PT1S',
  RETRY_MAXIMUM_INTERVAL: 'PT1H',
  IN_DOUBT_GRACE: 'PT10S',
  RECONCILE_SCHEDULE: '*/5 * * * * *',
};

const LIMIT_SETTING = /^(EXCHANGE_LIMITS|MAILBOX_(MESSAGES|RECIPIENTS)_\w+|TENANT_\w+|LIMIT_\w+)$/;

/** The emulator of Graph has no limits unless it is told so. Then the queue counts none either, unless a setting is about them. */
export function limitSettings(given: Readonly<Record<string, string | undefined>> = {}): Record<string, string> {
  const isAsked = Object.entries(given).some(([name, value]) => value !== undefined && LIMIT_SETTING.test(name));
  return isAsked ? {} : { EXCHANGE_LIMITS: 'off' };
}

/** What the emulator's applications may: with CALLER_AUTH=entra one sees a mail that is denied. */
export const SAMPLE_POLICY = fileURLToPath(new URL('sample-policy.json', import.meta.url));

/** The sample policy names the applications of the emulator's tenant. */
export const policySettings = (given: Readonly<Record<string, string | undefined>> = {}): Record<string, string> =>
  given['CALLER_AUTH'] === 'entra' && given['SENDER_POLICY'] === undefined ? { SENDER_POLICY: SAMPLE_POLICY } : {};

/** The account name and key that every storage emulator has; they are published and open nothing else. */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export function storageConnectionString(blobUrl: string, tableUrl: string): string {
  return `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${blobUrl};TableEndpoint=${tableUrl};`;
}

export const storageUrl = (port: unknown): string => `http://127.0.0.1:${port}/${ACCOUNT}`;
