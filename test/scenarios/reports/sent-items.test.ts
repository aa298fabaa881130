// Step 4 of a Graph mail: its copy is seen in Sent Items or wherever it went, expired tokens and old mail notwithstanding.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY, HOUR, MAILBOX, type MailRoom, MINUTE, openMailRoom } from '../../support/mail-room.ts';

let room: MailRoom;
beforeEach(async () => {
  room = await openMailRoom();
});
afterEach(() => room.close());

const types = async (id: string) => (await room.see(id)).events.map(({ type }) => type);
const SENT = ['enqueued', 'submissionStarted', 'submissionAccepted', 'foundInSentItems'];

/** What the next mail's copy does. */
const copyOfNextMail = (effects: Record<string, unknown>) =>
  room.control.faults.add({ operation: 'sendMail', when: 'after', times: 1, answer: 'normal', effects });

/** Requests to Graph that `act` costs. */
async function costs(act: () => Promise<unknown>): Promise<{ delta: number; all: number }> {
  const before = room.requests();
  await act();
  const after = room.requests();
  const of = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
  return { delta: of('delta'), all: Object.keys(after).reduce((sum, name) => sum + of(name), 0) };
}

describe('Sent Items', () => {
  test('a copy is seen once, however often the delta query repeats it', async () => {
    const id = await room.send();
    await room.reconcile();
    expect((await room.see(id)).status).toBe('sent');
    const [copy] = room.control.mails(MAILBOX, 'sentitems');
    for (let change = 0; change < 3; change++) {
      if (copy) room.control.mailbox(MAILBOX).change(copy, { isRead: change % 2 === 0 }, room.context.clock.now());
      await room.later(MINUTE);
      await room.reconcile();
    }
    expect(await types(id)).toEqual(SENT);
  });

  test('a first run on a mailbox with 100,000 old mails reads one page of them', async () => {
    room.control.seed(MAILBOX, 'sentitems', 100_000);
    const id = await room.send();
    expect(await costs(() => room.reconcile())).toMatchObject({ delta: 1 });
    expect((await room.see(id)).status).toBe('sent');
    const next = await room.send();
    expect(await costs(() => room.reconcile())).toMatchObject({ delta: 1 });
    expect((await room.see(next)).status).toBe('sent');
  });

  test('an expired token starts again with a bounded window, and misses no copy that was filed meanwhile', async () => {
    room.control.seed(MAILBOX, 'sentitems', 20_000);
    const first = await room.send();
    await room.reconcile();
    room.control.stages.hold({ stage: 'file' });
    const held = await room.send();
    await room.later(20 * HOUR);
    await room.control.stages.release({ stage: 'file' });
    const second = await room.send();
    room.control.expireDeltaTokens();
    // The refused request, and the pages since the oldest mail that is still followed: 22 hours of one mail a minute at most.
    expect((await costs(() => room.reconcile())).delta).toBeLessThanOrEqual(1 + Math.ceil((22 * 60) / 200));
    for (const id of [first, held, second]) expect(await types(id)).toEqual(SENT);
    expect((await room.watched())?.error).toBeUndefined();
    await room.send();
    expect(await costs(() => room.reconcile())).toMatchObject({ delta: 1 });
  });

  test('a token that expires between two pages starts again as well', async () => {
    room.control.seed(MAILBOX, 'sentitems', 1_000);
    const old = await room.post();
    await room.later(20 * HOUR);
    await room.work();
    await room.transport();
    room.control.faults.add({ operation: 'delta', skip: 1, times: 1, answer: { status: 410, code: 'SyncStateNotFound' } });
    await room.reconcile();
    expect((await room.see(old)).status).toBe('sent');
  });
});

describe('a copy that never came to Sent Items', () => {
  test('is found in the folder that a rule moved it to', async () => {
    copyOfNextMail({ copyMovedTo: 'Archive' });
    const id = await room.send();
    await room.reconcile();
    expect((await room.see(id)).status).toBe('accepted');
    await room.later(10 * MINUTE);
    await room.reconcile();
    const { status, events } = await room.see(id);
    expect(status).toBe('sent');
    expect(events.at(-1)).toMatchObject({ type: 'foundInSentItems', detail: 'found by mark' });
  });

  test('is found and removed there where the caller wanted no copy', async () => {
    copyOfNextMail({ copyMovedTo: 'Archive' });
    const id = await room.send({ saveToSentItems: false });
    await room.later(10 * MINUTE);
    await room.reconcile();
    await room.later(MINUTE);
    await room.reconcile();
    expect(await types(id)).toContain('copyRemoved');
    expect(room.control.mails(MAILBOX, 'Archive')).toEqual([]);
  });

  test('is searched for a few times, then it is unaccounted, and the outcome says what was not seen', async () => {
    copyOfNextMail({ copyRemoved: true });
    const id = await room.send();
    const all = await costs(async () => {
      for (let hour = 0; hour <= 73; hour++) {
        await room.reconcile();
        await room.later(HOUR);
      }
    });
    const { status, events, recipients } = await room.see(id);
    expect(status).toBe('unaccounted');
    expect(events.at(-1)).toMatchObject({
      type: 'reportWindowClosed',
      detail: 'no report within 3 days, and its copy was never seen in Sent Items',
    });
    expect(recipients).toEqual([{ address: 'customer@example.com', type: 'to' }]);
    // Two calls in each visit, and five searches of three calls.
    expect(all.all).toBeLessThanOrEqual(74 * 2 + 5 * 3 + 1);
  });
});

describe('a report before the copy', () => {
  test('that fails the mail does not keep its copy from being removed', async () => {
    room.control.stages.hold({ stage: 'file' });
    const id = await room.send({ to: ['unknown-user@example.org'], saveToSentItems: false });
    await room.reconcile();
    expect(await room.see(id)).toMatchObject({ status: 'failed', proof: 'exchangeReport' });
    await room.control.stages.release({ stage: 'file' });
    await room.transport();
    await room.later(MINUTE);
    await room.reconcile();
    expect((await types(id)).slice(-2)).toEqual(['foundInSentItems', 'copyRemoved']);
    expect(room.control.mails(MAILBOX, 'sentitems')).toEqual([]);
    expect((await room.see(id)).status).toBe('failed');
  });

  test('finds its request later, once the copy has told the Message-ID that Exchange gave the mail', async () => {
    room.control.setSwitches({ rewriteMessageIds: true, dropHeaders: true });
    room.control.stages.hold({ stage: 'file' });
    const id = await room.send({ to: ['unknown-user@example.org'] });
    await room.reconcile();
    expect((await room.see(id)).status).toBe('accepted');
    await room.control.stages.release({ stage: 'file' });
    await room.transport();
    await room.later(MINUTE);
    await room.reconcile();
    expect(await room.see(id)).toMatchObject({ status: 'failed', recipients: [{ action: 'failed', evidence: 'exchangeReport' }] });
    expect(room.telemetry.named('reportOfNobody')).toEqual([]);
  });

  test('proves that the mail was submitted, though its copy is never seen', async () => {
    copyOfNextMail({ copyRemoved: true });
    const id = await room.send({ to: ['unknown-user@example.org', 'customer@example.com'] });
    await room.reconcile();
    await room.later(3 * DAY);
    await room.reconcile();
    const { status, events } = await room.see(id);
    expect(status).toBe('closed');
    expect(events.at(-1)?.detail).toBe('no further report within 3 days');
  });
});
