// The tenant's counter: the contract against the fake and against Table Storage (Azurite).
import { afterAll, expect, test } from 'vitest';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TableTenantCounter } from '../../../shared/adapters/table-storage/table-tenant-counter.ts';
import { EMPTY_TENANT_USAGE } from '../../../shared/domain/limits/tenant-usage.ts';
import { InMemoryTenantCounter } from '../../fakes/in-memory-tenant-counter.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';

const accounts: StorageAccount[] = [];
afterAll(async () => {
  for (const account of accounts) await account.close();
});

async function inTables(): Promise<TableTenantCounter> {
  const account = await newStorageAccount();
  accounts.push(account);
  return new TableTenantCounter(new Table(makeTableClient({ connectionString: account.connectionString })));
}

test.each([
  ['in memory', async () => new InMemoryTenantCounter()],
  ['Table Storage', inTables],
])('%s: it is written by the one who knows it as it is', async (_name, make) => {
  const counter = await make();
  expect(await counter.read()).toBeUndefined();
  const usage = { ...EMPTY_TENANT_USAGE, latest: 5, days: [[1, 2]] as const };
  const first = (await counter.write(usage)) as { etag: string };
  expect(await counter.read()).toEqual({ value: usage, etag: first.etag });
  expect(await counter.write(EMPTY_TENANT_USAGE)).toBe(false);
  const second = (await counter.write({ ...usage, latest: 6 }, first.etag)) as { etag: string };
  expect(await counter.write({ ...usage, latest: 7 }, first.etag)).toBe(false);
  expect(await counter.read()).toEqual({ value: { ...usage, latest: 6 }, etag: second.etag });
});
