// Which request a report belongs to; what belongs to nobody is counted, and what anyone can have sent proves nothing.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAILBOX, type MailRoom, MINUTE, openMailRoom } from '../../support/mail-room.ts';
import { type ReportMail, reportMail } from '../../support/report-mail.ts';

let room: MailRoom;
beforeEach(async () => {
  room = await openMailRoom();
});
afterEach(() => room.close());

const ANNA = 'anna@example.com';
const BERT = 'bert@example.com';
const NDR = 'REPORT.IPM.Note.NDR';
const about = (address: string) => [{ address }];
const messageIdOf = (id: string): string => `<${id}@contoso.com>`;
const action = async (id: string) => (await room.see(id)).recipients[0]?.action;
const reportsOfNobody = () => room.telemetry.named('reportOfNobody').length;

async function receive(mail: ReportMail, itemClass: string = NDR): Promise<void> {
  await room.control.incoming({ mailbox: MAILBOX, mime: reportMail(mail), itemClass });
  await room.reconcile();
}

/** Until then a report may still find its request. */
async function afterAWhile(): Promise<void> {
  await room.later(4.5 * MINUTE);
  await room.reconcile();
}

describe('a report is matched', () => {
  let one: string;
  let two: string;
  beforeEach(async () => {
    one = await room.send({ to: [ANNA] });
    two = await room.send({ to: [ANNA] });
  });

  test('by In-Reply-To before the returned original', async () => {
    await receive({ recipients: about(ANNA), inReplyTo: messageIdOf(one), original: { messageId: messageIdOf(two) } });
    expect([await action(one), await action(two)]).toEqual(['failed', undefined]);
  });

  test('by the last of References, and never by a mail that was only answered', async () => {
    await receive({ recipients: about(ANNA), references: ['<older@example.com>', messageIdOf(one)] });
    await receive({ recipients: about(ANNA), references: [messageIdOf(two), '<a-person-answered@contoso.com>'] });
    await afterAWhile();
    expect([await action(one), await action(two)]).toEqual(['failed', undefined]);
    expect(reportsOfNobody()).toBe(1);
  });

  test("by the returned original's Message-ID, in whatever case", async () => {
    await receive({
      recipients: about(ANNA),
      inReplyTo: '<x@gateway.example.net>',
      original: { messageId: messageIdOf(two).toUpperCase() },
    });
    expect([await action(one), await action(two)]).toEqual([undefined, 'failed']);
  });

  test('by our header in the returned original, where no Message-ID tells', async () => {
    await receive({ recipients: about(ANNA), original: { messageId: '<rewritten@outlook.com>', header: two } });
    expect([await action(one), await action(two)]).toEqual([undefined, 'failed']);
  });

  test('by its original recipient, where a server rewrote the address', async () => {
    await receive({ recipients: [{ address: 'a.n.other@example.net', original: ANNA }], inReplyTo: messageIdOf(one) });
    expect(await action(one)).toBe('failed');
  });

  test('to nobody otherwise, which is counted once however often it is read, and changes nothing', async () => {
    const before = [await room.see(one), await room.see(two)].map(({ events }) => events.length);
    await room.reconcile();
    await receive({ recipients: about(ANNA), inReplyTo: '<somebody-elses@contoso.com>', original: { header: '0'.repeat(28) } });
    for (let run = 0; run < 8; run++) await afterAWhile();
    expect(reportsOfNobody()).toBe(1);
    expect([await action(one), await action(two)]).toEqual([undefined, undefined]);
    expect([await room.see(one), await room.see(two)].map(({ events }) => events.length)).toEqual(before.map((count) => count + 1));
  });
});

describe('where callers have set the same Message-ID', () => {
  const SHARED = '<invoice-4711@app.contoso.com>';
  const send = (to: string, internetMessageId = SHARED) => room.send({ to: [to], internetMessageId, message: { internetMessageId } });

  test('the recipient tells which one a report is about', async () => {
    const [one, two] = [await send(ANNA), await send(BERT)];
    await receive({ recipients: about(BERT), inReplyTo: SHARED });
    expect([await action(one), await action(two)]).toEqual([undefined, 'failed']);
  });

  test('our header tells, also where the recipients are the same', async () => {
    const [one, two] = [await send(ANNA), await send(ANNA)];
    await receive({ recipients: about(ANNA), inReplyTo: SHARED, original: { messageId: SHARED, header: one } });
    expect([await action(one), await action(two)]).toEqual(['failed', undefined]);
  });

  test('it is not guessed where nothing tells', async () => {
    const [one, two] = [await send(ANNA), await send(ANNA)];
    await receive({ recipients: about(ANNA), inReplyTo: SHARED });
    await afterAWhile();
    expect([await action(one), await action(two)]).toEqual([undefined, undefined]);
    expect(reportsOfNobody()).toBe(1);
  });

  test('in another case, the one that has it exactly is meant', async () => {
    const [one, two] = [await send(ANNA), await send(ANNA, SHARED.toUpperCase())];
    await receive({ recipients: about(ANNA), inReplyTo: SHARED });
    expect([await action(one), await action(two)]).toEqual(['failed', undefined]);
    await receive({ recipients: about(ANNA), inReplyTo: SHARED.toUpperCase() });
    expect(await action(two)).toBe('failed');
  });
});

describe('a mail that merely looks like a report', () => {
  const blocked = { status: '5.1.8', diagnostic: '550 5.1.8 Access denied, bad outbound sender' };
  const forged = (id: string): ReportMail => ({
    recipients: [{ address: ANNA, ...blocked }],
    inReplyTo: messageIdOf(id),
    original: { header: id },
  });

  test('is on record with the doubt that it deserves, and pauses nothing', async () => {
    const id = await room.send({ to: [ANNA] });
    await receive(forged(id), 'IPM.Note');
    expect(await room.see(id)).toMatchObject({ recipients: [{ action: 'failed', status: '5.1.8', evidence: 'mail' }] });
    expect(await room.see(id)).not.toHaveProperty('proof');
    expect(room.telemetry.named('ownAccountFailure')).toEqual([]);
    expect(await room.context.accountPauses.current(MAILBOX)).toBeUndefined();
  });

  test("settles no doubt; Exchange's own report does", async () => {
    room.control.faults.add({ operation: 'sendMail', when: 'after', times: 1, answer: 'reset', effects: { hiddenFor: 10 * 60 * MINUTE } });
    const id = await room.send({ to: [ANNA] });
    expect((await room.see(id)).status).toBe('inDoubt');
    await receive(forged(id), 'IPM.Note');
    expect((await room.see(id)).status).toBe('inDoubt');
    await receive({ recipients: about(ANNA), inReplyTo: messageIdOf(id) });
    const { status, events, recipients } = await room.see(id);
    expect(status).toBe('failed');
    expect(recipients[0]).toMatchObject({ status: '5.1.1', evidence: 'exchangeReport' });
    expect(events.map(({ type }) => type)).toContain('reportReceived');
  });

  test("is overruled by Exchange's own word, which takes the failure of the request back", async () => {
    const id = await room.send({ to: [ANNA] });
    await receive(forged(id), 'IPM.Note');
    expect((await room.see(id)).status).toBe('failed');
    await receive(
      { recipients: [{ address: ANNA, action: 'delivered', status: '2.0.0' }], inReplyTo: messageIdOf(id) },
      'REPORT.IPM.Note.DR',
    );
    expect(await room.see(id)).toMatchObject({ status: 'closed', recipients: [{ action: 'delivered', evidence: 'exchangeReport' }] });
  });
});
