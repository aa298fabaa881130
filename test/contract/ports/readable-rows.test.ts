// The table as people read it: columns and types of its rows, OPERATIONS.md's queries, and a table in which an earlier version has written, too.
import { readFileSync } from 'node:fs';
import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IndexStart } from '../../../shared/adapters/table-storage/index-start.ts';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { makeTableClient, TABLE_NAME } from '../../../shared/adapters/table-storage/table-client.ts';
import { TableLogRetention } from '../../../shared/adapters/table-storage/table-log-retention.ts';
import { TableSendRequestList } from '../../../shared/adapters/table-storage/table-send-request-list.ts';
import { TableStatusLog } from '../../../shared/adapters/table-storage/table-status-log.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { makeSendRequestId } from '../../../shared/domain/log/send-request-id.ts';
import { event, newMailbox, recipient, record } from '../../support/samples.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-01-31T08:00:00.000Z');
const at = (minutes: number): string => new Date(START + minutes * MINUTE).toISOString();

let account: StorageAccount;
let client: TableClient;
let table: Table;
let log: TableStatusLog;
let indexStart: IndexStart;
/** The clock of the log. */
let writtenAt = 0;
beforeAll(async () => {
  account = await newStorageAccount();
  client = TableClient.fromConnectionString(account.connectionString, TABLE_NAME, { allowInsecureConnection: true });
  table = new Table(makeTableClient({ connectionString: account.connectionString }));
  log = new TableStatusLog(table, { clock: { now: () => writtenAt } });
  indexStart = new IndexStart(table, { now: () => START });
  await log.check();
});
afterAll(() => account.close());

let made = 0;
/** A send request made so many minutes after the start, with two lines of timeline. */
async function write(mailbox: string, minutes: number, more: Partial<SendRequestRecord> = {}): Promise<SendRequestRecord> {
  const id = makeSendRequestId(START + minutes * MINUTE, mailbox, Uint8Array.of(++made));
  const times = { createdDateTime: at(minutes), lastModifiedDateTime: at(minutes + 1), sendBefore: at(minutes + 2_880) };
  const value = record(mailbox, { id, ...times, ...more });
  const events = [
    { ...event('0000-enqueued'), dateTime: at(minutes) },
    { ...event('0001-submissionAccepted'), dateTime: at(minutes + 1) },
  ];
  writtenAt = Date.parse(value.lastModifiedDateTime);
  const written = await log.create({ record: value, events, recipients: [recipient()], due: at(minutes + 5) });
  expect(written.kind).toBe('written');
  return value;
}

/** Rewrites the rows of a send request as the first version wrote them: times as text, without the columns of today. */
async function asFirstVersion({ mailbox, id }: SendRequestRecord): Promise<void> {
  for await (const row of client.listEntities<Record<string, unknown>>({ queryOptions: { filter: `PartitionKey eq '${mailbox}'` } })) {
    if (row['requestId'] !== id && !String(row.rowKey).startsWith(`d!${id}!`)) continue;
    const { etag: _, timestamp: __, subject: ___, lane: ____, sendBefore: _____, ...kept } = row;
    const old = Object.entries(kept).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]);
    await client.updateEntity(Object.fromEntries(old), 'Replace');
  }
}

test('the record row says what it is about, and its times are times', async () => {
  const { mailbox, id } = await write(newMailbox(), 0, { subject: 'Invoice 4711', lane: '1', nextAttemptDateTime: at(3) });
  const rows = await table.list(`PartitionKey eq '${mailbox}' and requestId eq '${id}'`);
  expect(rows).toMatchObject([
    {
      subject: 'Invoice 4711',
      lane: '1',
      createdDateTime: new Date(at(0)),
      lastModifiedDateTime: new Date(at(1)),
      nextAttemptDateTime: new Date(at(3)),
      sendBefore: new Date(at(2_880)),
      due: new Date(at(5)),
    },
  ]);
});

test('a next attempt that there no longer is leaves its column empty', async () => {
  const value = await write(newMailbox(), 0, { nextAttemptDateTime: at(3) });
  const { nextAttemptDateTime: _, ...later } = value;
  const { etag = '' } = (await log.read(value.mailbox, value.id)) ?? {};
  await log.write({ record: { ...later, status: 'closed' }, events: [] }, etag);
  const [row] = await table.list(`PartitionKey eq '${value.mailbox}' and requestId eq '${value.id}'`);
  expect(row).toMatchObject({ nextAttemptDateTime: '', due: '' });
});

