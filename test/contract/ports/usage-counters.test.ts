// Usage counters in Table Storage: each process sees what the others have let through.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TableUsageCounters } from '../../../shared/adapters/table-storage/table-usage-counters.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';

let account: StorageAccount;
let now = Date.parse('2026-01-15T08:05:00.000Z');
const usage = (minuteCount: number, dayCount: number, day = '2026-01-15') => ({ minute: `${day}T08:05`, minuteCount, day, dayCount });
const process = (name: string) =>
  new TableUsageCounters(new Table(makeTableClient({ connectionString: account.connectionString })), { now: () => now }, name);

beforeAll(async () => {
  account = await newStorageAccount();
});
afterAll(() => account.close());

test('a process is told of the others, by application, and never of itself', async () => {
  const [a, b] = [process('a'), process('b')];
  expect(await a.exchange('app', usage(1, 2))).toEqual([]);
  expect(await b.exchange('app', usage(3, 4))).toEqual([usage(1, 2)]);
  expect(await b.exchange('app2', usage(9, 9))).toEqual([]);
  expect(await a.exchange('app', usage(5, 6))).toEqual([usage(3, 4)]);
});

test('processes that are long gone are forgotten', async () => {
  await process('gone').exchange('old', usage(1, 1));
  now += 3 * 86_400_000;
  expect(await process('new').exchange('old', usage(1, 1, '2026-01-18'))).toEqual([]);
  now -= 3 * 86_400_000;
  expect(await process('late').exchange('old', usage(1, 1))).toEqual([usage(1, 1, '2026-01-18')]);
});
