// A report that our own account is blocked or over its quota alerts, and holds the mailbox's next mails back until its pause ends.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TENANT } from '../../../shared/domain/act/account-pause.ts';
import { Actions } from '../../../shared/usecases/act/actions.ts';
import type { InMemoryProofs } from '../../fakes/in-memory-proofs.ts';
import type { InMemoryStatusLog } from '../../fakes/in-memory-status-log.ts';
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

describe('a limit of the tenant in the middle of 200 mails over 20 mailboxes', () => {
  const CALLER = { application: 'operator', roles: ['SendRequests.Manage.All'] as const, delegated: false };
  const box = (n: number): string => `sender${n % 20}@contoso.com`;

  test('is held, probed and resumed, and one call resends what was returned: each recipient gets one copy', async () => {
    room.control.setSwitches({ externalRecipientRateLimit: 100, copiesShowTransport: true });
    for (let n = 0; n < 20; n++) room.control.putMailbox({ address: box(n), state: 'ok' });
    const posted: { id: string; mailbox: string }[] = [];
    for (let n = 0; n < 200; n++) {
      posted.push({ id: await room.post({ mailbox: box(n), to: [`person${n}@example.com`] }), mailbox: box(n) });
      if (n % 20 === 19) await pass(1);
    }
    expect(await room.context.accountPauses.current(TENANT)).toMatchObject({ reach: 'external' });
    const minutes = async (count: number) => {
      for (let minute = 0; minute < count; minute += 5) {
        await room.later(4 * MINUTE);
        await pass(1);
      }
    };
    const before = room.control.deliveries({}).length;
    const probes = () => room.telemetry.named('accountProbed').length;
    const probed = probes();
    await minutes(35);
    expect(room.control.deliveries({}).length - before).toBe(probes() - probed);
    room.control.setSwitches({ externalRecipientRateLimit: null });
    await minutes(75);
    expect(room.telemetry.named('accountPauseLifted').filter(({ scope }) => scope === 'tenant')).not.toEqual([]);
    const seen = await Promise.all(posted.map(({ id, mailbox }) => room.see(id, mailbox)));
    const returned = seen.filter(({ failureClass }) => failureClass === 'ownTenant');
    expect(returned.length).toBeGreaterThan(0);
    expect(returned.length).toBeLessThan(60);
    expect(seen.every(({ status }) => ['sent', 'closed', 'failed'].includes(status))).toBe(true);

    const actions = new Actions(room.context, room.log as InMemoryStatusLog);
    const filter = { failureClass: 'ownTenant' as const };
    const resent = await actions.byFilter(CALLER, { action: 'resend', filter, recipients: 'failed', dryRun: false });
    expect(resent.each.filter(({ result }) => result?.done)).toHaveLength(returned.length);
    await minutes(5);
    const copies: Record<string, number> = {};
    for (const { recipients } of room.control.deliveries({}))
      for (const { address } of recipients) copies[address] = (copies[address] ?? 0) + 1;
    // Of those that were returned Exchange had the first one, and nobody else.
    const first = new Set(returned.flatMap(({ recipients }) => recipients.map(({ address }) => address)));
    for (let n = 0; n < 200; n++) {
      const address = `person${n}@example.com`;
      expect(copies[address], address).toBe(first.has(address) ? 2 : 1);
    }
    for (const { record } of resent.each) expect((await room.see(record.id, record.mailbox)).resentAs).toBeDefined();
  });
});
