// A report that our own account is blocked or over its quota alerts, and holds the mailbox's next mails back until its pause ends.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { InMemoryProofs } from '../../fakes/in-memory-proofs.ts';
import { HOUR, MAILBOX, type MailRoom, MINUTE, openMailRoom } from '../../support/mail-room.ts';
import { reportMail } from '../../support/report-mail.ts';

let room: MailRoom;
beforeEach(async () => {
  room = await openMailRoom();
});
afterEach(() => room.close());

const transported = (mailbox = MAILBOX) => room.control.deliveries({ mailbox }).length;
const setState = (state: 'ok' | 'senderBlocked' | 'overQuota') => room.control.putMailbox({ address: MAILBOX, state });
const OTHER = 'invoices@contoso.com';

/** Time goes on, a minute at a time; worker and reconciler do what is due. */
async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await room.later(MINUTE);
    await room.work();
    await room.transport();
    await room.reconcile();
  }
}

async function block(state: 'senderBlocked' | 'overQuota' = 'senderBlocked'): Promise<string> {
  setState(state);
  const id = await room.send();
  await room.reconcile();
  return id;
}

test.each([
  ['senderBlocked', '5.1.8', 'the sending account is blocked for sending spam'],
  ['overQuota', '5.2.2', "the sending account's submission quota is exceeded"],
] as const)('%s: one mail finds out, and operators are told once', async (state, statusCode, meaning) => {
  const id = await block(state);
  expect(await room.see(id)).toMatchObject({ status: 'failed', recipients: [{ status: statusCode, evidence: 'exchangeReport' }] });
  const [told, ...more] = room.telemetry.named('ownAccountFailure');
  expect(told).toMatchObject({ sendRequestId: id, mailbox: MAILBOX, statusCode, reason: expect.stringContaining(meaning) });
  expect(more).toEqual([]);
});

test('a hundred mails do not run into a blocked account; other mailboxes go on; once it is unblocked they go out, one after the other', async () => {
  await block();
  const ids = [];
  for (let mail = 0; mail < 100; mail++) ids.push(await room.post());
  const other = await room.send({ mailbox: OTHER });
  await pass(45);
  const probes = room.telemetry.named('accountProbed').map(({ sendRequestId }) => sendRequestId as string);
  expect(probes).toHaveLength(2);
  expect(transported()).toBe(3);
  expect(transported(OTHER)).toBe(1);
  expect((await room.see(other, OTHER)).status).toBe('sent');
  for (const id of probes) expect((await room.see(id)).status).toBe('failed');
  const held = await room.see(ids.at(-1) as string);
  expect(held).toMatchObject({ status: 'queued', attempts: 0 });
  expect(held.events.at(-1)).toMatchObject({ type: 'submissionHeld', detail: expect.stringContaining('5.1.8') });

  setState('ok');
  let before = transported();
  for (let minute = 0; minute < 50 && transported() < 101; minute++) {
    await pass(1);
    expect(transported() - before).toBeLessThanOrEqual(2 * 30);
    before = transported();
  }
  expect(transported()).toBe(101);
  await pass(1);
  expect(room.telemetry.named('accountPauseLifted')).toHaveLength(1);
  for (const id of ids) expect((await room.see(id)).status).toBe(probes.includes(id) ? 'failed' : 'sent');
});

test('an account that is still blocked after the pause costs a few mails an hour, those that probe', async () => {
  await block();
  for (let mail = 0; mail < 100; mail++) await room.post();
  await pass(75);
  expect(transported()).toBeLessThanOrEqual(4);
  expect(room.telemetry.named('ownAccountFailure').length).toBeLessThanOrEqual(4);
});

test('a pause that is lifted by hand ends within a quarter of an hour, and old reports do not bring it back', async () => {
  await block();
  const id = await room.post();
  await pass(2);
  setState('ok');
  await room.context.accountPauses.lift(MAILBOX);
  await pass(14);
  expect((await room.see(id)).status).toBe('sent');
  expect(await room.context.accountPauses.current(MAILBOX)).toBeUndefined();
});

test('a mail whose lifetime ends during the pause expires in time', async () => {
  await block();
  await room.post();
  const sendBefore = new Date(room.context.clock.now() + 20 * MINUTE).toISOString();
  const id = await room.post({ sendBefore });
  await pass(21);
  expect((await room.see(id)).status).toBe('expired');
});

test('a report that comes to light after its pause would have ended is told, and pauses nothing', async () => {
  const id = await room.send();
  await room.reconcile();
  const mime = reportMail({ recipients: [{ address: 'customer@example.com', status: '5.7.705' }], inReplyTo: `<${id}@contoso.com>` });
  await room.control.incoming({ mailbox: MAILBOX, mime, itemClass: 'REPORT.IPM.Note.NDR' });
  await room.later(2 * HOUR);
  await room.reconcile();
  expect(room.telemetry.named('ownAccountFailure')).toHaveLength(1);
  expect(await room.context.accountPauses.current(MAILBOX)).toBeUndefined();
});

test.each([
  ["another organisation's server", { status: '5.7.505', remoteMta: 'mx.example.org' }],
  ["the recipient's full mailbox", { status: '5.2.2', diagnostic: '554 5.2.2 mailbox full' }],
])('%s blocks nobody', async (_, line) => {
  const id = await room.send();
  const mime = reportMail({ recipients: [{ address: 'customer@example.com', ...line }], inReplyTo: `<${id}@contoso.com>` });
  await room.control.incoming({ mailbox: MAILBOX, mime, itemClass: 'REPORT.IPM.Note.NDR' });
  await room.reconcile();
  expect((await room.see(id)).status).toBe('failed');
  expect(await room.context.accountPauses.current(MAILBOX)).toBeUndefined();
});

test('while nobody has shown that this tenant tells reports apart, a report alerts, and pauses nothing', async () => {
  (room.context.proofs as InMemoryProofs).proven.delete('reports');
  await block();
  expect(room.telemetry.named('ownAccountFailure')).toHaveLength(1);
  expect(await room.context.accountPauses.current(MAILBOX)).toBeUndefined();
});

test("a stranger's report neither alerts nor pauses, though it arrives with Exchange's own class", async () => {
  room.control.setSwitches({ strangersGetReportClass: true });
  const id = await room.send();
  await room.reconcile();
  const { internetMessageId } = await room.see(id);
  const mime = reportMail({
    ofOwnOrganization: false,
    inReplyTo: internetMessageId,
    recipients: [{ address: 'customer@example.com', status: '5.1.8', diagnostic: '550 5.1.8 Access denied, bad outbound sender' }],
  });
  const item = await room.control.incoming({ mailbox: MAILBOX, mime: `X-MS-Exchange-Organization-AuthAs: Internal\r\n${mime}` });
  expect(item.itemClass).toBe('REPORT.IPM.Note.NDR');
  await room.later(MINUTE);
  await room.reconcile();
  expect(await room.see(id)).toMatchObject({ recipients: [{ action: 'failed', evidence: 'mail' }] });
  expect(room.telemetry.named('ownAccountFailure')).toEqual([]);
  expect(await room.context.accountPauses.current(MAILBOX)).toBeUndefined();
});
