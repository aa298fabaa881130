// A mail that Exchange has returned goes again, to those whom it did not reach: everybody gets one copy.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TENANT } from '../../../shared/domain/act/account-pause.ts';
import type { AskedRecipients } from '../../../shared/domain/act/choose-recipients.ts';
import { type BulkOrder, positionText } from '../../../shared/usecases/act/act-by-filter.ts';
import { Actions } from '../../../shared/usecases/act/actions.ts';
import type { Resent } from '../../../shared/usecases/act/resend-send-request.ts';
import type { InMemoryStatusLog } from '../../fakes/in-memory-status-log.ts';
import { DAY, MAILBOX, type Mail, type MailRoom, MINUTE, openMailRoom } from '../../support/mail-room.ts';

const CALLER = { application: 'operator', roles: ['SendRequests.Manage.All'] as const, delegated: false };
const [ADA, LOST, BOB] = ['ada@example.com', 'unknown-user@contoso.com', 'bob@example.org'] as const;
const THREE = [ADA, LOST, BOB];

let room: MailRoom;
beforeEach(async () => {
  room = await openMailRoom({ switches: { copiesShowTransport: true } });
});
afterEach(() => room.close());

const actions = () => new Actions(room.context, room.log as InMemoryStatusLog);
const resend = (id: string, recipients?: AskedRecipients): Promise<Resent> =>
  actions().resend(CALLER, { mailbox: MAILBOX, id }, { recipients }, async () => undefined);

async function settle(): Promise<void> {
  await room.work();
  await room.transport();
  await room.later(MINUTE);
  await room.reconcile();
}
async function send(mail: Mail): Promise<string> {
  const id = await room.post(mail);
  await settle();
  return id;
}
async function resent(id: string, recipients?: AskedRecipients): Promise<string> {
  const made = await resend(id, recipients);
  if (made.kind !== 'resent') throw new Error(JSON.stringify(made));
  await settle();
  return made.as.id;
}
const why = (made: Resent): string => ('problem' in made ? made.problem.message : 'why' in made ? made.why : made.kind);

/** How many copies each address was handed, and the last mail as it was handed on. */
function handedOver(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { recipients } of room.control.deliveries({}))
    for (const { address } of recipients) counts[address] = (counts[address] ?? 0) + 1;
  return counts;
}
const lastMime = (): string => String(room.control.deliveries({}).at(-1)?.mime);

const mimeMail = (mime: string): Mail =>
  ({
    format: 'mime',
    content: Buffer.from(mime),
    recipients: THREE.map((address) => ({ address, type: 'to' as const })),
  }) as Mail;

describe('one recipient of three', () => {
  test('gets the mail under a corrected address; the others get nothing more', async () => {
    const id = await send({ to: THREE });
    expect(await room.see(id)).toMatchObject({
      status: 'sent',
      recipientCounts: { failed: 1 },
      recipients: [{}, { status: '5.1.10' }, {}],
    });
    const made = await resent(id, [{ address: 'alice@contoso.com', replaces: LOST }]);
    expect(handedOver()).toEqual({ [ADA]: 1, [LOST]: 1, [BOB]: 1, 'alice@contoso.com': 1 });
    const first = await room.see(id);
    expect(first).toMatchObject({ resentAs: made, recipients: [{}, { resentAs: made }, {}] });
    expect(await room.see(made)).toMatchObject({
      status: 'sent',
      resendOf: id,
      recipients: [{ address: 'alice@contoso.com', replaces: LOST }],
    });
    const mime = lastMime();
    expect(mime).toMatch(/^To: alice@contoso\.com\r?$/m);
    expect(mime).toContain(`References: ${first.internetMessageId}`);
    expect(mime).toContain(`x-send-request-id: ${made}`);
    expect(mime).not.toMatch(/x-ms-exchange|11111111-2222|x-ms-has-attach|ada@example\.com/i);
    expect(mime).not.toContain(`x-send-request-id: ${id}`);
    expect(mime).toContain('Hello');
  });

  test('who was in Bcc gets it again, though the copy does not show whom', async () => {
    room.control.setSwitches({ copiesShowBcc: false });
    const recipients = THREE.map((address) => ({ address, type: 'bcc' as const }));
    const message = { toRecipients: [], bccRecipients: THREE.map((address) => ({ emailAddress: { address } })) };
    const id = await send({ message, recipients } as Mail);
    await resent(id, [{ address: 'alice@contoso.com', replaces: LOST }]);
    expect(handedOver()).toEqual({ [ADA]: 1, [LOST]: 1, [BOB]: 1, 'alice@contoso.com': 1 });
    expect(lastMime()).not.toContain('alice@contoso.com');
  });

  test('of MIME gets the same bytes below the header', async () => {
    const body =
      'Subject: Invoice\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGr\u00fc\u00dfe  \r\n.\r\nFrom here\r\n';
    const id = await send(mimeMail(`To: ${THREE.join(',\r\n ')}\r\n${body}`));
    const made = await resent(id, 'failed');
    expect(await room.see(made)).toMatchObject({ format: 'mime', recipients: [{ address: LOST, action: 'failed' }] });
    expect(lastMime().endsWith(body)).toBe(true);
    expect(handedOver()).toEqual({ [ADA]: 1, [LOST]: 2, [BOB]: 1 });
  });

  test('of an encrypted mail gets it again, and nobody else under a corrected address', async () => {
    const type = 'application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m';
    const id = await send(
      mimeMail(`To: ${THREE.join(', ')}\r\nSubject: Sealed\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n`),
    );
    expect(why(await resend(id, [{ address: 'alice@contoso.com', replaces: LOST }]))).toContain('another address could not read it');
    await resent(id, 'failed');
    expect(handedOver()).toEqual({ [ADA]: 1, [LOST]: 2, [BOB]: 1 });
  });
});

