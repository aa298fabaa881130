// How long reports are looked for, what is said when none came, and what looking costs: open requests cost work, settled ones none.
import { afterEach, describe, expect, test } from 'vitest';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { TableMailboxRegistry } from '../../../shared/adapters/table-storage/table-mailbox-registry.ts';
import { TableStatusLog } from '../../../shared/adapters/table-storage/table-status-log.ts';
import { CountingTableClient } from '../../fakes/counting-table-client.ts';
import { DAY, HOUR, MAILBOX, type MailRoom, MINUTE, openMailRoom } from '../../support/mail-room.ts';
import { reportMail } from '../../support/report-mail.ts';
import { newId } from '../../support/samples.ts';

let room: MailRoom;
afterEach(() => room.close());

describe('the report window', () => {
  test('closes with what was not heard, which is no delivery', async () => {
    room = await openMailRoom();
    const id = await room.send();
    await room.reconcile();
    await room.later(3 * DAY - MINUTE);
    await room.reconcile();
    expect((await room.see(id)).status).toBe('sent');
    await room.later(HOUR);
    await room.reconcile();
    const { status, events, recipients } = await room.see(id);
    expect(status).toBe('closed');
    expect(events.at(-1)).toMatchObject({ type: 'reportWindowClosed', detail: 'no report within 3 days' });
    expect(recipients).toEqual([{ address: 'customer@example.com', type: 'to' }]);
  });

  test('is as long as the setting says, and the words say so', async () => {
    room = await openMailRoom({ rules: { reportWindowMs: 36 * HOUR } });
    const id = await room.send({ to: ['delayed@example.org', 'customer@example.com'] });
    await room.reconcile();
    await room.later(36 * HOUR);
    await room.reconcile();
    expect((await room.see(id)).events.at(-1)?.detail).toBe('no further report within 36 hours');
  });

  test('does not keep a late report away: the outcome of the recipient, and of the request, follow it', async () => {
    room = await openMailRoom();
    const id = await room.send();
    await room.reconcile();
    await room.later(4 * DAY);
    await room.reconcile();
    expect((await room.see(id)).status).toBe('closed');
    const mime = reportMail({ recipients: [{ address: 'customer@example.com' }], inReplyTo: `<${id}@contoso.com>` });
    await room.control.incoming({ mailbox: MAILBOX, mime, itemClass: 'REPORT.IPM.Note.NDR' });
    await room.later(DAY);
    await room.reconcile();
    expect(await room.see(id)).toMatchObject({ status: 'failed', recipients: [{ action: 'failed' }] });
  });
});

describe('visits', () => {
  const HOURS_OF_MINUTES = 2 * HOUR;
  const spans: [span: number, step: number][] = [
    [HOURS_OF_MINUTES, MINUTE],
    [DAY - HOURS_OF_MINUTES, 5 * MINUTE],
    [12 * DAY, 15 * MINUTE],
  ];
  const requests = () => Object.values(room.requests()).reduce((sum, count) => sum + count, 0);

  test('of an isolated mail cost at most 60 requests to Graph, from its acceptance until nobody looks any more', async () => {
    room = await openMailRoom();
    const id = await room.send();
    const before = requests();
    for (const [span, step] of spans) {
      for (let passed = 0; passed < span; passed += step) {
        await room.reconcile();
        await room.later(step);
      }
    }
    expect((await room.see(id)).status).toBe('closed');
    expect(await room.watched()).toBeUndefined();
    expect(requests() - before).toBeGreaterThan(30);
    expect(requests() - before).toBeLessThanOrEqual(60);
  });

  test('tell a report when it has taken at most a fifth longer than it did, and a minute', async () => {
    room = await openMailRoom();
    for (const age of [3 * MINUTE, 40 * MINUTE, 5 * HOUR]) {
      const id = await room.send();
      const sentAt = room.context.clock.now();
      const untilThen = async (done: () => Promise<boolean>) => {
        while (!(await done())) {
          await room.reconcile();
          await room.later(MINUTE);
        }
        return room.context.clock.now() - sentAt;
      };
      await untilThen(async () => room.context.clock.now() - sentAt >= age);
      const mime = reportMail({ recipients: [{ address: 'customer@example.com' }], inReplyTo: `<${id}@contoso.com>` });
      await room.control.incoming({ mailbox: MAILBOX, mime, itemClass: 'REPORT.IPM.Note.NDR' });
      const told = await untilThen(async () => (await room.see(id)).status === 'failed');
      expect(told).toBeLessThanOrEqual(1.2 * age + 2 * MINUTE);
    }
  });
});

describe('settled requests', () => {
  /** The rows of a settled request, for as many more: same rows, other ids. */
  function multiply(table: CountingTableClient, id: string, count: number): void {
    const partition = table.partition(MAILBOX);
    const own = [...partition.rows.values()].filter(({ rowKey }) => rowKey.includes(id));
    expect(own.length).toBeGreaterThanOrEqual(5);
    const rows = [];
    for (let number = 0; number < count; number++) {
      const other = newId(MAILBOX);
      for (const row of own) rows.push({ ...row, rowKey: row.rowKey.replaceAll(id, other) });
    }
    partition.fill(rows);
  }

  async function costOfVisits(settled: number): Promise<unknown> {
    const table = new CountingTableClient();
    const adapter = new Table(async () => table.asClient());
    room = await openMailRoom({ log: new TableStatusLog(adapter), registry: (clock) => new TableMailboxRegistry(adapter, clock) });
    const old = await room.send({ to: ['unknown-user@example.org'] });
    await room.reconcile();
    await room.reconcile();
    expect((await room.see(old)).status).toBe('failed');
    if (settled > 0) multiply(table, old, settled);
    const open = [await room.send(), await room.send()];
    const counted = { calls: table.calls, rows: table.rowsRead, graph: JSON.stringify(room.requests()) };
    for (let visit = 0; visit < 5; visit++) {
      await room.later(MINUTE);
      await room.reconcile();
    }
    const cost = { calls: table.calls - counted.calls, rows: table.rowsRead - counted.rows, graph: room.requests(), before: counted.graph };
    for (const id of open) expect((await room.see(id)).status).toBe('sent');
    return cost;
  }

  test('cost the reconciler nothing: with 100,000 of them it reads the same rows and makes the same calls as with none', async () => {
    const none = await costOfVisits(0);
    await room.close();
    expect(await costOfVisits(100_000)).toEqual(none);
  });
});
