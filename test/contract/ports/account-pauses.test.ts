// The contract of pauses against the fake and against the adapter (Azurite, over HTTP).
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { TableAccountPauses } from '../../../shared/adapters/table-storage/table-account-pauses.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { InMemoryAccountPauses } from '../../fakes/in-memory-account-pauses.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';
import { describeAccountPauses } from './account-pauses.ts';

const clock = new ManualClock();
const fake = new InMemoryAccountPauses(clock);
describeAccountPauses('in memory', { clock, create: async () => fake, another: () => fake, dispose: async () => {} });

const tableClock = new ManualClock();
let account: StorageAccount;
let table: Table;
describeAccountPauses('Table Storage', {
  clock: tableClock,
  create: async () => {
    account = await newStorageAccount();
    table = new Table(makeTableClient({ connectionString: account.connectionString }));
    return new TableAccountPauses(table, tableClock);
  },
  another: () => new TableAccountPauses(table, tableClock),
  dispose: () => account.close(),
});
