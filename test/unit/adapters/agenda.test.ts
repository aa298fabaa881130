// The agenda in Table Storage, compared with all open requests while they change.
import { expect, test } from 'vitest';
import { rowKeys } from '../../../shared/adapters/table-storage/keys.ts';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { TableStatusLog } from '../../../shared/adapters/table-storage/table-status-log.ts';
import { planWrite } from '../../../shared/adapters/table-storage/write-plan.ts';
import type { Change } from '../../../shared/ports/status-log.ts';
import { CountingTableClient } from '../../fakes/counting-table-client.ts';
import { newMailbox, record } from '../../support/samples.ts';

const [DUE, LATER, END] = ['2026-01-15T08:10:00.000Z', '2026-01-15T09:00:00.000Z', '2026-01-15T10:00:00.000Z'];

/** One list after the other, and something happens after the first. */
class OneByOne extends Table {
  between: (() => Promise<void>) | undefined;
  #last: Promise<unknown> = Promise.resolve();

  override list(...query: Parameters<Table['list']>): ReturnType<Table['list']> {
    const rows = this.#last.then(async () => {
      const read = await super.list(...query);
      const now = this.between;
      this.between = undefined;
      await now?.();
      return read;
    });
    this.#last = rows;
    return rows;
  }
}

const HAPPENS: readonly (readonly [string, (log: TableStatusLog, change: Change) => Promise<unknown>])[] = [
  ['is made', (log, change) => log.create(change)],
  [
    'is made, and moves on',
    async (log, change) => {
      await log.create(change);
      const read = await log.read(change.record.mailbox, change.record.id);
      return log.write({ ...change, due: LATER }, read?.etag ?? '');
    },
  ],
];

test.each(HAPPENS)('a request that %s meanwhile keeps its row on the agenda', async (_what, act) => {
  const client = new CountingTableClient();
  const open = async () => client.asClient();
  const log = new TableStatusLog(new Table(open));
  const change: Change = { record: record(newMailbox()), events: [], recipients: [], due: DUE };
  const { mailbox, id } = change.record;
  const slow = new OneByOne(open);
  slow.between = async () => void (await act(log, change));
  await new TableStatusLog(slow).comparedAgenda(mailbox, END, 10);
  expect(slow.between).toBeUndefined();
  expect((await log.agenda(mailbox, END, 10)).due.map((due) => due.id)).toEqual([id]);
});

test('a row that is lost is there again after the next change', async () => {
  const client = new CountingTableClient();
  const table = new Table(async () => client.asClient());
  const log = new TableStatusLog(table);
  const change: Change = { record: record(newMailbox()), events: [], recipients: [], due: DUE, awaitsMore: false };
  const { mailbox, id } = change.record;
  await log.create(change);
  const [row] = await table.list(`PartitionKey eq '${mailbox}' and RowKey ge 'a!' and RowKey lt 'a"'`);
  await table.delete(mailbox, row?.rowKey ?? '', '*');
  expect((await log.comparedAgenda(mailbox, END, 10)).strays).toEqual([id]);
  const read = await log.read(mailbox, id);
  await log.write(change, read?.etag ?? '');
  expect((await log.agenda(mailbox, END, 10)).due.map((due) => due.id)).toEqual([id]);
  expect((await log.comparedAgenda(mailbox, END, 10)).strays).toEqual([]);
});

test('an open row that a version without an agenda wrote is put right, even if the place on the agenda is the same', async () => {
  const client = new CountingTableClient();
  const table = new Table(async () => client.asClient());
  const log = new TableStatusLog(table);
  const change: Change = { record: record(newMailbox()), events: [], recipients: [], due: DUE };
  const { mailbox, id } = change.record;
  await log.create(change);
  await table.upsert({ partitionKey: mailbox, rowKey: rowKeys.open(id), due: LATER });
  const read = await log.read(mailbox, id);
  const claimed = await log.write({ ...change, before: change.record }, read?.etag ?? '');
  expect((await log.comparedAgenda(mailbox, END, 10)).strays).toEqual([id]);
  await log.write(change, claimed.kind === 'written' ? claimed.etag : '');
  expect((await log.comparedAgenda(mailbox, END, 10)).strays).toEqual([]);
  expect((await log.agenda(mailbox, END, 10)).due).toEqual([{ id, due: DUE }]);
});

test.each([
  [
    'the same as before: nothing about it but the row on the agenda, which says what it awaits',
    DUE,
    ['update r!', 'upsert a!', 'upsert t!'],
  ],
  ['another one: its open row, and another row on the agenda', LATER, ['update r!', 'upsert o!', 'upsert a!', 'delete a!', 'upsert t!']],
])('if the due time of a request is %s is written', (_what, due, expected) => {
  const made = record(newMailbox());
  const before = { etag: 'e', agenda: rowKeys.agenda(true, DUE, made.id), changed: '', told: 0 };
  const wanted = { claimCopy: true, deleteOpenRow: true, deleteAgendaRow: true, deleteChangedRow: true };
  const { final } = planWrite({ record: made, before: made, events: [], due }, 'w', before, wanted);
  expect(final.map(([action, { rowKey = '' }]) => `${action} ${rowKey.slice(0, 2)}`)).toEqual(expected);
});
