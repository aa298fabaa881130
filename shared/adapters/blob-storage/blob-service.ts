// Makes the SDK's client of Blob Storage: bounded retries, and both ways of signing in.
import type { TokenCredential } from '@azure/identity';
import type { BlobServiceClient } from '@azure/storage-blob';

export type BlobConnection = { connectionString: string } | { blobServiceUri: string; credential: TokenCredential };

export type OpenBlobService = () => Promise<BlobServiceClient>;

/** Storage answers within a second, or there is an outage. Then the queue message waits, rather than the function. */
const retryOptions = { maxTries: 2, tryTimeoutInMs: 30_000, retryDelayInMs: 300, maxRetryDelayInMs: 1_000 };

async function makeService(connection: BlobConnection): Promise<BlobServiceClient> {
  const { BlobServiceClient } = await import('./blob-sdk.ts');
  return 'connectionString' in connection
    ? BlobServiceClient.fromConnectionString(connection.connectionString, { retryOptions })
    : new BlobServiceClient(connection.blobServiceUri, connection.credential, { retryOptions });
}

/** The client is made, and its package loaded, at the first call: most mails need no blob. */
export function makeBlobService(connection: BlobConnection): OpenBlobService {
  let made: Promise<BlobServiceClient> | undefined;
  return () => {
    made ??= makeService(connection);
    return made;
  };
}
