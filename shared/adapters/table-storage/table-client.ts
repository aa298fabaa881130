// Makes the SDK's client for our table: bounded retries, and both ways of signing in.
import type { TableClient, TableServiceClientOptions } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';

export type StorageConnection = { connectionString: string } | { tableServiceUri: string; credential: TokenCredential };

export type OpenTableClient = () => Promise<TableClient>;

export const TABLE_NAME = 'sendRequests';

const retryOptions = { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 };

async function makeClient(connection: StorageConnection, tableName: string, more: TableServiceClientOptions): Promise<TableClient> {
  const { TableClient } = await import('./table-sdk.ts');
  if ('connectionString' in connection) {
    const allowInsecureConnection = /http:\/\//i.test(connection.connectionString);
    return TableClient.fromConnectionString(connection.connectionString, tableName, { retryOptions, allowInsecureConnection, ...more });
  }
  const { tableServiceUri, credential } = connection;
  return new TableClient(tableServiceUri.replace(/\/$/, ''), tableName, credential, { retryOptions, ...more });
}

/**
 * Policies of the SDK that cost CPU in each call and do nothing here: spans of OpenTelemetry, which this app does not use; forms and bodies of
 * several parts, which no call to a table has; redirects, which the table service does not answer with.
 */
const UNUSED_POLICIES = ['tracingPolicy', 'formDataPolicy', 'multipartPolicy', 'redirectPolicy'];

function withoutUnusedPolicies(client: TableClient): TableClient {
  for (const name of UNUSED_POLICIES) client.pipeline.removePolicy({ name });
  return client;
}

/** The client is made, and its package loaded, at the first call. */
export function makeTableClient(
  connection: StorageConnection,
  tableName: string = TABLE_NAME,
  more: TableServiceClientOptions = {},
): OpenTableClient {
  let made: Promise<TableClient> | undefined;
  return () => {
    made ??= makeClient(connection, tableName, more).then(withoutUnusedPolicies);
    return made;
  };
}
