// What every status log must do with the counters of a mailbox.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMPTY_USAGE, type MailboxUsage } from '../../../shared/domain/limits/account.ts';
import type { StatusLog, WriteResult } from '../../../shared/ports/status-log.ts';
import { event, newMailbox, recipient, record } from '../../support/samples.ts';
import type { Harness } from './harness.ts';

const DUE = '2026-01-15T08:05:00.000Z';
const etagOf = (result: WriteResult): string => (result.kind === 'written' ? result.etag : `not written: ${result.kind}`);

export function describeUsage(name: string, harness: Harness<StatusLog>): void {
  describe(`counters of a mailbox: ${name}`, () => {
    let log: StatusLog;
    beforeAll(async () => {
      log = await harness.create();
    });
    afterAll(() => harness.dispose());

    const usage = (latest: number): MailboxUsage => ({ ...EMPTY_USAGE, latest });

    it('the counters of a mailbox are written with a record, or neither is', async () => {
      const first = record(newMailbox());
      const etag = etagOf(await log.create({ record: first, events: [], recipients: [recipient()], due: DUE }));
      expect(await log.usage(first.mailbox)).toBeUndefined();
      const written = await log.write({ record: { ...first, attempts: 1 }, events: [], due: DUE, usage: { usage: usage(1) } }, etag);
      expect(written).toMatchObject({ kind: 'written', usageEtag: expect.any(String) });
      const { usageEtag } = written as { usageEtag: string };
      expect(await log.usage(first.mailbox)).toEqual({ value: usage(1), etag: usageEtag });
      const next = { record: { ...first, attempts: 2 }, events: [event('x')], due: DUE };
      const refused = { kind: 'usageChanged' };
      expect(await log.write({ ...next, usage: { usage: usage(2) } }, etagOf(written))).toEqual(refused);
      expect(await log.write({ ...next, usage: { usage: usage(2), etag: 'W/"another"' } }, etagOf(written))).toEqual(refused);
      expect((await log.read(first.mailbox, first.id))?.value.attempts).toBe(1);
      expect(await log.events(first.mailbox, first.id)).toEqual([]);
      expect((await log.write({ ...next, usage: { usage: usage(2), etag: usageEtag } }, etagOf(written))).kind).toBe('written');
      expect((await log.usage(first.mailbox))?.value).toEqual(usage(2));
      // Of a record that has changed, the change of the record comes first.
      const late = { record: first, events: [], due: DUE, usage: { usage: usage(3), etag: usageEtag } };
      expect(await log.write(late, etag)).toEqual({ kind: 'conflict' });
    });

    it('the claim that creates its record tells counters that have changed from a record that is there', async () => {
      const mailbox = newMailbox();
      const change = { record: record(mailbox), events: [], recipients: [recipient()], due: DUE };
      expect((await log.create({ ...change, usage: { usage: usage(1) } })).kind).toBe('written');
      const second = { ...change, record: record(mailbox) };
      expect(await log.create({ ...second, usage: { usage: usage(2) } })).toEqual({ kind: 'usageChanged' });
      expect(await log.read(mailbox, second.record.id)).toBeUndefined();
      const stored = await log.usage(mailbox);
      const current = { usage: usage(2), etag: stored?.etag as string };
      expect(await log.create({ ...change, usage: current })).toEqual({ kind: 'conflict' });
      expect((await log.create({ ...second, usage: current })).kind).toBe('written');
    });

    it('counters are written alone under their version, however large they are', async () => {
      const mailbox = newMailbox();
      const days = Array.from({ length: 900 }, (_, bucket) => [1_965_000 + bucket, 7_000] as const);
      const account = { generation: 1, plannedUnder: { recipientsPerDay: 10 }, sent: [1], planned: [1], sentDays: days, plannedDays: days };
      const large: MailboxUsage = { ...usage(1), accounts: { bulk: account, urgent: account, 'application app': account } };
      const first = await log.writeUsage(mailbox, { usage: large });
      expect((await log.usage(mailbox))?.value).toEqual(large);
      expect(await log.writeUsage(mailbox, { usage: usage(2) })).toBe(false);
      const { etag } = first as { etag: string };
      expect(await log.writeUsage(mailbox, { usage: usage(2), etag })).toMatchObject({ etag: expect.any(String) });
      expect(await log.writeUsage(mailbox, { usage: usage(3), etag })).toBe(false);
      expect((await log.usage(mailbox))?.value).toEqual(usage(2));
    });
  });
}
