// Exchange Online's sending limits: what is above one waits, or comes back, and when it goes again.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { exchangeLimits } from '../../emulators/graph-mail/options.ts';
import { type Client, mailbox, simpleMessage, startClient, to } from './support/client.ts';

const HOUR = 3_600_000;

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());
beforeEach(() => {
  client.emulator.control.reset();
  client.emulator.control.clock.freeze();
});

/** Sends one mail and lets a second pass. */
async function send(recipients: Record<string, unknown>, from = mailbox): Promise<void> {
  const { status } = await client.graph('POST', `/users/${from}/sendMail`, { message: simpleMessage({ toRecipients: [], ...recipients }) });
  expect(status).toBe(202);
  await client.emulator.control.clock.advance(1000);
}

/** The outcome of each recipient, mail by mail. */
const outcomes = () =>
  client.emulator.control.deliveries().map(({ recipients }) => recipients.map(({ outcome, status }) => status ?? outcome).join(' '));

const newestReport = async (address = mailbox): Promise<string> => {
  const report = client.emulator.control.mails(address, 'inbox').at(-1);
  if (report === undefined) throw new Error('no report');
  return (await client.emulator.control.source(report)).toString().replace(/=\r\n/g, '');
};

test('mail above the message rate is taken, stays in Drafts as submitted, and goes out in later minutes: none is lost', async () => {
  const { control } = client.emulator;
  control.setSwitches({ messageRateLimit: 2 });
  for (let number = 0; number < 5; number++) {
    expect((await client.user('POST', '/sendMail', { message: simpleMessage() })).status).toBe(202);
  }
  await control.clock.advance(1000);
  const state = () => [control.deliveries().length, control.mails(mailbox, 'drafts').map(({ submitted }) => submitted)];
  expect(state()).toEqual([2, [true, true, true]]);
  await control.clock.advance(60_000);
  expect(state()).toEqual([4, [true]]);
  await control.clock.advance(60_000);
  expect(state()).toEqual([5, []]);
  expect(control.mails(mailbox, 'inbox')).toEqual([]);
});

test('the message rate is of each mailbox alone, and a draft that is deleted while it waits goes nowhere', async () => {
  const { control } = client.emulator;
  control.setSwitches({ messageRateLimit: 1 });
  await send({ toRecipients: to('alice@contoso.com') });
  await send({ toRecipients: to('alice@contoso.com') });
  await send({ toRecipients: to('alice@contoso.com') }, 'invoices@contoso.com');
  expect(control.deliveries().map((record) => record.mailbox)).toEqual([mailbox, 'invoices@contoso.com']);
  const [waiting] = control.mails(mailbox, 'drafts');
  expect((await client.user('DELETE', `/messages/${waiting?.id}`)).status).toBe(204);
  await control.clock.advance(HOUR);
  expect(control.deliveries()).toHaveLength(2);
});

test('a mail with a deferred time takes its place when it is due, not when it was submitted', async () => {
  const { control } = client.emulator;
  control.setSwitches({ messageRateLimit: 1 });
  const due = new Date(control.clock.now() + HOUR).toISOString();
  await send({ toRecipients: to('alice@contoso.com'), singleValueExtendedProperties: [{ id: 'SystemTime 0x3FEF', value: due }] });
  await send({ toRecipients: to('bob@contoso.com') });
  expect(control.deliveries().map(({ recipients }) => recipients[0]?.address)).toEqual(['bob@contoso.com']);
  await control.clock.advance(HOUR);
  expect(control.deliveries()).toHaveLength(2);
});

