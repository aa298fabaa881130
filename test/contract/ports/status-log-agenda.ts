// What every status log must do with what is due.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change, StatusLog, WriteResult } from '../../../shared/ports/status-log.ts';
import { event, newMailbox, recipient, record } from '../../support/samples.ts';
import type { Harness } from './harness.ts';

const DUE = '2026-01-15T08:05:00.000Z';
const etagOf = (result: WriteResult): string => (result.kind === 'written' ? result.etag : `not written: ${result.kind}`);

export function describeAgenda(name: string, harness: Harness<StatusLog>): void {
  describe(`status log contract, the agenda: ${name}`, () => {
    let log: StatusLog;
    beforeAll(async () => {
      log = await harness.create();
    });
    afterAll(() => harness.dispose());

    const created = async (more: Partial<Change> = {}): Promise<{ change: Change; etag: string }> => {
      const change: Change = { record: record(newMailbox()), events: [], recipients: [recipient()], due: DUE, ...more };
      return { change, etag: etagOf(await log.create(change)) };
    };

    it('open requests are on the agenda in the order in which they are due, at most as many as asked for', async () => {
      const mailbox = newMailbox();
      const [early, late] = ['2026-01-15T08:04:00.000Z', '2026-01-15T09:00:00.000Z'];
      const changes = [];
      for (const due of [DUE, early, late, DUE]) changes.push(await created({ record: record(mailbox), due, awaitsMore: due !== late }));
      const [a, b, c, d] = changes.map(({ change }) => change.record.id as string);
      const first = { id: b, due: early };
      expect(await log.agenda(mailbox, DUE, 10)).toEqual({
        due: [first, { id: a, due: DUE }, { id: d, due: DUE }],
        nextDue: late,
        awaiting: [first, { id: a, due: DUE }, { id: d, due: DUE }],
        others: [{ id: c, due: late }],
        isWhole: true,
      });
      expect((await log.agenda(mailbox, DUE, 2)).due.map(({ id }) => id)).toEqual([b, a]);
    });

    it('a request changes its place on the agenda when its due time does, and what it waits for', async () => {
      const { change, etag } = await created();
      const { mailbox, id } = change.record;
      const later = '2026-01-15T09:00:00.000Z';
      const next = await log.write({ record: change.record, events: [], due: later, awaitsMore: true }, etag);
      expect(await log.agenda(mailbox, DUE, 10)).toMatchObject({ due: [], nextDue: later, awaiting: [{ id, due: later }], others: [] });
      const again = await log.write({ record: change.record, events: [], due: later, awaitsMore: false }, etagOf(next));
      expect(await log.agenda(mailbox, later, 10)).toMatchObject({ due: [{ id, due: later }], awaiting: [], others: [{ id, due: later }] });
      const read = await log.read(mailbox, id);
      expect(read?.etag).toBe(etagOf(again));
      expect((await log.comparedAgenda(mailbox, later, 10)).strays).toEqual([]);
    });

    it('many open requests are listed as far as they are due, and no further than asked for', async () => {
      const mailbox = newMailbox();
      for (let n = 0; n < 25; n++)
        await created({ record: record(mailbox), due: `2026-01-15T08:00:${String(n).padStart(2, '0')}.000Z`, awaitsMore: true });
      expect((await log.agenda(mailbox, DUE, 24)).due).toHaveLength(24);
      expect((await log.agenda(mailbox, DUE, 100)).due).toHaveLength(25);
      expect((await log.agenda(mailbox, '2026-01-15T08:00:02.500Z', 100)).due).toHaveLength(3);
    });

    it('many open requests of both kinds are on the agenda as far as they are due, and it says if it has not shown all', async () => {
      const mailbox = newMailbox();
      const [later, end] = ['2026-01-15T10:00:00.000Z', '2026-01-16T10:00:00.000Z'];
      const make = (count: number, due: string, awaitsMore: boolean) =>
        Promise.all(Array.from({ length: count }, () => created({ record: record(mailbox), due, awaitsMore })));
      await make(1, DUE, true);
      await make(44, end, false);
      const early = await make(1, later, false);
      const agenda = await log.agenda(mailbox, DUE, 500);
      expect(agenda).toMatchObject({ due: agenda.awaiting, nextDue: later });
      expect(agenda.awaiting).toHaveLength(1);
      expect(agenda.others[0]).toEqual({ id: early[0]?.change.record.id, due: later });
      expect(agenda.isCut).toBeUndefined();
      expect(agenda.isWhole === true).toBe(agenda.others.length === 45);
      expect((await log.agenda(mailbox, end, 500)).due).toHaveLength(46);
      await make(45, later, true);
      const much = await log.agenda(mailbox, later, 500);
      expect(much.due).toHaveLength(47);
      expect(much.nextDue).toBe(end);
      expect((await log.comparedAgenda(mailbox, later, 500)).awaiting).toHaveLength(46);
    });

    it('a request that has no due time any more is not listed, and a late event for it still gets written', async () => {
      const { change, etag } = await created();
      const { mailbox, id } = change.record;
      const closed = await log.write({ record: { ...change.record, status: 'closed' }, events: [] }, etag);
      expect((await log.agenda(mailbox, DUE, 10)).due).toEqual([]);
      const late = await log.write({ record: { ...change.record, status: 'failed' }, events: [event('late')] }, etagOf(closed));
      expect(late.kind).toBe('written');
      expect(await log.events(mailbox, id)).toHaveLength(1);
    });
  });
}
