// The agenda of a visit, kept up to date with what the visit itself has written: as if it were read again, or not at all.
import { describe, expect, test } from 'vitest';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { changeOf } from '../../../shared/usecases/log/write-log.ts';
import { agendaAfter, agendaOf } from '../../../shared/usecases/reconcile/agenda.ts';
import { reconcileMailboxes } from '../../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { recipient, record } from '../../support/samples.ts';
import { content, HOUR, MAILBOX, MINUTE, Stage } from './stage.ts';

const WINDOW = '2026-03-01T00:00:00.000Z';

/** Requests of this mailbox; those that are `sent` wait for the end of their report window only. */
async function open(stage: Stage, statuses: readonly SendRequestRecord['status'][]): Promise<SendRequestRecord[]> {
  const made = statuses.map((status) =>
    record(MAILBOX, { status, createdDateTime: stage.now(), acceptedDateTime: stage.now(), reportWindowEnds: WINDOW }),
  );
  for (const one of made) await stage.log.create(changeOf(one, [], [recipient()]));
  return made;
}

async function write(stage: Stage, changed: SendRequestRecord): Promise<void> {
  const stored = await stage.log.read(MAILBOX, changed.id);
  await stage.log.write(changeOf(changed, []), stored?.etag ?? '');
}

describe('after changes of the visit itself', () => {
  test.each<[string, (one: SendRequestRecord) => SendRequestRecord]>([
    ['sent', (one) => ({ ...one, status: 'sent' })],
    ['sent, with a copy to remove', (one) => ({ ...one, status: 'sent', copyToRemove: true })],
    ['closed', (one) => ({ ...one, status: 'closed' })],
  ])('it is what the log would say: two of four are now %s', async (_what, change) => {
    const stage = new Stage();
    const made = await open(stage, ['accepted', 'sent', 'accepted', 'queued']);
    const before = await agendaOf(stage.context, MAILBOX);
    const changed = [made[0], made[2]].map((one) => change(one as SendRequestRecord));
    for (const one of changed) await write(stage, one);
    stage.clock.advance(MINUTE);
    const now = await agendaOf(stage.context, MAILBOX);
    const after = agendaAfter(before, changed, stage.now());
    const sorted = (agenda: typeof now | undefined) =>
      [agenda?.due, agenda?.awaiting, agenda?.others].map((some) => some?.map(({ id }) => id).toSorted());
    expect(sorted(after)).toEqual(sorted(now));
    expect(after?.nextDue).toBe(now.nextDue);
  });

  test('it is read again if it was cut, or if what comes next is not on it', async () => {
    const stage = new Stage();
    const [one, two] = (await open(stage, ['sent', 'sent'])) as [SendRequestRecord, SendRequestRecord];
    const { isWhole: _, ...some } = await agendaOf(stage.context, MAILBOX);
    expect(agendaAfter({ ...some, isWhole: true, isCut: true }, [], stage.now())).toBeUndefined();
    expect(agendaAfter(some, [one, two], stage.now())).toBeUndefined();
    expect(agendaAfter(some, [one], stage.now())?.nextDue).toBe(two.reportWindowEnds);
  });
});

describe('a visit reads it', () => {
  const readings = (stage: Stage) => stage.calls.splice(0).filter((call) => ['log.agenda', 'log.comparedAgenda'].includes(call));

  test('once, whether or not it finds copies, and once a day with all open requests', async () => {
    const stage = new Stage();
    for (let n = 0; n < 3; n++) await stage.post({ content: content(`mail ${n}`) });
    await stage.deliverAll();
    await reconcileMailboxes(stage.context);
    expect(readings(stage)).toEqual(['log.comparedAgenda']);
    stage.clock.advance(MINUTE);
    await reconcileMailboxes(stage.context);
    expect(readings(stage)).toEqual(['log.agenda']);
    stage.clock.advance(24 * HOUR);
    await reconcileMailboxes(stage.context);
    expect(readings(stage)).toEqual(['log.comparedAgenda']);
  });

  test('again after it has read a mail that may be a report, or has failed', async () => {
    const stage = new Stage();
    await stage.post();
    await stage.deliver();
    stage.graph.receive(MAILBOX, { mime: Buffer.from('Subject: Undeliverable\r\n\r\nHello'), looksLikeReport: true });
    await reconcileMailboxes(stage.context);
    expect(readings(stage)).toEqual(['log.comparedAgenda', 'log.agenda']);
    stage.clock.advance(MINUTE);
    stage.graph.answerNext('listReports', { kind: 'answered', status: 503 });
    await reconcileMailboxes(stage.context);
    expect(readings(stage)).toEqual(['log.agenda', 'log.agenda']);
  });

  test.each(['graph.sentItemsDelta', 'registry.save'] as const)('and misses nothing that becomes due in the visit, at %s', async (call) => {
    const stage = new Stage();
    await stage.post();
    await stage.deliver();
    stage.graph.items.splice(0);
    await reconcileMailboxes(stage.context);
    // The search for the copy becomes due ten minutes after the acceptance.
    stage.clock.advance(10 * MINUTE - 1);
    stage.before(call, () => stage.clock.advance(2));
    await reconcileMailboxes(stage.context);
    await reconcileMailboxes(stage.context);
    expect(stage.graph.calls.filter(({ operation }) => operation === 'findByMark')).toHaveLength(1);
  });
});
