// What the outbox must do on every table: what a change tells is there if, and only if, the change was written.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Table } from '../../../shared/adapters/table-storage/table.ts';
import { TableOutbox } from '../../../shared/adapters/table-storage/table-outbox.ts';
import { TableStatusLog } from '../../../shared/adapters/table-storage/table-status-log.ts';
import { formOf } from '../../../shared/composition/compose-events.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import type { StatusLog, WriteResult } from '../../../shared/ports/status-log.ts';
import { enqueuedEvent } from '../../../shared/usecases/log/new-record.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { newMailbox, recipient, recipients, record } from '../../support/samples.ts';
import type { Harness } from './harness.ts';

const DUE = '2026-01-15T08:05:00.000Z';
const etagOf = (result: WriteResult): string => (result.kind === 'written' ? result.etag : `not written: ${result.kind}`);

export function describeOutbox(name: string, harness: Harness<Table>): void {
  describe(`outbox contract: ${name}`, () => {
    const clock = new ManualClock();
    const told: string[] = [];
    const failures: unknown[] = [];
    let table: Table;
    let log: StatusLog;
    let outbox: TableOutbox;

    beforeAll(async () => {
      table = await harness.create();
      outbox = new TableOutbox(table, clock);
      log = new TableStatusLog(table, {
        telling: {
          form: formOf({ source: '/queue', data: 'minimal' }),
          outbox,
          told: (mailbox) => told.push(mailbox),
          failed: (error) => failures.push(error),
        },
      });
    });
    afterAll(() => harness.dispose());

    const create = (made: SendRequestRecord) =>
      log.create({ record: made, events: [enqueuedEvent(made)], recipients: [recipient()], due: DUE });

    const typesOf = async (mailbox: string): Promise<string[]> =>
      (await outbox.waiting(mailbox, 1_000)).flatMap(({ events }) => events.map(({ type }) => type.split('.').at(-1) as string));

    const move = async (
      before: SendRequestRecord,
      status: SendRequestRecord['status'],
      etag: string,
      type: string,
    ): Promise<WriteResult> => {
      const event = { key: `0001-${type}-n`, type, dateTime: DUE, status };
      return log.write({ before, record: { ...before, status }, events: [event], due: DUE }, etag);
    };

    it('a change and what it tells are written together; the changes of a request are in order', async () => {
      const made = record(newMailbox());
      const first = etagOf(await create(made));
      const second = etagOf(await move(made, 'submitting', first, 'submissionStarted'));
      const third = await move({ ...made, status: 'submitting' }, 'accepted', second, 'submissionAccepted');
      await move({ ...made, status: 'accepted' }, 'sent', etagOf(third), 'foundInSentItems');
      expect(await typesOf(made.mailbox)).toEqual(['Enqueued', 'Accepted', 'Sent']);
      expect(told.filter((mailbox) => mailbox === made.mailbox)).toHaveLength(3);
    });

    it('the version that a read gives out goes on with the numbers of the changes', async () => {
      const made = record(newMailbox());
      await create(made);
      const read = await log.read(made.mailbox, made.id);
      await move(made, 'accepted', read?.etag ?? '', 'submissionAccepted');
      const rows = await outbox.waiting(made.mailbox, 10);
      expect(rows.map(({ events }) => events[0]?.sequence)).toEqual(['000001.0000', '000002.0000']);
    });

    it('a change that is not written tells nothing', async () => {
      const made = record(newMailbox());
      const etag = etagOf(await create(made));
      expect((await create(made)).kind).toBe('conflict');
      await move(made, 'accepted', etag, 'submissionAccepted');
      expect((await move(made, 'cancelled', etag, 'cancelled')).kind).toBe('conflict');
      expect(await typesOf(made.mailbox)).toEqual(['Enqueued', 'Accepted']);
    });

    it('a write that does not say what the record was before tells nothing', async () => {
      const made = record(newMailbox());
      const etag = etagOf(await create(made));
      await log.write({ record: { ...made, attempts: 3 }, events: [], due: DUE }, etag);
      expect(await typesOf(made.mailbox)).toEqual(['Enqueued']);
    });

    it('a bug in what is told does not keep the change from being written', async () => {
      const bug = new Error('a bug');
      const render = () => {
        throw bug;
      };
      const form = { ...formOf({ source: '/queue', data: 'minimal' }), render };
      const broken = new TableStatusLog(table, {
        telling: { form, outbox, told: () => {}, failed: (error) => failures.push(error) },
      });
      const made = record(newMailbox());
      expect((await broken.create({ record: made, events: [enqueuedEvent(made)], recipients: [recipient()], due: DUE })).kind).toBe(
        'written',
      );
      expect(failures).toEqual([bug]);
      expect(await typesOf(made.mailbox)).toEqual([]);
    });

    it('a report on a thousand recipients is told completely, with the transaction of the record', async () => {
      const made = record(newMailbox(), { status: 'sent' });
      const etag = etagOf(await create(made));
      const all = recipients(1_000).map((one) => ({ ...one, action: 'failed' as const, diagnosticCode: 'x'.repeat(300) }));
      const events = all.map(({ address }, index) => ({
        key: `0000-recipientFailed-r-${index}`,
        type: 'recipientFailed',
        dateTime: DUE,
        status: 'sent' as const,
        recipient: address,
      }));
      const written = await log.write({ before: made, record: made, events, recipients: all, due: DUE }, etag);
      expect(written.kind).toBe('written');
      const types = await typesOf(made.mailbox);
      expect(types.filter((type) => type === 'RecipientFailed')).toHaveLength(1_000);
      await outbox.remove(await outbox.waiting(made.mailbox, 1_000));
      expect(await outbox.waiting(made.mailbox, 1)).toEqual([]);
    });

    it('pages go on after the last key', async () => {
      const mailbox = newMailbox();
      for (let count = 0; count < 5; count++) await create(record(mailbox));
      const first = await outbox.waiting(mailbox, 2);
      const second = await outbox.waiting(mailbox, 2, first.at(-1)?.key);
      const third = await outbox.waiting(mailbox, 2, second.at(-1)?.key);
      const all = await outbox.waiting(mailbox, 10);
      expect([...first, ...second, ...third].map(({ key }) => key)).toEqual(all.map(({ key }) => key));
    });

    it('what another publisher has removed is no error, and the rest is removed', async () => {
      const mailbox = newMailbox();
      for (let count = 0; count < 3; count++) await create(record(mailbox));
      const rows = await outbox.waiting(mailbox, 10);
      await outbox.remove(rows.slice(1, 2));
      await outbox.remove(rows);
      expect(await outbox.waiting(mailbox, 10)).toEqual([]);
    });

    it('what is set aside does not wait any more; twice is once', async () => {
      const mailbox = newMailbox();
      await create(record(mailbox));
      const [row] = await outbox.waiting(mailbox, 1);
      if (!row) throw new Error('nothing waits');
      await outbox.setAside(row, '400');
      await outbox.setAside(row, '400');
      expect(await outbox.waiting(mailbox, 1)).toEqual([]);
    });

    it('a mailbox is marked before its first change; a mark that was touched since stays', async () => {
      const mailbox = newMailbox();
      await create(record(mailbox));
      const marked = async () => (await outbox.marked()).filter((one) => one.mailbox === mailbox);
      const [mark] = await marked();
      expect(mark?.touchedDateTime).toBe(new Date(clock.now()).toISOString());
      clock.advance(6 * 60_000);
      await create(record(mailbox));
      if (mark) await outbox.unmark(mark);
      expect(await marked()).toHaveLength(1);
      for (const one of await marked()) await outbox.unmark(one);
      expect(await marked()).toEqual([]);
    });

    it('a mailbox with characters that no key may have works as any other', async () => {
      const made = record(`grüße+x/y#${newMailbox()}`);
      await create(made);
      expect(await typesOf(made.mailbox)).toEqual(['Enqueued']);
      await outbox.remove(await outbox.waiting(made.mailbox, 1));
      expect(await typesOf(made.mailbox)).toEqual([]);
    });
  });
}