test.each([
  ['with a copy', true],
  ['without one', false],
])('what a blocked account has returned goes again, %s', async (_, saveToSentItems) => {
  room.control.putMailbox({ address: MAILBOX, state: 'senderBlocked' });
  const id = await send({ to: [ADA, BOB], saveToSentItems });
  expect(await room.see(id)).toMatchObject({ status: 'failed', recipients: [{ status: '5.1.8' }, { status: '5.1.8' }] });
  room.control.putMailbox({ address: MAILBOX, state: 'ok' });
  await room.context.accountPauses.lift(MAILBOX);
  const made = await resent(id);
  expect(await room.see(made)).toMatchObject({ status: 'sent', recipientCounts: { total: 2, failed: 0 } });
  expect(await room.see(id)).toMatchObject({ status: 'failed', resentAs: made });
});

test('what a limit of the tenant has returned goes again by one filter, each recipient once', async () => {
  const MAILS = 10;
  const ids: string[] = [];
  for (let n = 0; n < MAILS; n++) ids.push(await room.post({ to: [`person${n}@example.com`, 'tenant-limit@example.org'] }));
  await settle();
  await room.later(MINUTE);
  await settle();
  for (const id of ids)
    expect(await room.see(id)).toMatchObject({ recipientCounts: { failed: 1 }, recipients: [{}, { status: '5.7.233' }] });
  await room.context.accountPauses.lift(TENANT);
  const order: BulkOrder = { action: 'resend', filter: { failureClass: 'ownTenant' }, recipients: 'failed', dryRun: true };
  const dry = await actions().byFilter(CALLER, order);
  expect(dry.each.map(({ result }) => result?.detail)).toEqual(
    ids.map(() => 'to 1 recipients, with the content from its copy in Sent Items'),
  );
  for (let after: BulkOrder['after'], calls = 0; calls === 0 || after; calls++) {
    after = (await actions().byFilter(CALLER, { ...order, dryRun: false, after })).next;
    expect(calls, after && positionText(after)).toBeLessThan(10);
  }
  await settle();
  const counts = handedOver();
  for (let n = 0; n < MAILS; n++) expect(counts[`person${n}@example.com`]).toBe(1);
  expect(counts['tenant-limit@example.org']).toBe(2 * MAILS);
  expect((await actions().byFilter(CALLER, order)).each.map(({ record }) => record.resendOf).every((id) => id !== undefined)).toBe(true);
});

test('the copy is there for a resend as long as its mailbox has it; then the answer says that the content is gone', async () => {
  const id = await send({ to: THREE });
  await room.later(4 * DAY);
  await room.reconcile();
  expect((await room.see(id)).status).toBe('closed');
  const { copyId } = await room.see(id);
  const call = { mailbox: MAILBOX, clientRequestId: '11111111-2222-3333-4444-555555555555', timeoutMs: 10_000 };
  // Into Deleted Items, and out of them.
  for (let n = 0; n < 2; n++) expect(await room.context.graph.remove(call, copyId as string)).toMatchObject({ status: 204 });
  expect(why(await resend(id, 'failed'))).toContain('neither in Sent Items nor in Blob Storage');
});
