// The registry contract against the fake and against Table Storage (Azurite); what a touch costs; proofs.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TableMailboxRegistry } from '../../../shared/adapters/table-storage/table-mailbox-registry.ts';
import { TableProofs } from '../../../shared/adapters/table-storage/table-proofs.ts';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import { InMemoryMailboxRegistry } from '../../fakes/in-memory-mailbox-registry.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { newMailbox } from '../../support/samples.ts';
import { fastRetries } from '../../support/storage.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';
import { describeMailboxRegistry } from './mailbox-registry.ts';

describeMailboxRegistry('in memory', {
  start: async () => {},
  create: (clock) => new InMemoryMailboxRegistry(clock),
  dispose: async () => {},
});

let account: StorageAccount;
let table: Table;
describeMailboxRegistry('Table Storage', {
  start: async () => {
    account = await newStorageAccount();
    table = new Table(makeTableClient({ connectionString: account.connectionString }));
  },
  create: (clock) => new TableMailboxRegistry(table, clock),
  dispose: () => account.close(),
});

describe('registry and proofs in Table Storage', () => {
  let tables: StorageAccount;
  let proxy: FaultProxy;
  const clock = new ManualClock();
  const connect = () => new Table(makeTableClient({ connectionString: tables.at({ table: proxy.url }) }, undefined, fastRetries));
  beforeAll(async () => {
    tables = await newStorageAccount();
    proxy = await startFaultProxy(tables.table);
    await connect().check();
  });
  afterAll(async () => {
    await proxy.close();
    await tables.close();
  });
  beforeEach(() => void proxy.passed.splice(0));
  const cost = () => proxy.passed.splice(0).length;

  it('a mailbox costs one write in half an hour, however often it is touched, and one more a day for the directory', async () => {
    const registry = new TableMailboxRegistry(connect(), clock);
    const mailbox = newMailbox();
    await Promise.all([registry.touch(mailbox), registry.touch(mailbox)]);
    for (let touches = 0; touches < 3; touches++) await registry.touch(mailbox);
    expect(cost()).toBe(2);
    clock.advance(30 * 60_000);
    await registry.touch(mailbox);
    expect(cost()).toBe(1);
  });

  it('a touch that failed is tried again with the next one', async () => {
    const registry = new TableMailboxRegistry(connect(), clock);
    const mailbox = newMailbox();
    proxy.inject(Array.from({ length: 3 }, () => ({ kind: 'reset' })));
    await expect(registry.touch(mailbox)).rejects.toThrow(StoreUnavailable);
    await registry.touch(mailbox);
    expect((await registry.list()).map(({ value }) => value.mailbox)).toContain(mailbox);
  });

  it('a save whose answer was lost is recognised as our own', async () => {
    const registry = new TableMailboxRegistry(connect(), clock);
    const mailbox = newMailbox();
    await registry.touch(mailbox);
    const found = (await registry.list()).find(({ value }) => value.mailbox === mailbox);
    proxy.inject([{ kind: 'loseAnswer' }]);
    expect(await registry.save({ mailbox, touchedDateTime: '', error: 'x' }, found?.etag ?? '')).toBe(true);
  });

  it('a format is proven once a match was noted, and stays so for others', async () => {
    const [ours, theirs] = [new TableProofs(connect(), clock), new TableProofs(connect(), clock)];
    expect([await ours.isProven('json'), await theirs.isProven('json')]).toEqual([false, false]);
    await ours.noteMatch('json', 'mark');
    expect([await ours.isProven('json'), await theirs.isProven('json')]).toEqual([true, false]);
    clock.advance(5_000);
    expect([await theirs.isProven('json'), await theirs.isProven('mime')]).toEqual([true, false]);
  });

  it('proofs are read every ten minutes, their absence every five seconds, and matches are written hourly', async () => {
    const proofs = new TableProofs(connect(), clock);
    await proofs.isProven('mime');
    await proofs.isProven('mime');
    expect(cost()).toBe(1);
    for (let matches = 0; matches < 5; matches++) await proofs.noteMatch('mime', 'mark');
    expect(cost()).toBe(1);
    clock.advance(599_999);
    await proofs.isProven('mime');
    expect(cost()).toBe(0);
    clock.advance(1);
    await proofs.isProven('mime');
    expect(cost()).toBe(1);
    clock.advance(60 * 60_000);
    await proofs.noteMatch('mime', 'mark');
    expect(cost()).toBe(1);
  });

  it('proofs that cannot be read are StoreUnavailable, not unproven', async () => {
    proxy.inject(Array.from({ length: 3 }, () => ({ kind: 'reset' })));
    await expect(new TableProofs(connect(), clock).isProven('json')).rejects.toThrow(StoreUnavailable);
  });
});
