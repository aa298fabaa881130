// The contract of pauses against the fake and against the adapter (Azurite, over HTTP).
import { describe, expect, it } from 'vitest';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { TableAccountPauses } from '../../../shared/adapters/table-storage/table-account-pauses.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TENANT } from '../../../shared/domain/act/account-pause.ts';
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

describe('Table Storage', () => {
  /** Counts the readings of the table. */
  const counted = () => {
    const readings: string[] = [];
    const counting = new Proxy(table, {
      get: (target, key) => {
        const member = Reflect.get(target, key) as unknown;
        return typeof member === 'function'
          ? (...args: unknown[]) => {
              if (key === 'get' || key === 'list') readings.push(String(key));
              return (member as (...all: unknown[]) => unknown).apply(target, args);
            }
          : member;
      },
    });
    return { pauses: new TableAccountPauses(counting, tableClock), readings };
  };

  it('reads all pauses by one query in fifteen seconds, however many mails and mailboxes ask', async () => {
    const own = await newStorageAccount();
    table = new Table(makeTableClient({ connectionString: own.connectionString }));
    const { pauses, readings } = counted();
    const ask = () => Promise.all([TENANT, ...Array.from({ length: 50 }, (_, n) => `m${n}@contoso.com`)].map((one) => pauses.current(one)));
    await ask();
    tableClock.advance(14_000);
    await ask();
    expect(readings).toEqual(['list']);
    tableClock.advance(1_000);
    await ask();
    expect(readings).toEqual(['list', 'list']);
    await own.close();
  });
});
