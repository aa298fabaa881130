// Reports of other mail servers, which Exchange stores as ordinary mail (IPM.Note): a Postfix server's, and one in plain text only.
import { randomUUID } from 'node:crypto';
import { domainOf } from '../store/directory.ts';
import { type ComposedReport, factsOf, type ReportInput, returnedPart } from './original.ts';
import { headerBlock, mailDate, multipart, newBoundary, part, textPart } from './parts.ts';
import type { ReportedRecipient } from './reports.ts';

const said = ({ address, plan }: ReportedRecipient) =>
  plan.diagnostic
    .replaceAll('{address}', address)
    .replaceAll('{domain}', domainOf(address))
    .replace(/^smtp;/, '');

export async function composePostfixReport({ report, original, sender, now }: ReportInput): Promise<ComposedReport> {
  const { recipients } = report;
  const domain = domainOf(recipients[0]?.address ?? '');
  const host = `mail.${domain}`;
  const boundary = newBoundary();
  const verdicts = recipients.map(
    (one) => `<${one.address}>: host mx1.${domain}[192.0.2.25] said: ${said(one)} (in reply to RCPT TO command)`,
  );
  const text = `This is the mail system at host ${host}.\n\nYour message could not be delivered to one or more recipients. It is attached below.\n\n${verdicts.join('\n\n')}\n`;
  const groups = recipients.map(
    (one) =>
      `Final-Recipient: rfc822; ${one.address}\r\nOriginal-Recipient: rfc822;${one.address}\r\nAction: ${one.plan.kind}\r\nStatus: ${one.plan.status}\r\nRemote-MTA: dns; mx1.${domain}\r\nDiagnostic-Code: smtp; ${said(one)}\r\n`,
  );
  const status = `Reporting-MTA: dns; ${host}\r\nX-Postfix-Queue-ID: 4XyZ1a2b3c\r\nX-Postfix-Sender: rfc822; ${sender}\r\nArrival-Date: ${mailDate(now)}\r\n\r\n${groups.join('\r\n')}`;
  const header = headerBlock([
    ['Return-Path', '<>'],
    ['Date', mailDate(now)],
    ['From', `MAILER-DAEMON@${domain} (Mail Delivery System)`],
    ['Subject', 'Undelivered Mail Returned to Sender'],
    ['To', sender],
    ['Auto-Submitted', 'auto-replied'],
    ['MIME-Version', '1.0'],
    ['Content-Type', `multipart/report; report-type=delivery-status;\r\n\tboundary="${boundary}"`],
    ['Message-Id', `<${randomUUID()}@${host}>`],
  ]);
  const body = multipart(boundary, [textPart('plain', text), part('message/delivery-status', status), returnedPart(original)]);
  return { mime: Buffer.concat([header, body]), itemClass: 'IPM.Note' };
}

export async function composeTextOnlyReport({ report, original, sender, now }: ReportInput): Promise<ComposedReport> {
  const facts = await factsOf(original);
  const domain = domainOf(report.recipients[0]?.address ?? '');
  const verdicts = report.recipients.map(
    (one) => `<${one.address}>:\n192.0.2.25 does not like recipient.\nRemote host said: ${said(one)}\nGiving up on 192.0.2.25.\n`,
  );
  const text = `Hi. This is the qmail-send program at ${domain}.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n${verdicts.join('\n')}\n--- Below this line is a copy of the message.\n\nReturn-Path: <${sender}>\n${facts.header.replace(/\r/g, '')}\n`;
  const header = headerBlock([
    ['Return-Path', '<>'],
    ['Date', mailDate(now)],
    ['From', `MAILER-DAEMON@${domain}`],
    ['To', sender],
    ['Subject', 'failure notice'],
    ['Message-ID', `<${randomUUID()}@${domain}>`],
    ['MIME-Version', '1.0'],
  ]);
  return { mime: Buffer.concat([header.subarray(0, -2), textPart('plain', text)]), itemClass: 'IPM.Note' };
}
