// What lists of send requests cost in Table Storage, in requests on the wire.
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IndexStart } from '../../../shared/adapters/table-storage/index-start.ts';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TableMailboxRegistry } from '../../../shared/adapters/table-storage/table-mailbox-registry.ts';
import { TableSendRequestList } from '../../../shared/adapters/table-storage/table-send-request-list.ts';
import { TableStatusLog } from '../../../shared/adapters/table-storage/table-status-log.ts';
import type { SendRequestFilter } from '../../../shared/domain/log/filter.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { newMailbox, record } from '../../support/samples.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';
import { all, create, SETTLED } from './send-request-list.ts';

let account: StorageAccount;
let proxy: FaultProxy;
let table: Table;
let indexStart: IndexStart;
beforeAll(async () => {
  account = await newStorageAccount();
  proxy = await startFaultProxy(account.table);
  table = new Table(makeTableClient({ connectionString: account.at({ table: proxy.url }) }));
  indexStart = new IndexStart(table, { now: () => Date.parse('2026-01-01T00:00:00Z') });
  await indexStart.read();
});
afterAll(async () => {
  await proxy.close();
  await account.close();
});

describe('what a list costs in Table Storage', () => {
  const cost = async (work: () => Promise<unknown>): Promise<number> => {
    const before = proxy.passed.length;
    await work();
    return proxy.passed.length - before;
  };

  it('is the same in a large mailbox as in a small one', async () => {
    const [log, list] = [new TableStatusLog(table), new TableSendRequestList(table, indexStart)];
    const costs: number[][] = [];
    for (const size of [20, 200]) {
      const mailbox = newMailbox();
      const ofTenant = { ...record(mailbox).recipientCounts, failed: 1 };
      for (let n = 0; n < 3; n++)
        await create(log, mailbox, { status: 'failed', failureClass: 'ownTenant', recipientCounts: ofTenant }, SETTLED);
      // Not all at once: on a busy machine the last ones would meet the time-out of the table.
      await pLimit(8).map(Array.from({ length: size }), (_, n) => {
        const failed =
          n % 10 === 5 ? { status: 'failed' as const, recipientCounts: { ...record(mailbox).recipientCounts, failed: 1 } } : {};
        return create(log, mailbox, { application: n === 0 ? 'rare' : 'usual', status: 'closed', ...failed }, SETTLED);
      });
      await create(log, mailbox, { application: 'usual' });
      const filters: SendRequestFilter[] = [
        {},
        { application: 'usual' },
        { application: 'rare' },
        { recipient: 'person-1@example.com' },
        { status: 'closed' },
        { failedFrom: 1 },
        { failureClass: 'ownTenant' },
        { status: 'queued' },
      ];
      const each = [];
      for (const filter of filters) each.push(await cost(() => list.page(mailbox, { filter, top: 10 })));
      costs.push(each);
    }
    // Records; index and records; a single record; an index whose records lie together, under the key of the address and under its older
    // spelling; records, of which some are not meant; an index whose records lie far apart, read
    // one by one, and the records from before that index; an index of few; the oldest open row.
    expect(costs[1]).toEqual([1, 2, 2, 3, 2, 10, 2, 2]);
    for (const [n, small] of (costs[0] ?? []).entries()) expect(small).toBeLessThanOrEqual((costs[1]?.[n] ?? 0) + 1);
  });

  it('is bounded where hardly any are meant: the page is short, and the next one goes on', async () => {
    const [log, list] = [new TableStatusLog(table), new TableSendRequestList(table, indexStart, { budget: 40 })];
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
    expect(await new TableSendRequestList(table, indexStart).mailboxes()).toContainEqual({
      mailbox,
      lastDateTime: '2026-01-15T08:00:00.000Z',
    });
  });
});
