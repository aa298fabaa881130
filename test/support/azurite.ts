// Azurite (tables and blobs) inside the test's own process, on free ports and in memory.
import { createRequire } from 'node:module';

interface Server {
  start(): Promise<void>;
  close(): Promise<void>;
  getHttpServerAddress(): string;
}
type Construct<T> = { default: new (...options: unknown[]) => T };

const require = createRequire(import.meta.url);
const ACCOUNT = 'devstoreaccount1';
/** Azurite's well-known key, the same on every machine. https://learn.microsoft.com/azure/storage/common/storage-use-azurite */
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export interface Azurite {
  /** Origin of the service, without the account's name. */
  url: string;
  connectionString: string;
  close(): Promise<void>;
}

/** A storage connection string whose table and blob endpoints are at other origins, such as a proxy's. */
export const connectionStringFor = (urls: { table?: string; blob?: string }): string =>
  [
    'DefaultEndpointsProtocol=http',
    `AccountName=${ACCOUNT}`,
    `AccountKey=${KEY}`,
    ...(urls.table ? [`TableEndpoint=${urls.table}/${ACCOUNT}`] : []),
    ...(urls.blob ? [`BlobEndpoint=${urls.blob}/${ACCOUNT}`] : []),
  ].join(';');

async function start(service: 'table' | 'blob', server: Server): Promise<Azurite> {
  await server.start();
  const url = server.getHttpServerAddress();
  return { url, connectionString: connectionStringFor({ [service]: url }), close: () => server.close() };
}

/** Loose, without API version check, in memory; the database names are never written to. */
export function startAzuriteTables(): Promise<Azurite> {
  const { default: Configuration } = require('azurite/dist/src/table/TableConfiguration.js') as Construct<object>;
  const { default: Server } = require('azurite/dist/src/table/TableServer.js') as Construct<Server>;
  const common = [false, false, undefined, undefined, true, true, '', '', '', undefined, true, true];
  return start('table', new Server(new Configuration('127.0.0.1', 0, 5, 'tables.json', ...common)));
}

export function startAzuriteBlobs(): Promise<Azurite> {
  const { default: Configuration } = require('azurite/dist/src/blob/BlobConfiguration.js') as Construct<object>;
  const { default: Server } = require('azurite/dist/src/blob/BlobServer.js') as Construct<Server>;
  const common = [false, undefined, false, undefined, true, true, '', '', '', undefined, true, true];
  return start('blob', new Server(new Configuration('127.0.0.1', 0, 5, 'blobs.json', 'extents.json', [], ...common)));
}
