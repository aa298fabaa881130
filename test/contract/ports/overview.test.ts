// What the overview and the activity of operators read in Table Storage (Azurite), and what that costs.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { TableActivityStore } from '../../../shared/adapters/table-storage/table-activity-store.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { tableLists } from '../../../shared/adapters/table-storage/table-lists.ts';
import { TableMailboxRegistry } from '../../../shared/adapters/table-storage/table-mailbox-registry.ts';
import { TableStatusLog } from '../../../shared/adapters/table-storage/table-status-log.ts';
import { noActivity } from '../../../shared/domain/log/activity.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { timeOfId } from '../../../shared/domain/log/send-request-id.ts';
import { Activity } from '../../../shared/usecases/log/activity.ts';
import { overview } from '../../../shared/usecases/log/overview.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { event, newMailbox, recipients, record } from '../../support/samples.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';

const HOUR = 3_600_000;
const DUE = '2026-01-15T08:05:00.000Z';
const clock = new ManualClock('2026-01-15T08:10:00.000Z');

let account: StorageAccount;
let proxy: FaultProxy;
let table: Table;
let log: TableStatusLog;
let registry: TableMailboxRegistry;
beforeAll(async () => {
  account = await newStorageAccount();
  proxy = await startFaultProxy(account.table);
  table = new Table(makeTableClient({ connectionString: account.at({ table: proxy.url }) }));
  log = new TableStatusLog(table, { clock });
  registry = new TableMailboxRegistry(table, clock);
});
afterAll(async () => {
  await proxy.close();
  await account.close();
});

async function create(
  mailbox: string,
  more: Partial<SendRequestRecord> = {},
  awaitsMore = true,
): Promise<{ made: SendRequestRecord; etag: string }> {
  const sample = record(mailbox, more);
  const made = { ...sample, createdDateTime: new Date(timeOfId(sample.id)).toISOString() };
  const written = await log.create({ record: made, events: [], recipients: recipients(1), due: DUE, awaitsMore });
  if (written.kind !== 'written') throw new Error(written.kind);
  await registry.touch(mailbox);
  return { made, etag: written.etag };
}

const shown = () => {
  const { list, overviewSource } = tableLists(table, clock, 'p');
  return overview({ clock, registry, list, source: overviewSource });
};

it('the overview counts what waits by state and reason, as the last write left it, and nothing that only awaits reports', async () => {
  const mailbox = newMailbox();
  const { made, etag } = await create(mailbox);
  await create(mailbox);
  await create(mailbox, { status: 'sent' }, false);
  const deferred = { ...made, status: 'deferred', error: { code: 'ErrorServerBusy', message: 'busy' } } as const;
  const second = await log.write({ record: deferred, events: [], due: DUE, awaitsMore: true }, etag);
  // A row of a version that did not write the state there.
  await table.upsert({ partitionKey: mailbox, rowKey: 'a!m!20260115080500000!older', due: DUE });
  expect((await shown()).waiting).toEqual({
    counts: expect.arrayContaining([
      { status: 'queued', reason: 'turn', count: 1 },
      { status: 'deferred', reason: 'ErrorServerBusy', count: 1 },
      { status: 'queued', reason: 'unknown', count: 1 },
    ]),
    isMore: false,
  });
  const inDoubt = { ...deferred, status: 'inDoubt' } as const;
  await log.write({ record: inDoubt, events: [], due: DUE, awaitsMore: true }, second.kind === 'written' ? second.etag : '');
  expect((await shown()).waiting.counts).toContainEqual({ status: 'inDoubt', reason: 'look', count: 1 });
});

