// The status log contract against the fake and against Table Storage (Azurite).

import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TableStatusLog } from '../../../shared/adapters/table-storage/table-status-log.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import { InMemoryStatusLog } from '../../fakes/in-memory-status-log.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';
import { describeStatusLog } from './status-log.ts';
import { describeBatches } from './status-log-batches.ts';
import { describeUsage } from './status-log-usage.ts';

const inMemory = (clock: Clock) => ({ create: async () => new InMemoryStatusLog(clock), dispose: async () => {} });

let account: StorageAccount;
const inTables = (clock: Clock) => ({
  create: async () => {
    account = await newStorageAccount();
    return new TableStatusLog(new Table(makeTableClient({ connectionString: account.connectionString })), { clock });
  },
  dispose: () => account.close(),
});

for (const [name, harness] of [
  ['in memory', inMemory],
  ['Table Storage', inTables],
] as const) {
  describeStatusLog(name, harness);
  describeUsage(name, harness(new ManualClock()));
  describeBatches(name, harness(new ManualClock()));
}
