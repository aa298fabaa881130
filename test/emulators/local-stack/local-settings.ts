// The application settings of the local stack: quicker than in Azure, and pointed at its emulators.

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

/** The account name and key that every storage emulator has; they are published and open nothing else. */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export function storageConnectionString(blobUrl: string, tableUrl: string): string {
  return `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${blobUrl};TableEndpoint=${tableUrl};`;
}

export const storageUrl = (port: unknown): string => `http://127.0.0.1:${port}/${ACCOUNT}`;
