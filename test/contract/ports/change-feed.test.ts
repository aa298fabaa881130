// The change feed against the fake and against Table Storage (Azurite): what a round tells, late writers, and what it costs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IndexStart } from '../../../shared/adapters/table-storage/index-start.ts';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { TableChangeFeed } from '../../../shared/adapters/table-storage/table-change-feed.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TableLogRetention } from '../../../shared/adapters/table-storage/table-log-retention.ts';
import { TableMailboxRegistry } from '../../../shared/adapters/table-storage/table-mailbox-registry.ts';
import { TableSendRequestList } from '../../../shared/adapters/table-storage/table-send-request-list.ts';
import { TableStatusLog } from '../../../shared/adapters/table-storage/table-status-log.ts';
import { FEED_MARGIN_MS, type FeedStart, feedKey } from '../../../shared/domain/log/change-feed.ts';
import type { SendRequestFilter } from '../../../shared/domain/log/filter.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import type { ChangeFeed } from '../../../shared/ports/change-feed.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { StatusLog } from '../../../shared/ports/status-log.ts';
import { type ChangesPage, listChanges } from '../../../shared/usecases/log/list-changes.ts';
import { InMemoryChangeFeed } from '../../fakes/in-memory-change-feed.ts';
import { InMemoryStatusLog } from '../../fakes/in-memory-status-log.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { newMailbox, recipients, record } from '../../support/samples.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';

const DUE = '2026-01-15T08:05:00.000Z';
const SECOND = 1_000;
const DAY = 86_400 * SECOND;

let account: StorageAccount;
let proxy: FaultProxy;
let table: Table;
/** Of those who read. Times go on from test to test, as they do in a table. */
const clock = new ManualClock();
/** Of those who write. */
const writer = { now: () => clock.now() };

beforeAll(async () => {
  account = await newStorageAccount();
  proxy = await startFaultProxy(account.table);
  table = new Table(makeTableClient({ connectionString: account.at({ table: proxy.url }) }));
});
afterAll(async () => {
  await proxy.close();
  await account.close();
});

interface Parts {
  log: StatusLog;
  feed: ChangeFeed;
}

function inTable(of: Clock = writer): Parts {
  const indexStart = new IndexStart(table, { now: () => 0 });
  const list = new TableSendRequestList(table, indexStart);
  return { log: new TableStatusLog(table, { clock: of }), feed: new TableChangeFeed(table, list, indexStart) };
}

function inMemory(): Parts {
  const log = new InMemoryStatusLog(writer);
  return { log, feed: new InMemoryChangeFeed(log) };
}

async function create({ log }: Parts, mailbox: string, more: Partial<SendRequestRecord> = {}): Promise<SendRequestRecord> {
  const made = record(mailbox, more);
  expect((await log.create({ record: made, events: [], recipients: recipients(1), due: DUE })).kind).toBe('written');
  return made;
}

async function change({ log }: Parts, made: SendRequestRecord, more: Partial<SendRequestRecord>): Promise<void> {
  const stored = await log.read(made.mailbox, made.id);
  expect((await log.write({ record: { ...made, ...more }, events: [], due: DUE }, stored?.etag ?? '')).kind).toBe('written');
}

async function pageOf({ feed }: Parts, start: FeedStart, filter: SendRequestFilter, top: number): Promise<ChangesPage> {
  const page = await listChanges({ feed, now: clock.now(), retentionMs: 90 * DAY }, { filter, top, feed: start });
  if (!page) throw new Error('expired');
  return page;
}

async function round(
  parts: Parts,
  start: FeedStart,
  filter: SendRequestFilter,
  top = 2,
): Promise<{ told: SendRequestRecord[]; next: FeedStart }> {
  const told: SendRequestRecord[] = [];
  for (;;) {
    const page = await pageOf(parts, start, filter, top);
    told.push(...page.records);
    if (!page.next) return { told, next: { kind: 'since', from: page.since as number } };
    start = { kind: 'within', round: page.next };
  }
}

const idsOf = (records: readonly SendRequestRecord[]) => records.map(({ id }) => id);

describe.each<[string, () => Parts]>([
  ['in memory', inMemory],
  ['Table Storage', inTable],
])('change feed: %s', (_, make) => {
  it('tells each change once, in the order of the writes, for one mailbox and for all', async () => {
    const parts = make();
    const [a, b] = [newMailbox(), newMailbox()];
    const begin: FeedStart = { kind: 'begin', from: clock.now() };
    const made: SendRequestRecord[] = [];
    for (let n = 0; n < 6; n++) {
      made.push(await create(parts, n % 2 ? b : a));
      clock.advance(SECOND);
    }
    await change(parts, made[0] as SendRequestRecord, { status: 'sent' });
    clock.advance(61 * SECOND);
    const inOrder = idsOf([...made.slice(1), made[0] as SendRequestRecord]);
    const first = await round(parts, begin, {});
    expect(idsOf(first.told)).toEqual(inOrder);
    expect(idsOf((await round(parts, begin, { mailbox: a }, 1)).told)).toEqual(idsOf([made[2], made[4], made[0]] as SendRequestRecord[]));
    expect((await round(parts, first.next, {})).told).toEqual([]);
    clock.advance(SECOND);
    await change(parts, made[3] as SendRequestRecord, { status: 'failed' });
    clock.advance(61 * SECOND);
    expect(await round(parts, first.next, { status: 'failed' })).toMatchObject({ told: [{ id: made[3]?.id, status: 'failed' }] });
    expect((await round(parts, first.next, { application: 'nobody' })).told).toEqual([]);
  });

  it('does not end beyond what may still arrive', async () => {
    const parts = make();
    const mailbox = newMailbox();
    const begin: FeedStart = { kind: 'begin', from: clock.now() };
    const made = await create(parts, mailbox);
    clock.advance(FEED_MARGIN_MS - 1);
    const early = await round(parts, begin, { mailbox });
    expect(early.told).toEqual([]);
    clock.advance(2);
    expect(idsOf((await round(parts, early.next, { mailbox })).told)).toEqual([made.id]);
  });
});