test('to, cc and bcc each count as a recipient, a distribution list as one, and mail that fits again goes again', async () => {
  const { control } = client.emulator;
  control.setSwitches({ recipientRateLimit: 4 });
  await send({
    toRecipients: to('expanded@contoso.com'),
    ccRecipients: to('alice@contoso.com'),
    bccRecipients: to('bob@contoso.com'),
  });
  await send({ toRecipients: to('alice@contoso.com', 'bob@contoso.com') });
  await send({ toRecipients: to('customer@example.com') });
  await send({ toRecipients: to('customer@example.com') });
  expect(outcomes()).toEqual(['delivered delivered delivered', '5.1.90 5.1.90', 'delivered', '5.1.90']);
  expect(await newestReport()).toContain(
    "Diagnostic-Code: smtp;550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients",
  );
  await send({ toRecipients: to('alice@contoso.com') }, 'invoices@contoso.com');
  await control.clock.advance(24 * HOUR - 4_000);
  await send({ toRecipients: to('alice@contoso.com', 'bob@contoso.com', 'alerts@contoso.com') });
  expect(outcomes().slice(4)).toEqual(['delivered', 'delivered delivered delivered']);
});

test('the report of the daily limit can be the other one that Microsoft documents', async () => {
  client.emulator.control.setSwitches({ recipientRateLimit: 0, recipientRateStatus: '5.2.2' });
  await send({ toRecipients: to('alice@contoso.com') });
  expect(outcomes()).toEqual(['5.2.2']);
  expect(await newestReport()).toContain("550 5.2.2 The message can't be submitted because the sender's submission quota was exceeded");
});

test.each([
  [false, '5.7.233', 'your tenant exceeded its daily limit'],
  [true, '5.7.232', 'your trial tenant has exceeded its daily limit'],
])('external recipients of all mailboxes count for the tenant, and only they come back (trial: %s)', async (trialTenant, code, text) => {
  const { control } = client.emulator;
  control.setSwitches({ externalRecipientRateLimit: 2, trialTenant });
  await send({ toRecipients: to('a@example.com', 'alice@contoso.com') });
  await send({ toRecipients: to('b@example.org') }, 'invoices@contoso.com');
  await send({ toRecipients: to('a@example.com', 'bob@contoso.com') });
  expect(outcomes()).toEqual(['delivered delivered', 'delivered', `${code} delivered`]);
  const report = await newestReport();
  expect(report).toContain(`550 ${code} Your message can't be sent because ${text} for sending email to external recipients`);
  expect(report).not.toContain('Final-Recipient: rfc822;bob@contoso.com');
  await control.clock.advance(24 * HOUR - 1_000);
  await send({ toRecipients: to('a@example.com') });
  expect(outcomes().at(-1)).toBe('delivered');
});

test('what is used up can be read, and is nothing after a reset', async () => {
  const { control } = client.emulator;
  await send({ toRecipients: to('a@example.com', 'alice@contoso.com') });
  const used = { mailboxes: { [mailbox]: { mailsThisMinute: 1, recipientsToday: 2 } }, externalRecipientsToday: 1 };
  expect(control.stats().limits).toEqual(used);
  await control.clock.advance(HOUR);
  expect(control.stats().limits.mailboxes[mailbox]).toEqual({ mailsThisMinute: 0, recipientsToday: 2 });
  await control.clock.advance(24 * HOUR);
  expect(control.stats().limits.externalRecipientsToday).toBe(0);
  control.reset();
  expect(control.stats().limits).toEqual({ mailboxes: {}, externalRecipientsToday: 0 });
});

test('no limit holds by default; with `limits` they are those of Exchange Online', async () => {
  const limited = await startClient({ limits: true });
  try {
    const numbers = ({
      messageRateLimit,
      recipientRateLimit,
      externalRecipientRateLimit,
    }: ReturnType<typeof limited.emulator.control.switches>) => ({
      messageRateLimit,
      recipientRateLimit,
      externalRecipientRateLimit,
    });
    expect(numbers(limited.emulator.control.switches())).toEqual(exchangeLimits);
    expect(numbers(client.emulator.control.switches())).toEqual({
      messageRateLimit: null,
      recipientRateLimit: null,
      externalRecipientRateLimit: null,
    });
  } finally {
    await limited.close();
  }
});
