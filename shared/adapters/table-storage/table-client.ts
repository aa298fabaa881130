// Makes the SDK's client for our table: bounded retries, and both ways of signing in.
import { TableClient, type TableServiceClientOptions } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';

export type StorageConnection = { connectionString: string } | { tableServiceUri: string; credential: TokenCredential };

export const TABLE_NAME = 'sendRequests';

const retryOptions = { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 };

export function makeTableClient(
  connection: StorageConnection,
  tableName: string = TABLE_NAME,
  more: TableServiceClientOptions = {},
): TableClient {
  if ('connectionString' in connection) {
    const allowInsecureConnection = /http:\/\//i.test(connection.connectionString);
    return TableClient.fromConnectionString(connection.connectionString, tableName, { retryOptions, allowInsecureConnection, ...more });
  }
  const { tableServiceUri, credential } = connection;
  return new TableClient(tableServiceUri.replace(/\/$/, ''), tableName, credential, { retryOptions, ...more });
}
