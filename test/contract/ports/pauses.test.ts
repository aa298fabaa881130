// Pauses by operators in memory and in Table Storage keep one contract; what one process sets the others learn within seconds.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TablePauses } from '../../../shared/adapters/table-storage/table-pauses.ts';
import type { Pause } from '../../../shared/domain/act/pauses.ts';
import type { Pauses } from '../../../shared/ports/pauses.ts';
import { InMemoryPauses } from '../../fakes/in-memory-pauses.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';

let account: StorageAccount;
let now = 0;
beforeAll(async () => {
  account = await newStorageAccount();
});
afterAll(() => account.close());
const harnesses: [string, () => Pauses][] = [
  ['in memory', () => new InMemoryPauses()],
  ['Table Storage', () => new TablePauses(new Table(makeTableClient({ connectionString: account.connectionString })), { now: () => now })],
];

describe.each(harnesses)('pauses contract: %s', (_, make) => {
  test('what is set is in force at once in its own process, and until it is lifted', async () => {
    const one = make();
    expect(await one.current()).toEqual([]);
    const set: Pause = {
      id: 'mailbox:ü@contoso.com',
      scope: 'mailbox',
      name: 'ü@contoso.com',
      reason: "it's wrong",
      setBy: 'operator',
      setDateTime: '2026-01-15T08:00:00.000Z',
    };
    await one.set(set);
    await one.set({ ...set, id: 'everything', scope: 'everything' });
    await one.set({ ...set, reason: 'still wrong' });
    expect([...(await one.current())].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      { ...set, id: 'everything', scope: 'everything' },
      { ...set, reason: 'still wrong' },
    ]);
    expect(await one.lift(set.id)).toBe(true);
    expect(await one.lift(set.id)).toBe(false);
    expect((await one.current()).map(({ id }) => id)).toEqual(['everything']);
    await one.lift('everything');
  });
});

test('another process learns of it within seconds, by one reading', async () => {
  const connect = () => new TablePauses(new Table(makeTableClient({ connectionString: account.connectionString })), { now: () => now });
  const [one, other] = [connect(), connect()];
  now = 1_000_000;
  expect(await other.current()).toEqual([]);
  await one.set({ id: 'everything', scope: 'everything', reason: 'r', setBy: 's', setDateTime: 'd' });
  expect(await other.current()).toEqual([]);
  now += 3_000;
  const all = await Promise.all(Array.from({ length: 20 }, () => other.current()));
  expect(all.every((pauses) => pauses.length === 1)).toBe(true);
  await one.lift('everything');
});
