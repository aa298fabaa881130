// Exchange's message trace, where it is switched on: what became of each recipient, what it settles, and what it costs.
import { afterEach, describe, expect, test } from 'vitest';
import { DAY, HOUR, MAILBOX, type MailRoom, MINUTE, openMailRoom } from '../../support/mail-room.ts';
import { reportMail } from '../../support/report-mail.ts';

let room: MailRoom;
afterEach(() => room.close());
const open = async (options: Parameters<typeof openMailRoom>[0] = {}) => {
  room = await openMailRoom({ ...options, rules: { messageTrace: true, ...options.rules } });
};
const actions = async (id: string) => (await room.see(id)).recipients.map(({ action, evidence }) => `${action} ${evidence}`);
const copyOfNextMail = (effects: Record<string, unknown>) =>
  room.control.faults.add({ operation: 'sendMail', when: 'after', times: 1, answer: 'normal', effects });
const SHARED = '<invoice-4711@app.contoso.com>';

describe('message trace', () => {
  test('tells for each recipient what no report tells, and is marked as the evidence', async () => {
    await open();
    const to = [
      'customer@example.com',
      'bob@contoso.com',
      'quarantined@example.org',
      'filtered-as-spam@example.org',
      'expanded@contoso.com',
    ];
    const id = await room.send({ to });
    await room.later(MINUTE);
    await room.reconcile();
    expect(await actions(id)).toEqual([
      'delivered messageTrace',
      'delivered messageTrace',
      'quarantined messageTrace',
      'filteredAsSpam messageTrace',
      'expanded messageTrace',
    ]);
    expect(await room.see(id)).toMatchObject({ status: 'sent', proof: 'messageTrace', recipientCounts: { delivered: 2, quarantined: 1 } });
  });

  test("does not take the place of Exchange's own report, which says more; and that takes its place", async () => {
    await open({ switches: { messageTraceDelay: 10 * MINUTE } });
    const [early, late] = [await room.send({ to: ['unknown-user@example.org'] }), await room.send()];
    await room.reconcile();
    const before = (await room.see(early)).recipients;
    expect(before).toMatchObject([{ action: 'failed', status: '5.1.1', evidence: 'exchangeReport' }]);
    await room.later(11 * MINUTE);
    await room.reconcile();
    expect((await room.see(early)).recipients).toEqual(before);
    expect(await actions(late)).toEqual(['delivered messageTrace']);
    const mime = reportMail({ recipients: [{ address: 'customer@example.com', status: '5.7.1' }], inReplyTo: `<${late}@contoso.com>` });
    await room.control.incoming({ mailbox: MAILBOX, mime, itemClass: 'REPORT.IPM.Note.NDR' });
    await room.reconcile();
    expect(await actions(late)).toEqual(['failed exchangeReport']);
  });

  test('settles a doubt that no look can settle', async () => {
    await open({ rules: { graphRights: 'send' } });
    room.control.faults.add({ operation: 'sendMail', when: 'after', times: 1, answer: 'reset' });
    const id = await room.send();
    expect((await room.see(id)).status).toBe('inDoubt');
    await room.later(MINUTE);
    await room.reconcile();
    expect(await room.see(id)).toMatchObject({ status: 'accepted', recipients: [{ action: 'delivered', evidence: 'messageTrace' }] });
    await room.later(10 * MINUTE);
    await room.work();
    expect(room.control.deliveries({ mailbox: MAILBOX })).toHaveLength(1);
  });

  test('accounts for a mail whose copy nobody kept', async () => {
    await open();
    copyOfNextMail({ copyRemoved: true });
    const id = await room.send();
    await room.later(MINUTE);
    await room.reconcile();
    expect(await room.see(id)).toMatchObject({ status: 'accepted', proof: 'messageTrace' });
    await room.later(3 * DAY);
    await room.reconcile();
    expect((await room.see(id)).status).toBe('closed');
  });

  test('accounts for a mail also after it ended unaccounted', async () => {
    await open({ switches: { messageTraceDelay: 4 * DAY } });
    copyOfNextMail({ copyRemoved: true });
    const id = await room.send();
    await room.reconcile();
    await room.later(3 * DAY + HOUR);
    await room.reconcile();
    expect((await room.see(id)).status).toBe('unaccounted');
    await room.later(13 * HOUR);
    await room.reconcile();
    await room.later(13 * HOUR);
    await room.reconcile();
    expect(await room.see(id)).toMatchObject({ status: 'closed', recipients: [{ action: 'delivered' }] });
  });

  test('tells mails with the same Message-ID apart by their recipients', async () => {
    await open();
    const send = (to: string) => room.send({ to: [to], internetMessageId: SHARED, message: { internetMessageId: SHARED } });
    const [one, two] = [await send('quarantined@example.org'), await send('customer@example.com')];
    await room.later(MINUTE);
    await room.reconcile();
    expect([await actions(one), await actions(two)]).toEqual([['quarantined messageTrace'], ['delivered messageTrace']]);
    expect(await room.see(one)).not.toHaveProperty('proof');
  });

  test('that changes its mind is followed: held in quarantine, then released', async () => {
    await open();
    const id = await room.send({ to: ['quarantined@example.org'] });
    await room.later(MINUTE);
    await room.reconcile();
    expect(await actions(id)).toEqual(['quarantined messageTrace']);
    const [record] = room.control.deliveries({ mailbox: MAILBOX });
    const [recipient] = (record?.recipients ?? []) as { trace?: string }[];
    if (recipient) recipient.trace = 'delivered';
    await room.later(HOUR);
    await room.reconcile();
    expect(await actions(id)).toEqual(['delivered messageTrace']);
  });
});

describe('what it costs', () => {
  const traces = () => room.requests()['messageTraces'] ?? 0;

  test('one request in five minutes for a mailbox, however many mails it sends; nothing is written twice', async () => {
    await open();
    const ids = [];
    for (let mail = 0; mail < 20; mail++) ids.push(await room.send());
    const before = traces();
    for (let minute = 0; minute < 60; minute++) {
      await room.later(MINUTE);
      await room.reconcile();
    }
    expect(traces() - before).toBeLessThanOrEqual(13);
    for (const id of ids) expect((await room.see(id)).events.filter(({ type }) => type === 'recipientDelivered')).toHaveLength(1);
  });

  test('a refused trace is told, and everything else goes on', async () => {
    await open({ switches: { graphRoles: ['Mail.Send', 'Mail.ReadWrite'] } });
    const id = await room.send({ to: ['unknown-user@example.org'] });
    await room.reconcile();
    expect((await room.see(id)).status).toBe('failed');
    expect(room.telemetry.named('messageTraceUnreadable')).toMatchObject([{ mailbox: MAILBOX, reason: expect.stringContaining('403') }]);
  });

  test('off, which is the default, it is never asked for', async () => {
    await open({ rules: { messageTrace: false } });
    const id = await room.send();
    for (let minute = 0; minute < 10; minute++) {
      await room.later(MINUTE);
      await room.reconcile();
    }
    expect(traces()).toBe(0);
    expect((await room.see(id)).recipients).toEqual([{ address: 'customer@example.com', type: 'to' }]);
  });
});
