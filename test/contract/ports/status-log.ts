// What every status log must do, whatever keeps it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { Change, StatusLog, WriteResult } from '../../../shared/ports/status-log.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { event, newId, newMailbox, recipient, recipients, record } from '../../support/samples.ts';
import type { Harness } from './harness.ts';

const DUE = '2026-01-15T08:05:00.000Z';
const etagOf = (result: WriteResult): string => (result.kind === 'written' ? result.etag : `not written: ${result.kind}`);

export function describeStatusLog(name: string, harnessAt: (clock: Clock) => Harness<StatusLog>): void {
  describe(`status log contract: ${name}`, () => {
    // The time that the samples have.
    const clock = new ManualClock('2026-01-15T08:00:00.000Z');
    const harness = harnessAt(clock);
    let log: StatusLog;
    beforeAll(async () => {
      log = await harness.create();
    });
    afterAll(() => harness.dispose());

    const created = async (more: Partial<Change> = {}): Promise<{ change: Change; etag: string }> => {
      const change: Change = { record: record(newMailbox()), events: [], recipients: [recipient()], due: DUE, ...more };
      return { change, etag: etagOf(await log.create(change)) };
    };

    it('a record reads back as it was written, whatever characters its subject has', async () => {
      const { change, etag } = await created();
      const { mailbox, id } = change.record;
      const { recipients: brought, ...stored } = (await log.read(mailbox, id)) ?? {};
      expect(stored).toEqual({ value: change.record, etag });
      if (brought) expect(brought).toEqual([recipient()]);
      expect(await log.recipients(mailbox, id)).toEqual([recipient()]);
    });

    it('what is not there is answered with nothing', async () => {
      const mailbox = newMailbox();
      const id = newId(mailbox);
      expect(await log.read(mailbox, id)).toBeUndefined();
      expect(await log.recipients(mailbox, id)).toEqual([]);
      expect(await log.events(mailbox, id)).toEqual([]);
      expect(await log.copyHolder(mailbox, 'AAMk')).toBeUndefined();
      expect(await log.keyHolder(mailbox, 'hash')).toBeUndefined();
      expect((await log.agenda(mailbox, DUE, 10)).due).toEqual([]);
    });

    it('a second create of a record is a conflict and changes nothing', async () => {
      const { change, etag } = await created();
      const again = await log.create({ ...change, record: { ...change.record, attempts: 7 }, events: [event('x')] });
      expect(again).toEqual({ kind: 'conflict' });
      expect((await log.read(change.record.mailbox, change.record.id))?.etag).toBe(etag);
      expect(await log.events(change.record.mailbox, change.record.id)).toEqual([]);
    });

    it('a write under an old etag is a conflict and changes nothing', async () => {
      const { change, etag } = await created();
      const { record: first } = change;
      expect((await log.write({ record: { ...first, attempts: 1 }, events: [] }, etag)).kind).toBe('written');
      expect(await log.write({ record: { ...first, attempts: 2 }, events: [event('x')] }, etag)).toEqual({ kind: 'conflict' });
      expect((await log.read(first.mailbox, first.id))?.value.attempts).toBe(1);
      expect(await log.events(first.mailbox, first.id)).toEqual([]);
    });

    it('a write of a record that is not there is a conflict', async () => {
      const { etag } = await created();
      expect(await log.write({ record: record(newMailbox()), events: [] }, etag)).toEqual({ kind: 'conflict' });
    });

    it('a property that a write leaves out is gone, the recipients that it leaves out stay', async () => {
      const error = { code: 'ErrorServerBusy', message: 'The server is busy.' };
      const mailbox = newMailbox();
      const { change, etag } = await created({ record: record(mailbox, { error, nextAttemptDateTime: DUE }) });
      const { error: _, nextAttemptDateTime: __, ...rest } = change.record;
      await log.write({ record: { ...rest, status: 'accepted' }, events: [], due: DUE }, etag);
      expect((await log.read(mailbox, rest.id))?.value).toEqual({ ...rest, status: 'accepted' });
      expect(await log.recipients(mailbox, rest.id)).toEqual([recipient()]);
    });

    it('the etag of a write serves the next write', async () => {
      const { change, etag } = await created();
      const second = await log.write({ record: { ...change.record, status: 'submitting' }, events: [], due: DUE }, etag);
      const third = await log.write({ record: { ...change.record, status: 'accepted' }, events: [], due: DUE }, etagOf(second));
      expect(third.kind).toBe('written');
    });

    it('events come oldest first, and those of one write in its order', async () => {
      const { change, etag } = await created({ events: [event('b', { detail: 'first' }), event('a', { detail: 'second' })] });
      const { mailbox, id } = change.record;
      const early = event('c', { dateTime: '2026-01-15T07:59:00.000Z', attempt: 1, recipient: 'person-1@example.com' });
      await log.write({ record: change.record, events: [early], due: DUE }, etag);
      const lines = await log.events(mailbox, id);
      expect(lines.map(({ detail }) => detail)).toEqual([undefined, 'first', 'second']);
      const { key: _, ...line } = early;
      expect(lines[0]).toEqual(line);
    });

    it('an event whose key is written again is one event', async () => {
      const { change, etag } = await created({ events: [event('0001-accepted')] });
      await log.write({ record: change.record, events: [event('0001-accepted'), event('0001-accepted')], due: DUE }, etag);
      expect(await log.events(change.record.mailbox, change.record.id)).toHaveLength(1);
    });

    it('a copy is claimed once: another request gets copyClaimed and nothing of its change is written', async () => {
      const mailbox = newMailbox();
      const [one, two] = [await created({ record: record(mailbox) }), await created({ record: record(mailbox) })];
      const claim = (id: string) => ({ claimCopy: 'AAMkADAwATM0+/=', due: DUE, events: [event(`found-${id}`)] });
      expect((await log.write({ ...one.change, ...claim('1') }, one.etag)).kind).toBe('written');
      expect(await log.write({ ...two.change, ...claim('2') }, two.etag)).toEqual({ kind: 'copyClaimed' });
      expect(await log.events(mailbox, two.change.record.id)).toEqual([]);
      expect(await log.copyHolder(mailbox, 'AAMkADAwATM0+/=')).toBe(one.change.record.id);
    });

    it('a copy that the request holds already may be claimed by it again', async () => {
      const { change, etag } = await created();
      const first = await log.write({ ...change, claimCopy: 'copy' }, etag);
      expect((await log.write({ ...change, claimCopy: 'copy' }, etagOf(first))).kind).toBe('written');
    });

    it('ids of copies differ by case', async () => {
      const { change, etag } = await created();
      await log.write({ ...change, claimCopy: 'AAMkAb' }, etag);
      expect(await log.copyHolder(change.record.mailbox, 'AAMkAB')).toBeUndefined();
    });

    it('an idempotency key is held once', async () => {
      const mailbox = newMailbox();
      const key = { hash: 'k'.repeat(64), contentHash: 'c1' };
      const { change } = await created({ record: record(mailbox), idempotencyKey: key });
      expect(await log.keyHolder(mailbox, key.hash)).toEqual({ id: change.record.id, contentHash: 'c1' });
      const other = { record: record(mailbox), events: [], idempotencyKey: { ...key, contentHash: 'c2' } };
      expect(await log.create(other)).toEqual({ kind: 'conflict' });
      expect(await log.read(mailbox, other.record.id)).toBeUndefined();
    });

    it('requests are found by the Message-IDs that they were indexed under, without case', async () => {
      const mailbox = newMailbox();
      const [one, two] = [record(mailbox), record(mailbox)];
      await created({ record: one, indexMessageId: '<Invoice.42@contoso.com>' });
      const { etag, change } = await created({ record: two });
      await log.write({ ...change, indexMessageId: '<invoice.42@Contoso.com>' }, etag);
      await created({ record: record(mailbox, { internetMessageId: '<invoice.42@contoso.com>' }) });
      expect(await log.withMessageId(mailbox, '<invoice.42@CONTOSO.com>')).toEqual([one.id, two.id]);
      expect(await log.withMessageId(newMailbox(), '<invoice.42@contoso.com>')).toEqual([]);
    });

    it('a thousand recipients keep their order, and one report that fails half of them is written whole', async () => {
      const mailbox = newMailbox();
      const { change, etag } = await created({ record: record(mailbox), recipients: recipients(1000) });
      const { id } = change.record;
      expect(await log.recipients(mailbox, id)).toEqual(recipients(1000));
      const failed = recipients(1000).map((each, index) =>
        index % 2 ? each : { ...each, action: 'failed' as const, status: '5.1.1', diagnosticCode: `smtp;550 ${'é"'.repeat(900)}` },
      );
      const events = recipients(500).map(({ address }) => event(`failed-${address}`, { type: 'recipientFailed', recipient: address }));
      const next = await log.write({ record: change.record, events, recipients: failed, due: DUE }, etag);
      expect(next.kind).toBe('written');
      expect(await log.recipients(mailbox, id)).toEqual(failed);
      expect(await log.events(mailbox, id)).toHaveLength(500);
      expect(await log.write({ record: change.record, events, recipients: recipients(1000), due: DUE }, etag)).toEqual({
        kind: 'conflict',
      });
      expect((await log.write({ record: change.record, events, recipients: failed, due: DUE }, etagOf(next))).kind).toBe('written');
      expect(await log.recipients(mailbox, id)).toEqual(failed);
    });

    it('every mailbox name is a partition of its own', async () => {
      const names = [
        "o'brien/ops@contoso.com",
        'a#b?c\\d%2F@contoso.com',
        '~mailboxes',
        'ünï@contoso.com',
        `${'x'.repeat(400)}@contoso.com`,
        '=7E@contoso.com',
      ];
      for (const mailbox of names) {
        const { change } = await created({ record: record(mailbox) });
        expect((await log.read(mailbox, change.record.id))?.value.mailbox).toBe(mailbox);
        expect((await log.agenda(mailbox, DUE, 10)).due).toEqual([{ id: change.record.id, due: DUE }]);
      }
    });

    it('check passes while the store answers', async () => {
      await expect(log.check()).resolves.toBeUndefined();
    });

    it('a record has the time of its last write, whatever the time of what it says', async () => {
      const { change, etag } = await created();
      const { mailbox, id } = change.record;
      clock.advance(90_000);
      const of = { ...change.record, lastModifiedDateTime: '2026-01-01T00:00:00.000Z' };
      await log.write({ record: of, events: [], due: DUE }, etag);
      expect((await log.read(mailbox, id))?.value.lastModifiedDateTime).toBe(new Date(clock.now()).toISOString());
    });
  });
}
