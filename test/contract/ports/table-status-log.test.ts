// The status log over a network that loses answers, and what each call costs.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TableStatusLog } from '../../../shared/adapters/table-storage/table-status-log.ts';
import type { Change, WriteResult } from '../../../shared/ports/status-log.ts';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { event, newMailbox, recipient, recipients, record } from '../../support/samples.ts';
import { fastRetries as fast } from '../../support/storage.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';
import { copiesSeen, kindsOf } from './status-log-batches.ts';

const DUE = '2026-01-15T08:05:00.000Z';
const etagOf = (result: WriteResult): string => (result.kind === 'written' ? result.etag : `not written: ${result.kind}`);

describe('status log in Table Storage', () => {
  let account: StorageAccount;
  let proxy: FaultProxy;
  let log: TableStatusLog;
  const clock = new ManualClock('2026-01-15T08:00:00.000Z');
  const connect = (tableName?: string) =>
    new TableStatusLog(new Table(makeTableClient({ connectionString: account.at({ table: proxy.url }) }, tableName, fast)), { clock });

  beforeAll(async () => {
    account = await newStorageAccount();
    proxy = await startFaultProxy(account.table);
    log = connect();
    await log.check();
  });
  afterAll(async () => {
    await proxy.close();
    await account.close();
  });
  beforeEach(() => void proxy.passed.splice(0));

  const isMark = ({ path }: { path: string }) => decodeURIComponent(path).includes("PartitionKey='~changed'");
  /** Without marks: there is one per mailbox and five minutes. */
  const operations = (): string[] => {
    const passed = proxy.passed.splice(0).filter((one) => !isMark(one));
    return passed.map(({ method, path }) => (path.includes('$batch') ? 'transaction' : method));
  };
  const change = (more: Partial<Change> = {}): Change => ({
    record: record(newMailbox()),
    events: [event('0')],
    recipients: [recipient()],
    due: DUE,
    ...more,
  });
  const isBatch = ({ path }: { path: string }) => path.includes('$batch');

  it('a mail without trouble costs four transactions and two reads', async () => {
    const first = change();
    const { record: made } = first;
    await log.create(first);
    expect(operations()).toEqual(['transaction']);
    const read = await log.read(made.mailbox, made.id);
    const claimed = await log.write({ record: { ...made, status: 'submitting' }, events: [event('1')], due: DUE }, read?.etag ?? '');
    expect(operations()).toEqual(['GET', 'transaction']);
    await log.write({ record: { ...made, status: 'accepted' }, events: [event('2')], due: DUE }, etagOf(claimed));
    expect(operations()).toEqual(['transaction']);
    const seen = await log.read(made.mailbox, made.id);
    await log.write({ record: { ...made, status: 'sent' }, events: [event('3')], due: DUE, claimCopy: 'copy' }, seen?.etag ?? '');
    expect(operations()).toEqual(['GET', 'transaction']);
  });

  it('a record brings its recipients with it, unless they are so many that they have rows of their own', async () => {
    const [few, many] = [change(), change({ recipients: recipients(1000) })];
    for (const one of [few, many]) await log.create(one);
    operations();
    expect((await log.read(few.record.mailbox, few.record.id))?.recipients).toEqual([recipient()]);
    expect((await log.read(many.record.mailbox, many.record.id))?.recipients).toBeUndefined();
    expect(operations()).toEqual(['GET', 'GET']);
    expect(await log.recipients(many.record.mailbox, many.record.id)).toEqual(recipients(1000));
    operations();
  });

  it('a mailbox is marked before the first of its changes in five minutes, once however many there are at a time', async () => {
    const { mailbox } = change().record;
    const write = () => log.create(change({ record: record(mailbox) }));
    const passed = () => proxy.passed.splice(0).map((one) => (isMark(one) ? 'mark' : 'transaction'));
    await Promise.all([write(), write()]);
    expect(passed()).toEqual(['mark', 'transaction', 'transaction']);
    clock.advance(4 * 60_000);
    await write();
    expect(passed()).toEqual(['transaction']);
    clock.advance(60_000);
    await write();
    expect(passed()).toEqual(['mark', 'transaction']);
  });

  it('without its mark nothing is written, and the next write marks again', async () => {
    const first = change();
    proxy.inject([{ kind: 'answer', status: 403 }], isMark);
    await expect(log.create(first)).rejects.toThrow(StoreUnavailable);
    expect(operations()).toEqual([]);
    expect((await log.create(first)).kind).toBe('written');
  });

  it('the other calls cost one operation each, and the agenda one for each of its two lists', async () => {
    const { mailbox, id } = change().record;
    await log.events(mailbox, id);
    await log.recipients(mailbox, id);
    await log.agenda(mailbox, DUE, 10);
    await log.withMessageId(mailbox, '<a@b>');
    await log.copyHolder(mailbox, 'copy');
    await log.keyHolder(mailbox, 'key');
    await log.check();
    expect(operations()).toHaveLength(8);
  });

  it('what a version without an agenda wrote is found by its open row, and its old place on the agenda goes', async () => {
    const first = change();
    const { mailbox, id } = first.record;
    await log.create(first);
    const later = '2026-01-15T09:00:00.000Z';
    const table = new Table(makeTableClient({ connectionString: account.at({ table: proxy.url }) }, undefined, fast));
    await table.upsert({ partitionKey: mailbox, rowKey: `o!${id}`, due: later });
    expect(await log.strays(mailbox)).toEqual([id]);
    expect(await log.agenda(mailbox, later, 10)).toEqual({ due: [], awaiting: [], others: [] });
    // Its row names a place that is not there any more.
    const read = await log.read(mailbox, id);
    const written = await log.write({ ...first, events: [], due: later }, read?.etag ?? '');
    expect(written.kind).toBe('written');
    expect((await log.agenda(mailbox, later, 10)).due).toEqual([{ id, due: later }]);
    expect(await log.strays(mailbox)).toEqual([]);
    const { due: _, ...closed } = first;
    await log.write({ ...closed, events: [] }, etagOf(written));
    expect(await log.agenda(mailbox, later, 10)).toEqual({ due: [], awaiting: [], others: [] });
  });

  it('a create whose answer was lost is a conflict, and costs no read', async () => {
    const first = change();
    proxy.inject([{ kind: 'loseAnswer' }], isBatch);
    expect(await log.create(first)).toEqual({ kind: 'conflict' });
    expect(operations()).toEqual(['transaction', 'transaction']);
    const lastModifiedDateTime = new Date(clock.now()).toISOString();
    expect((await log.read(first.record.mailbox, first.record.id))?.value).toEqual({ ...first.record, lastModifiedDateTime });
  });

  it('a write whose answer was lost is recognised as our own, also with a claim on a copy and an open row that it deleted', async () => {
    const { due: _, ...first } = change();
    const etag = etagOf(await log.create({ ...first, due: DUE }));
    proxy.inject([{ kind: 'loseAnswer' }], isBatch);
    const result = await log.write({ ...first, claimCopy: 'copy' }, etag);
    expect(result.kind).toBe('written');
    expect(await log.copyHolder(first.record.mailbox, 'copy')).toBe(first.record.id);
    expect((await log.agenda(first.record.mailbox, DUE, 1)).due).toEqual([]);
  });

  it('several whose answer was lost are recognised as our own, but for one that another has written since', async () => {
    const mailbox = newMailbox();
    const writes = await copiesSeen(log, mailbox, 4);
    operations();
    proxy.inject([{ kind: 'loseAnswer' }], isBatch);
    let batches = 0;
    const repeated = proxy.hold('before', (request) => isBatch(request) && ++batches > 1);
    const writing = log.writeAll(mailbox, writes);
    await repeated.reached;
    const { record: first } = (writes[0] as (typeof writes)[0]).change;
    const { etag = '', value = first } = (await log.read(mailbox, first.id)) ?? {};
    expect(value.status).toBe('sent');
    await log.write({ record: { ...value, status: 'failed' }, before: value, events: [event('other')], due: DUE }, etag);
    operations();
    repeated.release();
    expect(kindsOf(await writing)).toEqual(['conflict', 'written', 'written', 'written']);
    // The query, and what a conflict of one costs.
    expect(operations()).toEqual(['GET', 'transaction', 'GET']);
  });

  it('an answer that was lost, and another write after it, is a conflict', async () => {
    const first = change();
    const etag = etagOf(await log.create(first));
    proxy.inject([{ kind: 'loseAnswer' }, { kind: 'reset' }, { kind: 'reset' }], isBatch);
    await expect(log.write({ ...first, events: [event('1')] }, etag)).rejects.toThrow(StoreUnavailable);
    expect((await log.write({ ...first, events: [event('2')] }, etag)).kind).toBe('conflict');
  });

  it.each([500, 503, 429, 403, 401])('an answer of %i that stays is StoreUnavailable', async (status) => {
    const { mailbox, id } = change().record;
    proxy.inject(Array.from({ length: 3 }, () => ({ kind: 'answer' as const, status, headers: { 'retry-after': '0' } })));
    await expect(log.read(mailbox, id)).rejects.toThrow(StoreUnavailable);
    proxy.inject(
      Array.from({ length: 3 }, () => ({ kind: 'answer' as const, status, headers: { 'retry-after': '0' } })),
      isBatch,
    );
    await expect(log.create(change())).rejects.toThrow(StoreUnavailable);
    proxy.heal();
  });

  it('a store that never answers is StoreUnavailable after the time-out of one call', async () => {
    const client = makeTableClient({ connectionString: account.at({ table: proxy.url }) });
    await client();
    proxy.inject([{ kind: 'hang' }]);
    await expect(new TableStatusLog(new Table(client, { callTimeoutMs: 100 })).read('a@contoso.com', 'id')).rejects.toThrow(
      StoreUnavailable,
    );
  });

  it('a store that cannot be reached is StoreUnavailable', async () => {
    const nowhere = new TableStatusLog(
      new Table(makeTableClient({ connectionString: account.at({ table: 'http://127.0.0.1:1' }) }, undefined, fast)),
    );
    await expect(nowhere.check()).rejects.toThrow(StoreUnavailable);
    await expect(nowhere.create(change())).rejects.toThrow(StoreUnavailable);
  });

  it('the table is made at the first write, and reading before that finds nothing', async () => {
    const fresh = connect(`t${randomUUID().replaceAll('-', '')}`);
    const first = change();
    expect(await fresh.read(first.record.mailbox, first.record.id)).toBeUndefined();
    expect(await fresh.events(first.record.mailbox, first.record.id)).toEqual([]);
    expect((await fresh.create(first)).kind).toBe('written');
    expect(operations()).toEqual(['GET', 'GET', 'POST', 'transaction']);
  });

  it('a large report that dies between its transactions is harmless: the record is untouched and the repetition completes it', async () => {
    const first = change({ recipients: recipients(1000) });
    const { mailbox, id } = first.record;
    const etag = etagOf(await log.create(first));
    const failed = recipients(1000).map((each) => ({ ...each, action: 'failed' as const, diagnosticCode: 'd'.repeat(3000) }));
    const report = { record: first.record, events: recipients(500).map(({ address }) => event(address)), recipients: failed, due: DUE };
    let batches = 0;
    proxy.inject([{ kind: 'reset' }, { kind: 'reset' }, { kind: 'reset' }], (request) => isBatch(request) && ++batches > 3);
    await expect(log.write(report, etag)).rejects.toThrow(StoreUnavailable);
    expect((await log.read(mailbox, id))?.etag).toBe(etag);
    expect(await log.recipients(mailbox, id)).toEqual(recipients(1000));
    expect((await log.write(report, etag)).kind).toBe('written');
    expect((await log.recipients(mailbox, id)).map(({ diagnosticCode }) => diagnosticCode?.length)).toEqual(Array(1000).fill(2048));
    expect(await log.events(mailbox, id)).toHaveLength(501);
  });

  it('a record that does not fit in a row is refused by name', async () => {
    await expect(log.create(change({ record: record(newMailbox(), { subject: 's'.repeat(40_000) }) }))).rejects.toThrow(RangeError);
  });
});
