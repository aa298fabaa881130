// The outbox contract against the table in memory, which other tests use, and against Table Storage (Azurite).

import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { CountingTableClient } from '../../fakes/counting-table-client.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';
import { describeOutbox } from './outbox.ts';

const client = new CountingTableClient();
describeOutbox('in memory', { create: async () => new Table(async () => client.asClient()), dispose: async () => {} });

let account: StorageAccount;
describeOutbox('Table Storage', {
  create: async () => {
    account = await newStorageAccount();
    return new Table(makeTableClient({ connectionString: account.connectionString }));
  },
  dispose: () => account.close(),
});