describe('a mailbox in which an earlier version has written', () => {
  test('is listed page by page, with and without times in the filter', async () => {
    const mailbox = newMailbox();
    const all: SendRequestRecord[] = [];
    for (let minute = 0; minute < 8; minute++) all.push(await write(mailbox, minute));
    for (const one of all.filter((_, index) => index % 2 === 0)) await asFirstVersion(one);
    const list = new TableSendRequestList(table, indexStart);
    const idsFrom = async (filter: { createdFrom?: number; createdUntil?: number }) => {
      const ids: string[] = [];
      for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
        const page = await list.page(mailbox, { filter, top: 3, ...(after !== undefined && { after }) });
        ids.push(...page.records.map(({ id }) => id));
        after = page.next;
      }
      return ids.reverse();
    };
    expect(await idsFrom({})).toEqual(all.map(({ id }) => id));
    const within = { createdFrom: START + 2 * MINUTE, createdUntil: START + 5 * MINUTE };
    expect(await idsFrom(within)).toEqual(all.slice(2, 5).map(({ id }) => id));
  });

  test('shows one timeline in order, with the times that both wrote', async () => {
    const value = await write(newMailbox(), 0);
    await asFirstVersion(value);
    const { etag = '' } = (await log.read(value.mailbox, value.id)) ?? {};
    await log.write({ record: value, events: [{ ...event('0002-foundInSentItems'), dateTime: at(2) }], due: at(9) }, etag);
    expect((await log.events(value.mailbox, value.id)).map(({ dateTime }) => dateTime)).toEqual([at(0), at(1), at(2)]);
  });

  test('is purged of what either wrote, and of nothing younger', async () => {
    const mailbox = newMailbox();
    const settled = { status: 'closed', sendBefore: at(1) } as const;
    for (const minutes of [0, 1]) await asFirstVersion(await write(mailbox, minutes, settled));
    await write(mailbox, 2, settled);
    const young = [await write(mailbox, 60, settled), await write(mailbox, 61, settled)] as const;
    await asFirstVersion(young[0]);
    expect(await new TableLogRetention(table).purge(mailbox, at(30), () => true)).toMatchObject({ records: 3, finished: true });
    const { records } = await new TableSendRequestList(table, indexStart).page(mailbox, { filter: {}, top: 10 });
    expect(records.map(({ id }) => id).reverse()).toEqual(young.map(({ id }) => id));
  });
});

describe('the queries of OPERATIONS.md', () => {
  const text = readFileSync(new URL('../../../OPERATIONS.md', import.meta.url), 'utf8');
  const section = text.split('\n## Reading the table yourself\n')[1]?.split('\n## ')[0] ?? '';
  const [, queries = ''] = section.split('| question | filter |');
  const filters = [...queries.matchAll(/^\|[^|`]+\| `([^`]+)` \|$/gm)].map((match) => match[1] as string);
  const mailbox = 'sender@contoso.com';

  test('find what they say', async () => {
    const invoice = await write(mailbox, 0, { subject: 'Invoice 4711', status: 'deferred' });
    const failed = await write(mailbox, 1, { subject: 'Reminder', status: 'failed' });
    await write(mailbox, -3_000, { subject: 'Invoice 4711', status: 'closed' });
    const elsewhere = await write('other@contoso.com', 2, { subject: 'Reminder', status: 'rejected' });
    const found: string[][] = [];
    for (const filter of filters) {
      const rows = await table.list(filter.replaceAll('01kg9v2q8qpa2yr2qyk3wq5bck8m', invoice.id));
      found.push(rows.map((row) => String(row['requestId'] ?? row['type'])));
    }
    expect(filters).toHaveLength(5);
    expect(found[0]).toHaveLength(3);
    expect(found[1]).toEqual([invoice.id]);
    expect(found[2]).toHaveLength(2);
    expect(found[3]).toEqual([invoice.id]);
    expect(found[4]?.sort()).toEqual([failed.id, elsewhere.id].sort());
  });
});
