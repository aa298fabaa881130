// The status log contract against the fake and against Table Storage (Azurite).

import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TableStatusLog } from '../../../shared/adapters/table-storage/table-status-log.ts';
import { InMemoryStatusLog } from '../../fakes/in-memory-status-log.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';
import { describeStatusLog } from './status-log.ts';

describeStatusLog('in memory', (clock) => ({ create: async () => new InMemoryStatusLog(clock), dispose: async () => {} }));

let account: StorageAccount;
describeStatusLog('Table Storage', (clock) => ({
  create: async () => {
    account = await newStorageAccount();
    return new TableStatusLog(new Table(makeTableClient({ connectionString: account.connectionString })), clock);
  },
  dispose: () => account.close(),
}));
