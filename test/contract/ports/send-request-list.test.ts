// Lists of send requests against the fake and against Table Storage: what is found, in which order, and at what cost.
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TableMailboxRegistry } from '../../../shared/adapters/table-storage/table-mailbox-registry.ts';
import { TableSendRequestList } from '../../../shared/adapters/table-storage/table-send-request-list.ts';
import { TableStatusLog } from '../../../shared/adapters/table-storage/table-status-log.ts';
import type { SendRequestFilter } from '../../../shared/domain/log/filter.ts';
import type { Recipient, SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { timeOfId } from '../../../shared/domain/log/send-request-id.ts';
import type { SendRequestList } from '../../../shared/ports/send-request-list.ts';
import type { Change, StatusLog } from '../../../shared/ports/status-log.ts';
import { InMemoryStatusLog } from '../../fakes/in-memory-status-log.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { newMailbox, recipients, record } from '../../support/samples.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';

const DUE = '2026-01-15T08:05:00.000Z';
let account: StorageAccount;
let proxy: FaultProxy;
let table: Table;
beforeAll(async () => {
  account = await newStorageAccount();
  proxy = await startFaultProxy(account.table);
  table = new Table(makeTableClient({ connectionString: account.at({ table: proxy.url }) }));
});
afterAll(async () => {
  await proxy.close();
  await account.close();
});

const harnesses: [string, () => { log: StatusLog; list: SendRequestList }][] = [
  [
    'in memory',
    () => {
      const log = new InMemoryStatusLog();
      return { log, list: log };
    },
  ],
  ['Table Storage', () => ({ log: new TableStatusLog(table), list: new TableSendRequestList(table) })],
];

/** Ids are made a minute apart; createdDateTime as they say. */
/** Not open any more. */
const SETTLED = { due: undefined } as unknown as Partial<Change>;

async function create(
  log: StatusLog,
  mailbox: string,
  more: Partial<SendRequestRecord> = {},
  change: Partial<Change> = {},
): Promise<SendRequestRecord> {
  const made = record(mailbox, more);
  const createdDateTime = new Date(timeOfId(made.id)).toISOString();
  const written = { ...made, createdDateTime };
  const result = await log.create({ record: written, events: [], recipients: recipients(1), due: DUE, ...change });
  expect(result.kind).toBe('written');
  return written;
}

async function all(list: SendRequestList, mailbox: string, filter: SendRequestFilter, top = 3): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await list.page(mailbox, { filter, top, ...(after !== undefined && { after }) });
    expect(page.records.length).toBeLessThanOrEqual(top);
    ids.push(...page.records.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined);
  return ids;
}

const idsOf = (records: readonly SendRequestRecord[]) => records.map(({ id }) => id).reverse();

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

describe('what a list costs in Table Storage', () => {
  const cost = async (work: () => Promise<unknown>): Promise<number> => {
    const before = proxy.passed.length;
    await work();
    return proxy.passed.length - before;
  };

  it('is the same in a large mailbox as in a small one', async () => {
    const [log, list] = [new TableStatusLog(table), new TableSendRequestList(table)];
    const costs: number[][] = [];
    for (const size of [20, 200]) {
      const mailbox = newMailbox();
      // Not all at once: on a busy machine the last ones would meet the time-out of the table.
      await pLimit(8).map(Array.from({ length: size }), (_, n) =>
        create(log, mailbox, { application: n === 0 ? 'rare' : 'usual', status: n % 10 === 5 ? 'failed' : 'closed' }, SETTLED),
      );
      await create(log, mailbox, { application: 'usual' });
      const filters: SendRequestFilter[] = [
        {},
        { application: 'usual' },
        { application: 'rare' },
        { recipient: 'person-1@example.com' },
        { status: 'closed' },
        { status: 'queued' },
      ];
      const each = [];
      for (const filter of filters) each.push(await cost(() => list.page(mailbox, { filter, top: 10 })));
      costs.push(each);
    }
    // Records; index and records; a single record; an index whose records lie together, under the key of the address and under its older
    // spelling; records, of which some are not meant; the oldest open row.
    expect(costs[1]).toEqual([1, 2, 2, 3, 2, 2]);
    for (const [n, small] of (costs[0] ?? []).entries()) expect(small).toBeLessThanOrEqual((costs[1]?.[n] ?? 0) + 1);
  });

  it('is bounded where hardly any are meant: the page is short, and the next one goes on', async () => {
    const [log, list] = [new TableStatusLog(table), new TableSendRequestList(table, { budget: 40 })];
    const mailbox = newMailbox();
    const made: SendRequestRecord[] = [];
    for (let n = 0; n < 100; n++) made.push(await create(log, mailbox, { status: n === 0 ? 'closed' : 'sent' }));
    const first = await list.page(mailbox, { filter: { status: 'closed' }, top: 10 });
    expect(first.records).toEqual([]);
    expect(first.next).toBeDefined();
    expect(await cost(() => list.page(mailbox, { filter: { status: 'closed' }, top: 10 }))).toBeLessThanOrEqual(6);
    expect(await all(list, mailbox, { status: 'closed' }, 10)).toEqual([made[0]?.id]);
  });

  it('every mailbox that was ever touched is known, also after it was forgotten', async () => {
    const now = Date.parse('2026-01-15T08:00:00.000Z');
    const registry = new TableMailboxRegistry(table, { now: () => now });
    const mailbox = newMailbox();
    await registry.touch(mailbox);
    const [watched] = (await registry.list()).filter(({ value }) => value.mailbox === mailbox);
    expect(await registry.forget(mailbox, watched?.etag ?? '')).toBe(true);
    expect(await new TableSendRequestList(table).mailboxes()).toContainEqual({ mailbox, lastDateTime: '2026-01-15T08:00:00.000Z' });
  });
});
