// LogRetention against Table Storage (Azurite): what is settled and old goes with all its rows, everything else stays.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { IndexStart } from '../../../shared/adapters/table-storage/index-start.ts';
import { rowKeys } from '../../../shared/adapters/table-storage/keys.ts';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { TableActivityStore } from '../../../shared/adapters/table-storage/table-activity-store.ts';
import { TableChangeFeed } from '../../../shared/adapters/table-storage/table-change-feed.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TableLogRetention } from '../../../shared/adapters/table-storage/table-log-retention.ts';
import { TableMailboxRegistry } from '../../../shared/adapters/table-storage/table-mailbox-registry.ts';
import { TableSendRequestList } from '../../../shared/adapters/table-storage/table-send-request-list.ts';
import { TableStatusLog } from '../../../shared/adapters/table-storage/table-status-log.ts';
import { TableSuppressions } from '../../../shared/adapters/table-storage/table-suppressions.ts';
import { EMPTY_USAGE } from '../../../shared/domain/limits/account.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { makeSendRequestId } from '../../../shared/domain/log/send-request-id.ts';
import { purgeLog } from '../../../shared/usecases/log/purge-log.ts';
import { RecordingTelemetry } from '../../fakes/recording-telemetry.ts';
import { startFaultProxy } from '../../support/fault-proxy.ts';
import { event, newMailbox, recipients, record } from '../../support/samples.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';

const DAY = 86_400_000;
/** So far ahead that the table's own time of every row is old as well. */
const NOW = Date.now() + 400 * DAY;
const before = (days: number): string => new Date(NOW - days * DAY).toISOString();

let account: StorageAccount;
let table: Table;
let log: TableStatusLog;
let feed: TableChangeFeed;
/** The clock of the log. */
let writtenAt = NOW;
let made = 0;

beforeAll(async () => {
  account = await newStorageAccount();
  table = new Table(makeTableClient({ connectionString: account.connectionString }));
  log = new TableStatusLog(table, { clock: { now: () => writtenAt } });
  const indexStart = new IndexStart(table, { now: () => NOW - 200 * DAY });
  feed = new TableChangeFeed(table, new TableSendRequestList(table, indexStart), indexStart);
});
afterAll(() => account.close());

/** A request that was made, and changed last, so many days ago, with every kind of row. */
async function request(mailbox: string, days: number, more: Partial<SendRequestRecord> = {}): Promise<SendRequestRecord> {
  const id = makeSendRequestId(NOW - days * DAY, mailbox, Uint8Array.of(++made));
  const time = before(days);
  const made_ = { id, createdDateTime: time, lastModifiedDateTime: time, sendBefore: before(days - 2), status: 'closed' as const };
  const value = record(mailbox, { ...made_, internetMessageId: `<shared-${days}@contoso.com>`, ...more });
  writtenAt = Date.parse(value.lastModifiedDateTime);
  const first = await log.create({
    record: value,
    events: [event('0000-enqueued')],
    recipients: recipients(250),
    indexMessageId: value.internetMessageId,
    idempotencyKey: { hash: `key-of-${id}`, contentHash: 'a' },
    due: time,
  });
  if (first.kind !== 'written') throw new Error(first.kind);
  const change = { record: value, events: [event('0001-foundInSentItems')], claimCopy: `copy-of-${id}` };
  await log.write(value.status === 'queued' ? { ...change, due: time } : change, first.etag);
  return value;
}

const purge = async (retentionDays: number, clock = { now: () => NOW }): Promise<RecordingTelemetry> => {
  const telemetry = new RecordingTelemetry();
  await purgeLog({
    clock,
    telemetry,
    retention: new TableLogRetention(table),
    feed,
    activity: new TableActivityStore(table, 'p'),
    suppressions: new TableSuppressions(table, clock),
    logRetentionMs: retentionDays * DAY,
  });
  return telemetry;
};

const rowsOf = (mailbox: string) => table.list(`PartitionKey eq '${mailbox}'`, { select: ['partitionKey', 'rowKey'] });

test('a settled request goes with its events, recipients, indexes and claims; a younger one and one that is open keep theirs', async () => {
  const [mailbox, other] = [newMailbox(), newMailbox()];
  const old = await request(mailbox, 100);
  await request(other, 120);
  const open = await request(mailbox, 100, { status: 'queued' });
  const young = await request(mailbox, 80);
  await new TableMailboxRegistry(table, { now: () => NOW }).touch(mailbox);

  const [told] = (await purge(90)).named('logPurged');
  expect(told).toMatchObject({ mailboxes: 2, records: 2, left: 0 });
  expect(told?.['rows']).toBeGreaterThan(10);
  expect(await rowsOf(other)).toEqual([]);
  expect(await log.read(mailbox, old.id)).toBeUndefined();
  expect((await rowsOf(mailbox)).filter(({ rowKey }) => rowKey.includes(old.id))).toEqual([]);
  expect((await rowsOf(mailbox)).filter(({ rowKey }) => rowKey.startsWith('x!') && rowKey.endsWith(open.id)).length).toBeGreaterThan(250);
  expect(await log.keyHolder(mailbox, `key-of-${old.id}`)).toBeUndefined();
  expect(await log.copyHolder(mailbox, `copy-of-${old.id}`)).toBeUndefined();
  expect(await log.withMessageId(mailbox, old.internetMessageId)).toEqual([open.id]);
  for (const { id } of [open, young]) {
    expect(await log.read(mailbox, id)).toBeDefined();
    expect(await log.events(mailbox, id)).toHaveLength(2);
    expect(await log.recipients(mailbox, id)).toHaveLength(250);
    expect(await log.keyHolder(mailbox, `key-of-${id}`)).toMatchObject({ id });
    expect(await log.copyHolder(mailbox, `copy-of-${id}`)).toBe(id);
  }
  expect(await table.get('~mailboxes', mailbox)).toBeDefined();
});

