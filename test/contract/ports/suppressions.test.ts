// The contract of suppressions against the fake and against the adapter (Azurite, over HTTP), and what a search costs.
import { describe, expect, it } from 'vitest';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TableSuppressions } from '../../../shared/adapters/table-storage/table-suppressions.ts';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import { InMemorySuppressions } from '../../fakes/in-memory-suppressions.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';
import { describeSuppressions } from './suppressions.ts';

const clock = new ManualClock();
describeSuppressions('in memory', { clock, create: async () => new InMemorySuppressions(clock), dispose: async () => {} });

const tableClock = new ManualClock();
let account: StorageAccount;
const open = () => new Table(makeTableClient({ connectionString: account.connectionString }));
describeSuppressions('Table Storage', {
  clock: tableClock,
  create: async () => {
    account = await newStorageAccount();
    return new TableSuppressions(open(), tableClock);
  },
  dispose: () => account.close(),
});

describe('a search in Table Storage', () => {
  const addresses = Array.from({ length: 500 }, (_, n) => `person-${n}@example.com`);
  let now = 0;
  let running = 0;
  let most = 0;
  let reads = 0;
  let stepMs = 0;
  /** A table whose reads take a while. */
  const slow = {
    get: async () => {
      reads++;
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      now += stepMs;
      running--;
      return undefined;
    },
  } as unknown as Table;

  it('reads each address once, a bounded number at a time', async () => {
    [reads, most, stepMs] = [0, 0, 0];
    await new TableSuppressions(slow, { now: () => now }).find([...addresses, ...addresses.map((one) => one.toUpperCase())]);
    expect(reads).toBe(500);
    expect(most).toBe(32);
  });

  it('gives up after two seconds, and reads no more then', async () => {
    [reads, most, stepMs] = [0, 0, 50];
    const search = new TableSuppressions(slow, { now: () => now }).find(addresses);
    await expect(search).rejects.toThrow(StoreUnavailable);
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(reads).toBeLessThan(100);
  });
});
