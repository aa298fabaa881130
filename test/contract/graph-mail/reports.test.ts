// Reports: what each magic recipient brings, in the shape in which Exchange and others write it.
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { magicRecipients } from '../../emulators/graph-mail/reports/magic-recipients.ts';
import { type Client, mailbox, mimeBody, simpleMessage, simpleMime, startClient, to } from './support/client.ts';
import { tableRows } from './support/readme.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.reset());

const receipts = { isReadReceiptRequested: true, isDeliveryReceiptRequested: true };

/** Sends to these recipients and returns the reports as a mailbox holds them. */
async function reportsFor(addresses: string[], more: Record<string, unknown> = receipts) {
  const { control } = client.emulator;
  const message = simpleMessage({ toRecipients: to(...addresses), internetMessageId: '<orig@contoso.com>', ...more });
  expect((await client.user('POST', '/sendMail', { message })).status).toBe(202);
  control.clock.freeze();
  await control.clock.advance(10_000);
  control.clock.unfreeze();
  await control.settled();
  const items = [...control.mails(mailbox, 'inbox'), ...control.mails(mailbox, 'junkemail')];
  return Promise.all(
    items.map(async (item) => {
      const source = (await control.source(item)).toString();
      const mail = await PostalMime.parse(source);
      const status = /Content-Type: message\/(?:delivery-status|disposition-notification)\r\n\r\n([\s\S]*?)\r\n--/.exec(source)?.[1] ?? '';
      return { item, source, mail, status };
    }),
  );
}

const classes: Record<string, string> = {
  failed: 'NDR',
  delayed: 'Delayed.DR',
  delivered: 'DR',
  relayed: 'Relayed.DR',
  expanded: 'Expanded.DR',
  read: 'IPNRN',
  notRead: 'IPNNRN',
};

test.each(magicRecipients)('$localPart@: $meaning', async (row) => {
  const address = `${row.localPart}+1@fabrikam.com`;
  const found = await reportsFor([address]);
  const expected = row.reports.flatMap((plan) =>
    Array<string>(plan.copies ?? 1).fill(
      plan.kind === 'outOfOffice'
        ? 'IPM.Note.Rules.OofTemplate.Microsoft'
        : classes[plan.kind] === undefined || ['postfix', 'textOnly', 'flattened'].includes(plan.style ?? '')
          ? 'IPM.Note'
          : `REPORT.IPM.Note.${classes[plan.kind]}`,
    ),
  );
  expect(found.map(({ item }) => item.itemClass)).toEqual(expected);
  for (const { source, mail } of found) {
    expect(source).toContain(address);
    expect(mail.headers.length).toBeGreaterThan(5);
  }
  const [record] = client.emulator.control.deliveries();
  expect(record?.recipients[0]?.outcome).toBe(row.delivered ? 'delivered' : 'failed');
});

test('the README lists every magic recipient', () => {
  expect(tableRows('Magic recipients')).toEqual(magicRecipients.map(({ localPart, meaning }) => [localPart, meaning]));
});

test('a non-delivery report has the parts and headers of an Exchange Online one', async () => {
  const [report] = await reportsFor(['unknown-user@fabrikam.com'], { internetMessageHeaders: [{ name: 'x-queue-id', value: 'q1' }] });
  const value = (name: string) => report?.mail.headers.find(({ key }) => key === name)?.value;
  expect(value('x-ms-exchange-message-is-ndr')).toBe('');
  expect([value('auto-submitted'), value('in-reply-to'), value('references')]).toEqual([
    'auto-replied',
    '<orig@contoso.com>',
    '<orig@contoso.com>',
  ]);
  expect(value('content-type')).toMatch(/^multipart\/report; report-type=delivery-status;/);
  expect([report?.mail.subject, report?.item.from?.name]).toEqual(['Undeliverable: Invoice 4711', 'Microsoft Outlook']);
  expect(report?.status.split('\r\n').filter((line) => /^(Final|Action|Status|Diag|Remote)/.test(line))).toEqual([
    'Final-Recipient: rfc822;unknown-user@fabrikam.com',
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp;550 5.1.1 <unknown-user@fabrikam.com>: Recipient address rejected: User unknown in virtual mailbox table',
    'Remote-MTA: dns;mx1.fabrikam.com',
  ]);
  expect(report?.source).toMatch(/Content-Type: message\/rfc822\r\n\r\nReceived: [\s\S]*x-queue-id: q1/i);
  expect(report?.mail.text).toContain('Diagnostic information for administrators:');
  expect(report?.mail.text).toMatch(/Original message headers:[\s\S]*Message-ID: <orig@contoso.com>/);
});

test('recipients that one server speaks of share a report; others get their own', async () => {
  const many = Array.from({ length: 40 }, (_one, number) => `unknown-user+${number}@contoso.com`);
  const found = await reportsFor([...many, 'unknown-user@fabrikam.com', 'unknown-user@example.com', 'alice@contoso.com']);
  expect(found.map(({ status }) => status.match(/^Final-Recipient/gm)?.length).sort()).toEqual([1, 1, 40]);
  const together = await reportsFor(['unknown-user-together@fabrikam.com', 'unknown-user-together@example.org']);
  expect(together.at(-1)?.status.match(/^Final-Recipient/gm)).toHaveLength(2);
});

