// Makes the SDK's client for our table: bounded retries, and both ways of signing in.
import type { TableClient, TableServiceClientOptions } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';

export type StorageConnection = { connectionString: string } | { tableServiceUri: string; credential: TokenCredential };

export type OpenTableClient = () => Promise<TableClient>;

export const TABLE_NAME = 'sendRequests';

const retryOptions = { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 };

async function makeClient(connection: StorageConnection, tableName: string, more: TableServiceClientOptions): Promise<TableClient> {
  const { createDefaultHttpClient, TableClient, withQuickTransactions } = await import('./table-sdk.ts');
  const httpClient = createDefaultHttpClient();
  const options = { retryOptions, httpClient, ...more };
  if ('connectionString' in connection) {
    const allowInsecureConnection = /http:\/\//i.test(connection.connectionString);
    const client = TableClient.fromConnectionString(connection.connectionString, tableName, { allowInsecureConnection, ...options });
    return withQuickTransactions(client, options.httpClient);
  }
  const { tableServiceUri, credential } = connection;
  return withQuickTransactions(new TableClient(tableServiceUri.replace(/\/$/, ''), tableName, credential, options), options.httpClient);
}

/** The client is made, and its package loaded, at the first call. */
export function makeTableClient(
  connection: StorageConnection,
  tableName: string = TABLE_NAME,
  more: TableServiceClientOptions = {},
): OpenTableClient {
  let made: Promise<TableClient> | undefined;
  return () => {
    made ??= makeClient(connection, tableName, more);
    return made;
  };
}
