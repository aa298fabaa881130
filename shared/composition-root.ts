// Names the concrete adapters and hands the use cases their ports. The only file that knows them all.
import { randomBytes, randomUUID } from 'node:crypto';
import { ChainedTokenCredential, EnvironmentCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import { BlobServiceClient } from '@azure/storage-blob';
import { BlobContentStore } from './adapters/blob-storage/blob-content-store.ts';
import { GraphMailClient } from './adapters/graph/graph-mail-client.ts';
import { ServiceBusQueue } from './adapters/service-bus/service-bus-queue.ts';
import { Table } from './adapters/table-storage/table.ts';
import { makeTableClient } from './adapters/table-storage/table-client.ts';
import { TableMailboxRegistry } from './adapters/table-storage/table-mailbox-registry.ts';
import { TableProofs } from './adapters/table-storage/table-proofs.ts';
import { TableStatusLog } from './adapters/table-storage/table-status-log.ts';
import { LogTelemetry } from './adapters/telemetry/log-telemetry.ts';
import { type Config, readConfig } from './config.ts';
import type { Chance, Clock } from './ports/clock.ts';
import type { Context } from './usecases/context.ts';
import type { EnqueueCommand, EnqueueOutcome } from './usecases/enqueue-command.ts';
import { enqueueSendRequest } from './usecases/enqueue-send-request.ts';
import { Pauses } from './usecases/pauses.ts';
import { RecentIds } from './usecases/recent-ids.ts';

export interface Services extends Context {
  config: Config;
  context: Context;
  enqueue: (command: EnqueueCommand) => Promise<EnqueueOutcome>;
  newId: () => string;
  /** The calling application. */
  callerOf: () => string;
}

/** Callers are not told apart in Development (CALLER_AUTH=none); the start is refused elsewhere. */
const ANONYMOUS = 'anonymous';

const clock: Clock = { now: () => Date.now() };
const chance: Chance = { number: () => Math.random(), bytes: (length) => randomBytes(length) };

const identity = (clientId: string | undefined): TokenCredential =>
  clientId ? new ManagedIdentityCredential({ clientId }) : new ManagedIdentityCredential();

/** Graph: a client secret or certificate of the environment (a laptop), else the managed identity. */
const graphCredential = (clientId: string | undefined): TokenCredential =>
  new ChainedTokenCredential(new EnvironmentCredential(), identity(clientId));

/** Storage answers within a second or not at all; what lasts longer is an outage, and the queue waits better than a function. */
const BLOB_RETRIES = { maxTries: 2, tryTimeoutInMs: 30_000, retryDelayInMs: 300, maxRetryDelayInMs: 1_000 };

function blobService(storage: Config['storage']): BlobServiceClient {
  if ('connectionString' in storage)
    return BlobServiceClient.fromConnectionString(storage.connectionString, { retryOptions: BLOB_RETRIES });
  return new BlobServiceClient(storage.blobServiceUri, identity(storage.clientId), { retryOptions: BLOB_RETRIES });
}

function assemble(config: Config): Services {
  const { serviceBus, storage } = config;
  const table = new Table(
    makeTableClient(
      'connectionString' in storage
        ? { connectionString: storage.connectionString }
        : { tableServiceUri: storage.tableServiceUri, credential: identity(storage.clientId) },
    ),
  );
  const context: Context = {
    clock,
    chance,
    queue: new ServiceBusQueue({
      connection:
        'connectionString' in serviceBus
          ? { connectionString: serviceBus.connectionString }
          : { fullyQualifiedNamespace: serviceBus.fullyQualifiedNamespace, credential: identity(serviceBus.clientId) },
      queue: config.queueName,
      clock,
    }),
    contents: new BlobContentStore(blobService(storage)),
    log: new TableStatusLog(table),
    registry: new TableMailboxRegistry(table, clock),
    proofs: new TableProofs(table, clock),
    graph: new GraphMailClient({ baseUrl: config.graphBaseUrl, makeCredential: () => graphCredential(config.graphClientId), clock }),
    telemetry: new LogTelemetry((line) => console.log(line)),
    pauses: new Pauses(),
    recentReports: new RecentIds(),
    rules: config,
  };
  return {
    ...context,
    config,
    context,
    newId: randomUUID,
    enqueue: (command) => enqueueSendRequest(context, command),
    callerOf: () => ANONYMOUS,
  };
}

let assembled: Services | undefined;

/** Made once per process. Throws ConfigError with every problem of the settings. */
export function services(): Services {
  assembled ??= assemble(readConfig());
  return assembled;
}
