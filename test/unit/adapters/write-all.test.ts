// Several requests of one mailbox at a time in Table Storage: what it costs, and what becomes of it if something goes wrong on the way.
import type { TableClient, TransactionAction } from '@azure/data-tables';
import { beforeEach, expect, test } from 'vitest';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { TableStatusLog } from '../../../shared/adapters/table-storage/table-status-log.ts';
import type { Change } from '../../../shared/ports/status-log.ts';
import { copiesSeen, kindsOf, type Write } from '../../contract/ports/status-log-batches.ts';
import { CountingTableClient } from '../../fakes/counting-table-client.ts';
import { newId, newMailbox, recipients } from '../../support/samples.ts';

type Transact = (actions: TransactionAction[]) => Promise<unknown>;
type Fault = (transact: Transact, actions: TransactionAction[]) => Promise<unknown>;

let client: CountingTableClient;
let log: TableStatusLog;
let wrote: Change[];
/** What the next transactions meet. */
let faults: Fault[];

beforeEach(() => {
  client = new CountingTableClient();
  [wrote, faults] = [[], []];
  const meets: Transact = (actions) => {
    const transact: Transact = (all) => client.submitTransaction(all);
    return (faults.shift() ?? ((next, all) => next(all)))(transact, actions);
  };
  const open = { ...methods(client), submitTransaction: meets } as unknown as TableClient;
  // Each change has a time of its own: two in one millisecond would share their place in the change feed, which is a row less.
  let ms = Date.UTC(2026, 0, 15, 9);
  log = new TableStatusLog(new Table(async () => open), { clock: { now: () => ++ms }, written: (change) => void wrote.push(change) });
});

const methods = (of: CountingTableClient) => ({
  createTable: () => of.createTable(),
  getEntity: (...args: Parameters<typeof of.getEntity>) => of.getEntity(...args),
  listEntities: (...args: Parameters<typeof of.listEntities>) => of.listEntities(...args),
  upsertEntity: (...args: Parameters<typeof of.upsertEntity>) => of.upsertEntity(...args),
});

const busy: Fault = () => Promise.reject(Object.assign(new Error('busy'), { statusCode: 503 }));
/** The answer is lost, and the client repeats the request by itself. */
const repeated: Fault = async (transact, actions) => {
  await transact(actions);
  return transact(actions);
};

async function seen(count: number): Promise<[string, Write[]]> {
  const mailbox = newMailbox();
  const writes = await copiesSeen(log, mailbox, count);
  wrote = [];
  client.calls = 0;
  return [mailbox, writes];
}

/** Operations that it takes. */
async function cost(act: () => Promise<unknown>): Promise<number> {
  const before = client.calls;
  await act();
  return client.calls - before;
}

test.each([
  [1, 1],
  [14, 1],
  [15, 2],
  [30, 3],
])('%i copies cost %i transactions', async (count, transactions) => {
  const [mailbox, writes] = await seen(count);
  expect(await cost(async () => expect(kindsOf(await log.writeAll(mailbox, writes))).toEqual(writes.map(() => 'written')))).toBe(
    transactions,
  );
  expect(wrote.map(({ record }) => record.id)).toEqual(writes.map(({ change }) => change.record.id));
});

test.each([
  ['all of twenty', Array.from({ length: 20 }, (_, n) => n), 1],
  ['one', [4], 1],
  ['three with another between each', [0, 2, 4], 1],
  ['the first and the last', [0, 19], 2],
  ['two groups', [0, 1, 2, 17, 18, 19], 2],
  ['none that is there', [20, 21], 1],
])('to read %s costs few operations', async (_what, wanted, operations) => {
  const mailbox = newMailbox();
  const ids = (await copiesSeen(log, mailbox, 20)).map(({ change }) => change.record.id);
  const named = wanted.map((n) => ids[n] ?? newId(mailbox));
  expect(
    await cost(async () => {
      const read = await log.readAll(mailbox, named);
      expect(read.map(({ value }) => value.id).toSorted()).toEqual(named.filter((id) => ids.includes(id)));
    }),
  ).toBe(operations);
});

test('a transaction whose answer was lost is recognised as our own, with one query', async () => {
  const [mailbox, writes] = await seen(5);
  faults = [repeated];
  expect(kindsOf(await log.writeAll(mailbox, writes))).toEqual(writes.map(() => 'written'));
  expect(client.calls).toBe(3);
  expect(wrote).toHaveLength(5);
});

test('an outage ends it: what was not tried fails as what was, and a later attempt writes all', async () => {
  const [mailbox, writes] = await seen(40);
  faults = [(transact, actions) => transact(actions), busy];
  const results = kindsOf(await log.writeAll(mailbox, writes));
  expect(results).toEqual(writes.map((_, n) => (n < 14 ? 'written' : 'StoreUnavailable')));
  expect([client.calls, faults.length, wrote.length]).toEqual([1, 0, 14]);
  expect(kindsOf(await log.writeAll(mailbox, writes.slice(14)))).toEqual(Array(26).fill('written'));
});

test('an outage while the changes are written one by one ends it, too', async () => {
  const [mailbox, writes] = await seen(4);
  const [first] = writes as [Write];
  await log.write(first.change, first.etag);
  faults = [(transact, actions) => transact(actions), (transact, actions) => transact(actions), busy];
  const results = kindsOf(await log.writeAll(mailbox, writes));
  expect(results).toEqual(['conflict', 'StoreUnavailable', 'StoreUnavailable', 'StoreUnavailable']);
});

test('a change that no row can hold fails alone, and one that is too large for a transaction is written by itself', async () => {
  const [mailbox, writes] = await seen(4);
  const [first, bad, large, last] = writes as [Write, Write, Write, Write];
  const tooLong = { ...bad, change: { ...bad.change, record: { ...bad.change.record, subject: 's'.repeat(40_000) } } };
  const many = recipients(1000).map((each) => ({ ...each, action: 'failed' as const, diagnosticCode: 'd'.repeat(3000) }));
  const results = await log.writeAll(mailbox, [first, tooLong, { ...large, change: { ...large.change, recipients: many } }, last]);
  expect(kindsOf(results)).toEqual(['written', 'RangeError', 'written', 'written']);
  expect(await log.recipients(mailbox, large.change.record.id)).toHaveLength(1000);
});

test('if the table calls a transaction wrong, each change is tried by itself', async () => {
  const [mailbox, writes] = await seen(3);
  faults = [() => Promise.reject(Object.assign(new Error('wrong'), { statusCode: 400 }))];
  expect(kindsOf(await log.writeAll(mailbox, writes))).toEqual(['written', 'written', 'written']);
});

test('the counters of the mailbox go with the one change that has them', async () => {
  const [mailbox, writes] = await seen(3);
  const usage = { usage: { schemaVersion: 1 as const, accounts: {} } };
  const counted = writes.map((one, n) => (n === 1 ? { ...one, change: { ...one.change, usage } } : one)) as Write[];
  const results = await log.writeAll(mailbox, counted);
  expect(kindsOf(results)).toEqual(['written', 'written', 'written']);
  expect(results[1]).toMatchObject({ value: { usageEtag: (await log.usage(mailbox))?.etag } });
});