test('a cancelled request stays until its queue message can no longer come', async () => {
  const mailbox = newMailbox();
  const cancelled = await request(mailbox, 100, { status: 'cancelled', sendBefore: before(10) });
  await purge(90);
  expect(await log.read(mailbox, cancelled.id)).toBeDefined();
});

test('what a report has changed meanwhile stays', async () => {
  const mailbox = newMailbox();
  const late = await request(mailbox, 100, { lastModifiedDateTime: before(5) });
  await purge(90);
  expect(await log.read(mailbox, late.id)).toBeDefined();
});

test('a mail that was put off, in doubt, and taken for failed, leaves nothing behind, though it was found by all that', async () => {
  const mailbox = newMailbox();
  const id = makeSendRequestId(NOW - 100 * DAY, mailbox, Uint8Array.of(++made));
  const time = before(100);
  const value = record(mailbox, { id, createdDateTime: time, lastModifiedDateTime: time, sendBefore: before(98), status: 'queued' });
  writtenAt = Date.parse(time);
  let written = await log.create({ record: value, events: [event('0000-enqueued-x')], recipients: recipients(2), due: time });
  for (const [status, key] of [
    ['deferred', '0001-submissionThrottled-x'],
    ['inDoubt', '0002-outcomeUnknown-x'],
    ['sent', '0002-recipientFailed-x'],
    ['closed', '0002-reportWindowClosed-x'],
  ] as const) {
    if (written.kind !== 'written') throw new Error(written.kind);
    const open = status === 'closed' ? {} : { due: time };
    const recipientCounts = { ...value.recipientCounts, failed: status === 'sent' ? 1 : 0 };
    written = await log.write({ record: { ...value, status, recipientCounts }, events: [event(key)], ...open }, written.etag);
  }
  await purge(90);
  expect(await rowsOf(mailbox)).toEqual([]);
});

test('what points to no request is searched for once a week, and not before it is old', async () => {
  const mailbox = newMailbox();
  await table.upsert({ partitionKey: mailbox, rowKey: 'c!of-nobody', requestId: 'nobody', copyId: 'x' });
  await log.writeUsage(mailbox, { usage: EMPTY_USAGE });
  const week = 7 * DAY;
  const sunday = Math.ceil(NOW / week) * week;
  await purge(90, { now: () => sunday - 2 * 3_600_000 });
  expect(await rowsOf(mailbox)).toHaveLength(2);
  await purge(90, { now: () => sunday + 23 * 60_000 });
  expect(await rowsOf(mailbox)).toEqual([]);
});

test('a run that has used up its time says so, and the next one goes on', async () => {
  const mailbox = newMailbox();
  const [first, second] = [await request(mailbox, 110), await request(mailbox, 105)];
  let looks = 0;
  // Time is over after the first record of this mailbox.
  const [told] = (await purge(90, { now: () => NOW + (looks++ > 1 ? 300_000 : 0) })).named('logPurged');
  expect(told).toMatchObject({ left: 1 });
  await purge(90);
  const left = await Promise.all([first, second].map(({ id }) => table.get(mailbox, rowKeys.record(id))));
  expect(left).toEqual([undefined, undefined]);
});

test('two runs at once are safe', async () => {
  const mailbox = newMailbox();
  const ids = [(await request(mailbox, 100)).id, (await request(mailbox, 101)).id];
  await Promise.all([purge(90), purge(90)]);
  await purge(90);
  expect((await rowsOf(mailbox)).filter(({ rowKey }) => ids.some((id) => rowKey.includes(id)))).toEqual([]);
});

test('the purge costs the same operations for each request that goes, whatever stays, and searches no rows by their time', async () => {
  const proxy = await startFaultProxy(account.table);
  const counted = new TableLogRetention(new Table(makeTableClient({ connectionString: account.at({ table: proxy.url }) })));
  const cost = async (gone: number, staying: number): Promise<number> => {
    const mailbox = newMailbox();
    for (let n = 0; n < gone; n++) await request(mailbox, 100);
    for (let n = 0; n < staying; n++) await request(mailbox, 10 + n);
    proxy.passed.length = 0;
    expect((await counted.purge(mailbox, before(90), () => true)).records).toBe(gone);
    expect(proxy.passed.filter(({ path }) => path.includes('Timestamp'))).toEqual([]);
    return proxy.passed.length;
  };
  const nothing = await cost(0, 2);
  expect(nothing).toBe(1);
  // Its rows are read, its open row is asked for, its other rows, of 250 recipients, go in three transactions, and the record goes last.
  expect(await cost(1, 0)).toBe(nothing + 6);
  expect(await cost(1, 4)).toBe(nothing + 6);
  expect(await cost(3, 1)).toBe(nothing + 18);
  await proxy.close();
});
