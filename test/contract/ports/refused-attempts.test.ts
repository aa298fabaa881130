// The contract of remembered refused attempts against the fake and against the adapter (Azurite, over HTTP).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TableRefusedAttempts } from '../../../shared/adapters/table-storage/table-refused-attempts.ts';
import type { RefusedAttempts } from '../../../shared/ports/refused-attempts.ts';
import { InMemoryRefusedAttempts } from '../../fakes/in-memory-refused-attempts.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { newMailbox } from '../../support/samples.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';

const MINUTE = 60_000;
const WINDOW = 15 * MINUTE;

let account: StorageAccount;
beforeAll(async () => {
  account = await newStorageAccount();
});
afterAll(() => account.close());

const newTable = () => new Table(makeTableClient({ connectionString: account.connectionString }));

const IMPLEMENTATIONS: [string, (clock: ManualClock) => RefusedAttempts][] = [
  ['in memory', (clock) => new InMemoryRefusedAttempts(clock, WINDOW)],
  ['Table Storage', (clock) => new TableRefusedAttempts(newTable(), clock, WINDOW)],
];

describe.each(IMPLEMENTATIONS)('refused attempts contract: %s', (_, create) => {
  const world = () => {
    const clock = new ManualClock();
    const attempts = create(clock);
    const named = { mailbox: newMailbox(), application: 'app', contentHash: 'h' };
    const remember = (more = {}) => attempts.remember({ ...named, number: 0, dateTime: new Date(clock.now()).toISOString(), ...more });
    return { clock, attempts, named, remember };
  };

  test('what was remembered is found by mailbox, application and content, with all that it had', async () => {
    const { attempts, named, remember } = world();
    expect(await attempts.of(named)).toEqual([]);
    await remember({ sendAt: '2026-01-15T08:00:00.000Z', clientRequestId: 'c' });
    expect(await attempts.of(named)).toMatchObject([{ ...named, number: 0, sendAt: '2026-01-15T08:00:00.000Z', clientRequestId: 'c' }]);
    for (const other of [{ mailbox: newMailbox() }, { application: 'other' }, { contentHash: 'other' }])
      expect(await attempts.of({ ...named, ...other })).toEqual([]);
  });

  test('the same twice is two, and each is taken once, whoever asks', async () => {
    const { attempts, named, remember } = world();
    await remember();
    await remember();
    const [one, two] = await attempts.of(named);
    const taken = await Promise.all([one, one, one, two].map((each) => attempts.take(each as NonNullable<typeof each>)));
    expect(taken.filter(Boolean)).toHaveLength(2);
    expect(await attempts.of(named)).toEqual([]);
  });

  test('nothing is older than the window', async () => {
    const { clock, attempts, named, remember } = world();
    await remember();
    clock.advance(WINDOW);
    await remember();
    expect(await attempts.of(named)).toHaveLength(2);
    clock.advance(1);
    expect(await attempts.of(named)).toHaveLength(1);
    clock.advance(WINDOW);
    expect(await attempts.of(named)).toEqual([]);
  });
});

describe('refused attempts in Table Storage', () => {
  const named = () => ({ mailbox: newMailbox(), application: 'app', contentHash: 'h' });

  test('are known to another process', async () => {
    const clock = new ManualClock();
    const attempt = { ...named(), number: 0, dateTime: new Date(clock.now()).toISOString() };
    await new TableRefusedAttempts(newTable(), clock, WINDOW).remember(attempt);
    expect(await new TableRefusedAttempts(newTable(), clock, WINDOW).of(attempt)).toHaveLength(1);
  });

  test('are remembered by the process itself while the table is out of reach', async () => {
    const clock = new ManualClock();
    const table = newTable();
    const upsert = table.upsert.bind(table);
    const { StoreUnavailable } = await import('../../../shared/ports/store-unavailable.ts');
    table.upsert = () => Promise.reject(new StoreUnavailable('down'));
    const attempts = new TableRefusedAttempts(table, clock, WINDOW);
    const attempt = { ...named(), number: 0, dateTime: new Date(clock.now()).toISOString() };
    await attempts.remember(attempt);
    table.upsert = upsert;
    const [remembered] = await attempts.of(attempt);
    expect(await attempts.take(remembered as NonNullable<typeof remembered>)).toBe(true);
    expect(await attempts.of(attempt)).toEqual([]);
  });

  test('leave no rows behind: a later one sweeps what is older than two windows', async () => {
    const clock = new ManualClock();
    const own = await newStorageAccount();
    try {
      const table = new Table(makeTableClient({ connectionString: own.connectionString }));
      const attempts = new TableRefusedAttempts(table, clock, WINDOW);
      const remember = () => attempts.remember({ ...named(), number: 0, dateTime: new Date(clock.now()).toISOString() });
      for (let n = 0; n < 3; n++) await remember();
      clock.advance(3 * WINDOW);
      await remember();
      expect(await table.list("PartitionKey eq '~refused'")).toHaveLength(1);
    } finally {
      await own.close();
    }
  });
});
