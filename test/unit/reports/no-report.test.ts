// Mail that is no report, whatever it says of reports.

import { expect, test } from 'vitest';
import { parseReport } from '../../../shared/domain/reports/parse-report.ts';
import { bytes, dsn } from './mails.ts';
import { mail } from './text-bounces.ts';

const BOUNCE = `This message was created automatically by mail delivery software.
A message that you sent could not be delivered to one or more of its
recipients. The following address(es) failed:

  bob@example.com
    550 5.1.1 user unknown
`;

const HUMAN = 'Anna <anna@example.com>';

test.each([
  ['an empty mail', ''],
  ['a mail without headers', '\n\nhello\n'],
  ['an ordinary mail', mail(HUMAN, 'Invoice', 'Here it is.\n')],
  [
    'a person who quotes a bounce',
    mail(HUMAN, 'Mail delivery failed', `Hi,\nI got this when I wrote to Bob. Can you help me with it, please?\n\n${BOUNCE}`),
  ],
  ['a person who quotes a bounce with marks', mail(HUMAN, 'Undeliverable: Invoice', `See below.\n\n${BOUNCE.replaceAll(/^/gm, '> ')}`)],
  ['an answer to a bounce', mail(HUMAN, 'Re: Undeliverable: Invoice', BOUNCE)],
  ['an answer to a bounce, told by its headers', mail(HUMAN, 'Undeliverable: Invoice', BOUNCE, 'In-Reply-To: <a@b>\n')],
  ['an answer in a thread', mail(HUMAN, 'Undeliverable: Invoice', BOUNCE, 'References: <a@b>\n')],
  ['a forwarded bounce', mail(HUMAN, 'FW: Undeliverable: Invoice', BOUNCE)],
  ['a forwarded bounce that a mailer daemon would have written', mail('MAILER-DAEMON@example.com', 'Fwd: failure notice', BOUNCE)],
  [
    'an out-of-office answer',
    mail(HUMAN, 'Automatic reply: Invoice', 'I cannot be reached. Mail is not delivered.\n', 'Return-Path: <>\n'),
  ],
  [
    'an out-of-office answer in German',
    mail(HUMAN, 'Automatische Antwort: Rechnung', 'Ihre Mail wird nicht zugestellt.\n', 'Return-Path: <>\n'),
  ],
  ['an out-of-office answer without a telling subject', mail(HUMAN, 'Away', 'I am away and cannot be reached.\n', 'Return-Path: <>\n')],
  [
    'a parcel service',
    mail('no-reply@example.com', 'Delivery failed: your parcel', 'Your parcel could not be delivered to bob@example.com\n'),
  ],
  ['a notice of a postmaster', mail('postmaster@example.com', 'Maintenance', 'Mail that cannot be delivered on Sunday waits.\n')],
  ['a talk about bounces on a list', mail(HUMAN, '[list] mail undeliverable', 'My mail to bob@example.com is undeliverable: 550 5.1.1\n')],
  ['a daemon that reports something else', mail('MAILER-DAEMON@example.com', 'Log summary', 'Grand totals: 5 received\n')],
])('%s', async (_, text) => {
  expect(await parseReport(bytes(text))).toMatchObject({ kind: 'none', recipients: [], basis: 'none' });
});

test('an abuse complaint', async () => {
  const complaint = `From: MAILER-DAEMON@example.com
Subject: Undeliverable: failure notice
Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

--b1
Content-Type: message/feedback-report

Feedback-Type: abuse
--b1
Content-Type: message/delivery-status

Final-Recipient: rfc822;bob@example.com
Action: failed
--b1--
`;
  expect((await parseReport(bytes(complaint))).kind).toBe('none');
});

test('a bounce forwarded with all its parts', async () => {
  const report = new TextDecoder().decode(dsn('Final-Recipient: rfc822;bob@example.com\nAction: failed\n'));
  const forwarded = report
    .replace('Subject: Returned mail', 'Subject: FW: Returned mail')
    .replace('multipart/report; report-type=delivery-status;', 'multipart/mixed;');
  expect((await parseReport(new TextEncoder().encode(forwarded))).kind).toBe('none');
  expect((await parseReport(new TextEncoder().encode(forwarded), { itemClass: 'REPORT.IPM.Note.NDR' })).kind).toBe('ndr');
});

test('a bounce attached to a mail of a person', async () => {
  const inner = new TextDecoder().decode(dsn('Final-Recipient: rfc822;bob@example.com\nAction: failed\n'));
  const outer = `From: ${HUMAN}\nSubject: What is this?\nContent-Type: multipart/mixed; boundary="outer"\n\n--outer\nContent-Type: text/plain\n\nHelp!\n--outer\nContent-Type: message/rfc822\n\n${inner}\n--outer--\n`;
  expect((await parseReport(bytes(outer))).kind).toBe('none');
});