test('receipts come only when they were asked for', async () => {
  expect(await reportsFor(['reads@example.org', 'not-read@example.org', 'delivered@example.org'], {})).toEqual([]);
  const found = await reportsFor(['reads@example.org', 'not-read@example.org']);
  const dispositions = found.map(({ status }) => /^Disposition: .*; (\w+)$/m.exec(status)?.[1]).sort();
  expect(dispositions).toEqual(['deleted', 'displayed']);
  expect(found[0]?.source).not.toMatch(/^Original-Message-ID/im);
  expect(found[0]?.mail.inReplyTo).toBe('<orig@contoso.com>');
});

test('a localised report has its subject, headings and language, its machine fields as ever', async () => {
  const [german] = await reportsFor(['unknown-user-german@fabrikam.com'], { subject: 'Übersicht' });
  expect(german?.mail.subject).toBe('Unzustellbar: Übersicht');
  expect(german?.mail.text).toContain('Diagnoseinformationen für Administratoren:');
  expect(german?.status).toContain('Action: failed\r\nStatus: 5.1.1');
});

test('re-generated, unthreaded and foreign reports lack what real ones lack', async () => {
  const [regenerated] = await reportsFor(['unknown-user-regenerated@fabrikam.com']);
  expect(regenerated?.status).toMatch(
    /^Final-recipient: RFC822;\r\n unknown[\s\S]*^X-Supplementary-Info: <mx1\.fabrikam\.com #5\.1\.1 smtp;550/m,
  );
  expect(regenerated?.status).not.toContain('Diagnostic-Code');
  client.emulator.control.reset();
  const [unthreaded] = await reportsFor(['unknown-user-unthreaded@fabrikam.com']);
  expect(unthreaded?.source.split('\r\n\r\n')[0]).not.toMatch(/^(In-Reply-To|References)/m);
  client.emulator.control.reset();
  const [text] = await reportsFor(['unknown-user-text-only@contoso.com']);
  expect([text?.item.itemClass, text?.mail.subject]).toEqual(['IPM.Note', 'failure notice']);
  expect(text?.mail.text).toContain('<unknown-user-text-only@contoso.com>:');
});

test('an S/MIME original gives an S/MIME report class', async () => {
  const { control } = client.emulator;
  const lines = simpleMime().map((line) =>
    line.replace('alice@', 'unknown-user@').replace('text/plain; charset=utf-8', 'application/pkcs7-mime; smime-type=enveloped-data'),
  );
  await client.user('POST', '/sendMail', mimeBody(lines));
  await control.settled();
  expect(control.mails(mailbox, 'inbox').map(({ itemClass }) => itemClass)).toEqual(['REPORT.IPM.Note.SMIME.NDR']);
});

test('reports go to the mailbox of the From, and to nobody where it has none', async () => {
  const { control } = client.emulator;
  control.putMailbox({ address: mailbox, sendAs: ['alerts@contoso.com'], sendOnBehalf: ['nowhere@example.com'] });
  for (const from of ['alerts@contoso.com', 'nowhere@example.com']) await reportsFor(['unknown-user@contoso.com'], { from: to(from)[0] });
  expect(control.mails('alerts@contoso.com', 'inbox')).toHaveLength(1);
  expect(control.mails(mailbox, 'inbox')).toEqual([]);
  const [, onBehalf] = control.deliveries();
  expect(onBehalf?.mime.toString()).toMatch(/^Sender: .*sender@contoso\.com/m);
});

test('a blocked or exhausted sender gets every mail back; a full mailbox and an unknown address send theirs back', async () => {
  const { control } = client.emulator;
  control.putMailbox({ address: 'bob@contoso.com', state: 'full' });
  const status = async (address: string, state: 'ok' | 'senderBlocked' | 'overQuota') => {
    control.putMailbox({ address: mailbox, state });
    return /Status: (.*)\r/.exec((await reportsFor([address])).at(-1)?.status ?? '')?.[1];
  };
  expect(await status('alice@contoso.com', 'senderBlocked')).toBe('5.1.8');
  expect(await status('alice@contoso.com', 'overQuota')).toBe('5.2.2');
  expect(await status('bob@contoso.com', 'ok')).toBe('5.2.2');
  expect(await status('whoever@contoso.com', 'ok')).toBe('5.1.10');
});

test('a report can come before the copy in Sent Items, and be held back', async () => {
  const { control } = client.emulator;
  control.stages.hold({ stage: 'file' });
  control.stages.hold({ stage: 'report' });
  await client.user('POST', '/sendMail', { message: simpleMessage({ toRecipients: to('unknown-user@contoso.com') }) });
  await control.settled();
  expect([control.mails(mailbox, 'inbox').length, control.mails(mailbox, 'sentitems').length]).toEqual([0, 0]);
  expect(await control.stages.advance({ stage: 'report' })).toBe(1);
  expect([control.mails(mailbox, 'inbox').length, control.mails(mailbox, 'sentitems').length]).toEqual([1, 0]);
  await control.stages.release({ stage: 'file' });
  expect(control.mails(mailbox, 'sentitems')).toHaveLength(1);
});