describe('change feed in Table Storage', () => {
  it('a write that lands late, by a writer whose clock is behind, is told by the next round', async () => {
    const sent = clock.now();
    // It was sent 40 s ago, by a clock that is 10 s behind.
    const late = inTable({ now: () => sent - 10 * SECOND });
    const mailbox = newMailbox();
    await create(inTable(), mailbox);
    clock.advance(40 * SECOND);
    const reader = inTable();
    const before = await round(reader, { kind: 'begin', from: sent - DAY }, { mailbox });
    expect(before.told).toEqual([]);
    const made = await create(late, mailbox);
    clock.advance(61 * SECOND);
    expect(idsOf((await round(reader, before.next, { mailbox })).told)).toContain(made.id);
    expect(idsOf((await round(reader, before.next, {})).told)).toContain(made.id);
  });

  it('the mark of a process whose clock is behind does not hide the changes of another', async () => {
    const mailbox = newMailbox();
    clock.advance(300 * SECOND - (clock.now() % (300 * SECOND)) + SECOND);
    const start: FeedStart = { kind: 'since', from: clock.now() };
    const made = await create(inTable(), mailbox);
    // This one still marks the five minutes before.
    await create(inTable({ now: () => clock.now() - 2 * SECOND }), mailbox);
    clock.advance(61 * SECOND);
    expect(idsOf((await round(inTable(), start, {})).told)).toContain(made.id);
  });

  it('costs one operation for a mailbox without changes, and over all one more than mailboxes changed lately', async () => {
    const parts = inTable();
    clock.advance(DAY);
    const quiet = Array.from({ length: 20 }, newMailbox);
    const registry = new TableMailboxRegistry(table, clock);
    for (const mailbox of quiet) {
      await create(parts, mailbox);
      await registry.touch(mailbox);
    }
    clock.advance(DAY);
    const start: FeedStart = { kind: 'since', from: clock.now() };
    const busy = newMailbox();
    for (let n = 0; n < 3; n++) await create(parts, busy);
    clock.advance(61 * SECOND);
    const cost = async (filter: SendRequestFilter) => {
      proxy.passed.length = 0;
      const { records } = await pageOf(parts, start, filter, 50);
      return { told: records.length, operations: proxy.passed.length };
    };
    await parts.feed.completeFrom();
    expect(await cost({ mailbox: quiet[0] as string })).toEqual({ told: 0, operations: 1 });
    // The rows of changes, and the records in one reading.
    expect(await cost({ mailbox: busy })).toEqual({ told: 3, operations: 2 });
    expect(await cost({})).toEqual({ told: 3, operations: 3 });
  });

  it('a record has one row in the order, which goes with it', async () => {
    const parts = inTable();
    const mailbox = newMailbox();
    const rows = async () =>
      (await table.list(`PartitionKey eq '${mailbox}' and RowKey ge 't!' and RowKey lt 't"'`)).map(({ rowKey }) => rowKey);
    const made = await create(parts, mailbox, { status: 'closed', sendBefore: DUE });
    for (let n = 0; n < 3; n++) {
      clock.advance(SECOND);
      await change(parts, made, { attempts: n });
      expect(await rows()).toEqual([`t!${feedKey(clock.now(), made.id)}`]);
    }
    // A row that is not there any more does not stop a write.
    await table.delete(mailbox, `t!${feedKey(clock.now(), made.id)}`, '*');
    clock.advance(SECOND);
    await change(parts, made, { attempts: 4 });
    expect(await rows()).toEqual([`t!${feedKey(clock.now(), made.id)}`]);
    clock.advance(DAY);
    const later = new Date(clock.now()).toISOString();
    expect(await new TableLogRetention(table).purge(mailbox, later, () => true)).toMatchObject({ records: 1 });
    expect(await rows()).toEqual([]);
  });

  it('a large write, which takes several transactions, has the time of the last one', async () => {
    const mailbox = newMailbox();
    let now = clock.now();
    const slow = inTable({ now: () => (now += SECOND) });
    const made = record(mailbox);
    await slow.log.create({ record: made, events: [], recipients: recipients(400), due: DUE });
    const [row] = await slow.feed.changes(mailbox, { from: 0, until: now + DAY, top: 9 });
    // The clock is read twice for a mark and a time, and twice again after the rows that go ahead.
    expect(row?.key).toBe(feedKey(now, made.id));
    expect((await slow.log.read(mailbox, made.id))?.value.lastModifiedDateTime).toBe(new Date(now).toISOString());
  });
});