it('the overview shows what needs a person, with the filter that lists it, and mailboxes that cannot be read', async () => {
  const mailboxes = [newMailbox(), newMailbox()] as const;
  const recipientCounts = { ...record(mailboxes[0]).recipientCounts, total: 2, failed: 1 };
  const partly = await create(mailboxes[0], { status: 'sent', recipientCounts }, false);
  const lost = await create(mailboxes[1], { status: 'unaccounted' });
  await create(mailboxes[1], { status: 'inDoubt', doubt: { since: '2026-01-15T07:30:00.000Z', graceUntil: DUE } });
  const [watched] = (await registry.list()).filter(({ value }) => value.mailbox === mailboxes[0]);
  if (!watched) throw new Error('not watched');
  await registry.save({ ...watched.value, error: 'ErrorAccessDenied' }, watched.etag);
  const { attention, unreadable } = await shown();
  expect(attention).toMatchObject([
    { kind: 'unaccounted', filter: "status eq 'unaccounted'", count: 1, isMore: false, examples: [{ id: lost.made.id }] },
    { kind: 'partlyFailed', filter: "hasFailures eq true and status ne 'failed'", count: 1, examples: [{ id: partly.made.id }] },
  ]);
  expect(unreadable).toEqual({ count: 1, examples: [{ mailbox: mailboxes[0], error: 'ErrorAccessDenied' }] });
  clock.advance(HOUR);
  expect((await shown()).attention).toContainEqual(expect.objectContaining({ kind: 'longInDoubt', count: 1 }));
  clock.advance(8 * 24 * HOUR);
  expect((await shown()).attention).toEqual([]);
});

it('a mailbox is marked for attention before the change, once an hour', async () => {
  const mailbox = newMailbox();
  const marks = () => proxy.passed.filter(({ path }) => decodeURIComponent(path).includes("PartitionKey='~attention'")).length;
  proxy.passed.length = 0;
  await create(mailbox);
  expect(marks()).toBe(0);
  for (let n = 0; n < 3; n++) await create(mailbox, { status: 'unaccounted' });
  expect(marks()).toBe(1);
  clock.advance(HOUR);
  await create(mailbox, { status: 'unaccounted' });
  expect(marks()).toBe(2);
});

it('activity is the sum of what all processes saved, the last counts of each', async () => {
  const [one, other] = [new TableActivityStore(table, 'one'), new TableActivityStore(table, 'other')];
  const hour = Date.parse('2026-03-01T10:00:00Z');
  const sent = (count: number) => ({ ...noActivity(), sent: count });
  await one.save(hour, sent(1));
  await one.save(hour, sent(3));
  await other.save(hour, sent(4));
  await other.save(hour + HOUR, sent(5));
  expect(await one.read(hour, hour + HOUR)).toEqual([
    { hour, counts: sent(3) },
    { hour, counts: sent(4) },
  ]);
  expect(await one.read(hour - HOUR, hour)).toEqual([]);
  await one.purge(hour + HOUR);
  expect(await one.read(hour - HOUR, hour + 2 * HOUR)).toEqual([{ hour: hour + HOUR, counts: sent(5) }]);
});

it('a process saves its counts once a minute, whatever it writes, and again what it could not save', async () => {
  const due: (() => void)[] = [];
  const store = new TableActivityStore(table, 'process');
  const activity = new Activity({ clock, store, later: (_ms, work) => due.push(work) });
  const counted = new TableStatusLog(table, { clock, written: (change) => activity.note(change) });
  const from = clock.now() - (clock.now() % HOUR);
  const mailbox = newMailbox();
  const write = (type: string) =>
    counted.create({ record: record(mailbox), events: [event(type, { type })], recipients: recipients(1), due: DUE });
  for (const type of ['enqueued', 'enqueued', 'submissionStarted']) await write(type);
  expect(due).toHaveLength(1);
  const saved = async () => (await store.read(from, from + HOUR)).map(({ counts }) => counts.enqueued);
  expect(await saved()).toEqual([]);
  proxy.inject([{ kind: 'answer', status: 403 }], ({ path }) => decodeURIComponent(path).includes("PartitionKey='~activity'"));
  await activity.save();
  expect(await saved()).toEqual([]);
  await activity.save();
  expect(await saved()).toEqual([2]);
  await write('enqueued');
  await activity.save();
  expect(await saved()).toEqual([3]);
});
