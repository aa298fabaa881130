// What every status log must do with several requests of one mailbox at a time.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change, StatusLog, WriteResult } from '../../../shared/ports/status-log.ts';
import { event, newId, newMailbox, recipient, record } from '../../support/samples.ts';
import type { Harness } from './harness.ts';

const [DUE, LATER] = ['2026-01-15T08:05:00.000Z', '2026-01-15T09:00:00.000Z'];

export interface Write {
  change: Change;
  etag: string;
}

const etagOf = (result: WriteResult): string => (result.kind === 'written' ? result.etag : `not written: ${result.kind}`);

/** Requests that are there, and for each the change that its copy was seen. */
export async function copiesSeen(log: StatusLog, mailbox: string, count: number): Promise<Write[]> {
  const all = Array.from({ length: count }, () => record(mailbox));
  const created = await Promise.all(all.map((made) => log.create({ record: made, events: [], recipients: [recipient()], due: DUE })));
  return all.map((made, n) => {
    const seen = { ...made, status: 'sent', copyId: `copy of ${made.id}` } as const;
    const change: Change = { record: seen, before: made, events: [event('found')], due: LATER, awaitsMore: false };
    return { change, etag: etagOf(created[n] as WriteResult) };
  });
}

/** What each write came to: its result, or the error. */
export const kindsOf = (results: readonly PromiseSettledResult<WriteResult>[]): string[] =>
  results.map((one) => (one.status === 'fulfilled' ? one.value.kind : String((one.reason as Error).name)));

export function describeBatches(name: string, harness: Harness<StatusLog>): void {
  describe(`status log contract, several requests at a time: ${name}`, () => {
    let log: StatusLog;
    beforeAll(async () => {
      log = await harness.create();
    });
    afterAll(() => harness.dispose());

    const statusOf = async ({ change: { record: one } }: Write) => (await log.read(one.mailbox, one.id))?.value.status;

    it('many are written and read as each would be by itself, and the versions serve the next writes', async () => {
      const mailbox = newMailbox();
      const writes = await copiesSeen(log, mailbox, 16);
      const results = await log.writeAll(mailbox, writes);
      expect(kindsOf(results)).toEqual(writes.map(() => 'written'));
      const ids = writes.map(({ change }) => change.record.id);
      const read = await log.readAll(mailbox, [...ids, newId(mailbox), ids[3] as string]);
      expect(read.map(({ value }) => value.id).toSorted()).toEqual(ids.toSorted());
      for (const { value } of read) expect(value).toMatchObject({ status: 'sent', copyId: `copy of ${value.id}` });
      expect((await log.agenda(mailbox, LATER, 100)).due.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      expect((await log.agenda(mailbox, DUE, 100)).due).toEqual([]);
      expect(await log.events(mailbox, ids[15] as string)).toHaveLength(1);
      const etags = results.map((one) => (one.status === 'fulfilled' ? etagOf(one.value) : ''));
      expect(read.map(({ etag }) => etag).toSorted()).toEqual(etags.toSorted());
      const again = writes.map(({ change }, n) => ({ change: { ...change, events: [event('again')] }, etag: etags[n] as string }));
      expect(kindsOf(await log.writeAll(mailbox, again))).toEqual(writes.map(() => 'written'));
    });

    it('one that another has changed is a conflict, and the others are written', async () => {
      const mailbox = newMailbox();
      const writes = await copiesSeen(log, mailbox, 5);
      const [, , third] = writes as [Write, Write, Write];
      await log.write({ ...third.change, record: { ...third.change.record, status: 'failed' } }, third.etag);
      expect(kindsOf(await log.writeAll(mailbox, writes))).toEqual(['written', 'written', 'conflict', 'written', 'written']);
      expect(await Promise.all(writes.map(statusOf))).toEqual(['sent', 'sent', 'failed', 'sent', 'sent']);
    });

    it('a record that is not there is a conflict, and the others are written', async () => {
      const mailbox = newMailbox();
      const writes = await copiesSeen(log, mailbox, 3);
      const gone = { ...(writes[0] as Write), change: { ...(writes[0] as Write).change, record: record(mailbox) } };
      expect(kindsOf(await log.writeAll(mailbox, [gone, ...writes]))).toEqual(['conflict', 'written', 'written', 'written']);
    });

    it('a copy that two of them claim is the first one’s, as is one that another request has claimed before', async () => {
      const mailbox = newMailbox();
      const [holder, ...writes] = (await copiesSeen(log, mailbox, 5)) as [Write, ...Write[]];
      await log.write({ ...holder.change, claimCopy: 'held' }, holder.etag);
      const claims = ['one', 'one', 'held', 'two'];
      const claiming = writes.map(({ change, etag }, n) => ({ change: { ...change, claimCopy: claims[n] as string }, etag }));
      expect(kindsOf(await log.writeAll(mailbox, claiming))).toEqual(['written', 'copyClaimed', 'copyClaimed', 'written']);
      expect(await log.copyHolder(mailbox, 'one')).toBe(writes[0]?.change.record.id);
      expect(await Promise.all(writes.map(statusOf))).toEqual(['sent', 'queued', 'queued', 'sent']);
    });

    it('of two changes of one request under one version, the first is written', async () => {
      const mailbox = newMailbox();
      const [first, second] = (await copiesSeen(log, mailbox, 2)) as [Write, Write];
      const other = { ...first, change: { ...first.change, record: { ...first.change.record, status: 'failed' as const } } };
      expect(kindsOf(await log.writeAll(mailbox, [first, other, second]))).toEqual(['written', 'conflict', 'written']);
      expect(await statusOf(first)).toBe('sent');
    });

    it('of none, none is written or read', async () => {
      expect(await log.writeAll(newMailbox(), [])).toEqual([]);
      expect(await log.readAll(newMailbox(), [])).toEqual([]);
    });
  });
}
