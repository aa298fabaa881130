// Bounces without a status part: who could not be reached, and why.

import { expect, test } from 'vitest';
import { parseReport } from '../../../shared/domain/reports/parse-report.ts';
import type { Report } from '../../../shared/domain/reports/report.ts';
import { LOCALISED_BOUNCES } from './localised-bounces.ts';
import { bytes } from './mails.ts';
import { mail, RETURNED, TEXT_BOUNCES } from './text-bounces.ts';

function summary(report: Report): string {
  const recipients = report.recipients.map(({ address, action, status }) => [address, action, status].filter(Boolean).join(' '));
  return `${report.kind}: ${recipients.join(', ')}`;
}

test.each([...TEXT_BOUNCES, ...LOCALISED_BOUNCES])('$name is read as $expected', async ({ mail, expected }) => {
  const report = await parseReport(bytes(mail));
  expect(summary(report)).toBe(expected);
  expect(report.basis).toBe('text');
});

test('the original is found behind the words, with its Message-ID and our mark', async () => {
  const report = await parseReport(bytes(TEXT_BOUNCES[0]!.mail));
  expect(report.correlation).toMatchObject({ originalMessageId: '<01-4711@contoso.com>', sendRequestHeader: '01J8Z4711' });
});

test('each recipient has the words that stand behind it, and the remote host that they name', async () => {
  const report = await parseReport(bytes(TEXT_BOUNCES[1]!.mail));
  expect(report.recipients[0]).toMatchObject({ remoteMta: 'mx.example.com', class: 'recipientPolicy' });
  expect(report.recipients[0]!.diagnosticCode).toContain('552 5.2.2 mailbox full');
});

test('a sender named in the text is not a recipient', async () => {
  const body = `A message sent by\n\n  <other@contoso.com>\n\ncould not be delivered. The following address failed:\n\n  bob@example.com\n\n${RETURNED}`;
  expect(summary(await parseReport(bytes(mail('MAILER-DAEMON@example.com', 'failure notice', body))))).toBe('ndr: bob@example.com failed');
});

test('a name without a domain stays unknown where nobody is named as the sender', async () => {
  const text = 'Subject: failure notice\nX-Failed-Recipients: none\n\nThe following users are unknown:\n\n\tbob\n';
  expect(summary(await parseReport(bytes(text)))).toBe('ndr: ');
});

test('a text part of a mail that cannot be taken apart is read as it stands', async () => {
  const body = 'Content-Type: multipart/mixed; boundary="lost"\n\nThe mail could not be delivered.\n\n<bob@example.com>: unknown\n';
  expect(summary(await parseReport(bytes(`From: MAILER-DAEMON@example.com\n${body}`)))).toBe('ndr: bob@example.com failed');
});

test('a mail that the MIME parser refuses is read as plain text', async () => {
  const deep = Array.from({ length: 60 }, (_, level) => `Content-Type: multipart/mixed; boundary="b${level}"\n\n--b${level}\n`).join('');
  const body = 'Content-Type: text/plain\n\nThe mail could not be delivered.\n\n<bob@example.com>: unknown\n';
  expect(summary(await parseReport(bytes(`From: MAILER-DAEMON@example.com\n${deep}${body}`)))).toBe('ndr: bob@example.com failed');
});

test('a text part with a broken type is read too', async () => {
  const body = `Content-Type: multipart/mixed; boundary="b1"

--b1
Content-Type: text/plain
   charset="us-ascii"

The following addresses had delivery errors:

bob@example.com [User unknown]

--b1
Content-Type: application/octet-stream

x
--b1--
`;
  expect(summary(await parseReport(bytes(`From: MAILER-DAEMON@example.com\n${body}`)))).toBe('ndr: bob@example.com failed');
});
