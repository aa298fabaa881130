// Lists of send requests against the fake and against Table Storage: what is found, and in which order.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IndexStart } from '../../../shared/adapters/table-storage/index-start.ts';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TableSendRequestList } from '../../../shared/adapters/table-storage/table-send-request-list.ts';
import { TableStatusLog } from '../../../shared/adapters/table-storage/table-status-log.ts';
import type { Recipient, SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import type { SendRequestList } from '../../../shared/ports/send-request-list.ts';
import type { StatusLog } from '../../../shared/ports/status-log.ts';
import { InMemoryStatusLog } from '../../fakes/in-memory-status-log.ts';
import { newMailbox, recipients, record } from '../../support/samples.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';
import { all, create, DUE, idsOf } from './send-request-list.ts';

let account: StorageAccount;
let table: Table;
let indexStart: IndexStart;
beforeAll(async () => {
  account = await newStorageAccount();
  table = new Table(makeTableClient({ connectionString: account.connectionString }));
  // Among the times at which the send requests of the tests are made: failures are found by the index and without it.
  indexStart = new IndexStart(table, { now: () => Date.parse('2026-01-15T08:00:00Z') });
});
afterAll(() => account.close());

const harnesses: [string, () => { log: StatusLog; list: SendRequestList }][] = [
  [
    'in memory',
    () => {
      const log = new InMemoryStatusLog();
      return { log, list: log };
    },
  ],
  ['Table Storage', () => ({ log: new TableStatusLog(table), list: new TableSendRequestList(table, indexStart) })],
];

describe.each(harnesses)('list of send requests: %s', (_, make) => {
  const { log, list } = (() => {
    let made: ReturnType<typeof make> | undefined;
    const of = () => (made ??= make());
    return {
      log: new Proxy({} as StatusLog, {
        get:
          (_t, name) =>
          (...args: unknown[]) =>
            (of().log as never as Record<string, (...a: unknown[]) => unknown>)[name as string]?.(...args),
      }),
      list: new Proxy({} as SendRequestList, {
        get:
          (_t, name) =>
          (...args: unknown[]) =>
            (of().list as never as Record<string, (...a: unknown[]) => unknown>)[name as string]?.(...args),
      }),
    };
  })();

  it('all of a mailbox, newest first, page by page, each once', async () => {
    const mailbox = newMailbox();
    const records = [];
    for (let n = 0; n < 7; n++) records.push(await create(log, mailbox));
    expect(await all(list, mailbox, {})).toEqual(idsOf(records));
    expect(await all(list, mailbox, {}, 7)).toEqual(idsOf(records));
    expect((await list.page(mailbox, { filter: {}, top: 7 })).next).toBeUndefined();
    expect(await all(list, newMailbox(), {})).toEqual([]);
  });

  it('those of an application among others', async () => {
    const mailbox = newMailbox();
    const mine = [];
    for (let n = 0; n < 10; n++) {
      const application = n % 3 === 0 ? 'mine' : 'other';
      const made = await create(log, mailbox, { application });
      if (application === 'mine') mine.push(made);
    }
    expect(await all(list, mailbox, { application: 'mine' })).toEqual(idsOf(mine));
    expect(await all(list, mailbox, { application: 'nobody' })).toEqual([]);
  });

  it('what somebody got, whatever the spelling, by whichever of a hundred addresses', async () => {
    const mailbox = newMailbox();
    const many: Recipient[] = [...recipients(150), { address: 'Käthe@Example.com', type: 'bcc' }];
    const one = await create(log, mailbox, {}, { recipients: many });
    await create(log, mailbox);
    const two = await create(log, mailbox, {}, { recipients: [{ address: 'käthe@example.com', type: 'to' }] });
    expect(await all(list, mailbox, { recipient: 'käthe@example.com' })).toEqual(idsOf([one, two]));
    expect(await all(list, mailbox, { recipient: 'person-150@example.com' })).toEqual([one.id]);
    expect(await all(list, mailbox, { recipient: 'nobody@example.com' })).toEqual([]);
  });

  it("by Message-ID, the caller's or ours, and by client-request-id", async () => {
    const mailbox = newMailbox();
    const shared = '<Invoice.42@contoso.com>';
    const a = await create(log, mailbox, { internetMessageId: shared, clientRequestId: 'c1' }, { indexMessageId: shared });
    const b = await create(log, mailbox, { internetMessageId: shared, clientRequestId: 'c2' }, { indexMessageId: shared });
    const own = await create(log, mailbox, { clientRequestId: 'c2' });
    expect(await all(list, mailbox, { internetMessageId: shared }, 1)).toEqual(idsOf([a, b]));
    expect(await all(list, mailbox, { internetMessageId: own.internetMessageId })).toEqual([own.id]);
    expect(await all(list, mailbox, { clientRequestId: 'c2' })).toEqual(idsOf([b, own]));
    expect(await all(list, mailbox, { internetMessageId: shared, clientRequestId: 'c2' })).toEqual([b.id]);
    expect(await all(list, mailbox, { internetMessageId: shared, recipient: 'person-1@example.com' })).toEqual(idsOf([a, b]));
    expect(await all(list, mailbox, { internetMessageId: shared, recipient: 'nobody@example.com' })).toEqual([]);
    expect(await all(list, mailbox, { internetMessageId: '<unknown@contoso.com>' })).toEqual([]);
  });

  it('by application and content, without those that have a key or are sent again, twenty at most', async () => {
    const mailbox = newMailbox();
    const same = { application: 'app', contentHash: 'h' };
    const a = await create(log, mailbox, same);
    const b = await create(log, mailbox, same);
    for (const other of [{ enqueued: true }, { resendOf: a.id }, { application: 'other' }, { contentHash: 'other' }])
      await create(log, mailbox, { ...same, ...other });
    expect(await log.withContent(mailbox, 'app', 'h')).toEqual(idsOf([a, b]));
    expect(await log.withContent(mailbox, 'app', 'nothing')).toEqual([]);
    for (let n = 0; n < 20; n++) await create(log, mailbox, same);
    expect(await log.withContent(mailbox, 'app', 'h')).toHaveLength(20);
  });

  it('by status as it is now, not as it once was', async () => {
    const mailbox = newMailbox();
    const made = [];
    for (let n = 0; n < 4; n++) made.push(await create(log, mailbox));
    const [first, second, third] = made as [SendRequestRecord, SendRequestRecord, SendRequestRecord];
    const write = async (of: SendRequestRecord, status: SendRequestRecord['status'], due?: string) => {
      const stored = await log.read(mailbox, of.id);
      await log.write({ record: { ...of, status }, events: [], ...(due && { due }) }, stored?.etag ?? '');
    };
    await write(first, 'deferred', DUE);
    await write(second, 'deferred', DUE);
    await write(first, 'rejected');
    await write(third, 'closed');
    expect(await all(list, mailbox, { status: 'deferred' })).toEqual([second.id]);
    expect(await all(list, mailbox, { status: 'rejected' })).toEqual([first.id]);
    expect(await all(list, mailbox, { status: 'closed' })).toEqual([third.id]);
    expect(await all(list, mailbox, { status: 'queued' })).toEqual([made[3]?.id]);
    expect(await all(list, mailbox, { status: 'inDoubt' })).toEqual([]);
    expect(await all(list, newMailbox(), { status: 'queued' })).toEqual([]);
  });

  it('with failures, whatever the status is, and no longer if it turns out that nobody failed', async () => {
    const mailbox = newMailbox();
    const made = [];
    for (let n = 0; n < 4; n++) made.push(await create(log, mailbox));
    const [first, second, third, fourth] = made as [SendRequestRecord, SendRequestRecord, SendRequestRecord, SendRequestRecord];
    const write = async (of: SendRequestRecord, status: SendRequestRecord['status'], failed: number) => {
      const stored = await log.read(mailbox, of.id);
      const recipientCounts = { ...of.recipientCounts, total: 2, failed };
      await log.write({ record: { ...of, status, recipientCounts }, events: [], due: DUE }, stored?.etag ?? '');
    };
    await write(first, 'sent', 1);
    await write(second, 'failed', 2);
    await write(third, 'sent', 1);
    await write(third, 'closed', 0);
    expect(await all(list, mailbox, { failedFrom: 1 })).toEqual([second.id, first.id]);
    expect(await all(list, mailbox, { failedFrom: 1, statusNot: ['failed'] })).toEqual([first.id]);
    expect(await all(list, mailbox, { failedFrom: 1, status: 'failed' })).toEqual([second.id]);
    expect(await all(list, mailbox, { failedFrom: 2 })).toEqual([second.id]);
    expect(await all(list, mailbox, { failedUntil: 1 })).toEqual([fourth.id, third.id]);
  });

  it('by whose matter the failures are, whatever the status is', async () => {
    const mailbox = newMailbox();
    const failing = (failureClass: SendRequestRecord['failureClass'], status: SendRequestRecord['status']) =>
      create(log, mailbox, {
        status,
        ...(failureClass && { failureClass }),
        recipientCounts: { ...record(mailbox).recipientCounts, failed: 1 },
      });
    const returned = await failing('ownTenant', 'failed');
    const partly = await failing('ownTenant', 'sent');
    const unknown = await failing('address', 'failed');
    await failing(undefined, 'failed');
    expect(await all(list, mailbox, { failureClass: 'ownTenant' }, 1)).toEqual([partly.id, returned.id]);
    expect(await all(list, mailbox, { failureClass: 'ownTenant', status: 'failed' })).toEqual([returned.id]);
    expect(await all(list, mailbox, { failureClass: 'address' })).toEqual([unknown.id]);
    expect(await all(list, mailbox, { failureClass: 'ownAccount' })).toEqual([]);
  });

  it('by id, and by words of the subject in any case', async () => {
    const mailbox = newMailbox();
    const invoice = await create(log, mailbox, { subject: 'Invoice 42' });
    const reminder = await create(log, mailbox, { subject: 'Reminder: INVOICE 42' });
    await create(log, mailbox, { subject: 'Offer' });
    expect(await all(list, mailbox, { id: invoice.id })).toEqual([invoice.id]);
    expect(await all(list, mailbox, { id: invoice.id, status: 'sent' })).toEqual([]);
    expect(await all(list, mailbox, { id: invoice.id, internetMessageId: reminder.internetMessageId })).toEqual([]);
    expect(await all(list, mailbox, { subject: [{ by: 'contains', text: 'invoice' }] }, 1)).toEqual(idsOf([invoice, reminder]));
    expect(await all(list, mailbox, { subject: [{ by: 'startsWith', text: 'invoice' }] })).toEqual([invoice.id]);
  });

  it('of a time, to the millisecond', async () => {
    const mailbox = newMailbox();
    const made = [];
    for (let n = 0; n < 5; n++) made.push(await create(log, mailbox));
    const times = made.map(({ createdDateTime }) => Date.parse(createdDateTime));
    expect(await all(list, mailbox, { createdFrom: times[1] as number, createdUntil: times[3] as number })).toEqual(
      idsOf(made.slice(1, 3)),
    );
    expect(await all(list, mailbox, { createdFrom: (times[1] as number) + 1 })).toEqual(idsOf(made.slice(2)));
    expect(await all(list, mailbox, { createdUntil: times[0] as number })).toEqual([]);
    expect(await all(list, mailbox, { application: made[0]?.application as string, createdUntil: times[2] as number })).toEqual(
      idsOf(made.slice(0, 2)),
    );
  });
});
