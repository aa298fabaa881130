// Mail that comes back, too, but is no report: an out-of-office answer, an abuse report (ARF, RFC 5965), a person who quotes one.
import { randomUUID } from 'node:crypto';
import { domainOf } from '../store/directory.ts';
import { composeExchangeReport, threading } from './exchange.ts';
import { type ComposedReport, factsOf, type ReportInput, returnedPart } from './original.ts';
import { encodeWords, headerBlock, mailDate, multipart, newBoundary, part, textPart } from './parts.ts';

type Fields = Parameters<typeof headerBlock>[0];

function head({ sender, now, report }: ReportInput, subject: string, more: Fields): Buffer {
  const from = report.recipients[0]?.address ?? '';
  const fields: Fields = [
    ['From', `<${from}>`],
    ['To', `<${sender}>`],
    ['Date', mailDate(now)],
    ['Message-ID', `<${randomUUID()}@${domainOf(from)}>`],
    ['Subject', encodeWords(subject)],
    ['MIME-Version', '1.0'],
    ...more,
  ];
  return headerBlock(fields);
}

export async function composeOutOfOffice(input: ReportInput): Promise<ComposedReport> {
  const facts = await factsOf(input.original);
  const header = head(input, `Automatic reply: ${facts.subject}`, [
    ...threading(input.report.plan, facts),
    ['Auto-Submitted', 'auto-generated'],
    ['X-Auto-Response-Suppress', 'All'],
    ['X-MS-Exchange-Inbox-Rules-Loop', input.sender],
  ]);
  const text = 'I am out of the office until Monday. In urgent cases please write to the service desk.\n';
  return { mime: Buffer.concat([header.subarray(0, -2), textPart('plain', text)]), itemClass: 'IPM.Note.Rules.OofTemplate.Microsoft' };
}

export async function composeComplaint(input: ReportInput): Promise<ComposedReport> {
  const boundary = newBoundary();
  const facts = await factsOf(input.original);
  const address = input.report.recipients[0]?.address ?? '';
  const header = head(input, `Complaint about message from ${domainOf(input.sender)}`, [
    ['Content-Type', `multipart/report; report-type=feedback-report;\r\n\tboundary="${boundary}"`],
  ]);
  const feedback = `Feedback-Type: abuse\r\nUser-Agent: ExampleFeedback/1.0\r\nVersion: 1\r\nOriginal-Rcpt-To: ${address}\r\nReported-Domain: ${domainOf(input.sender)}\r\n`;
  const text = `This is an abuse report for a message with the subject ${facts.subject}.\n`;
  const body = multipart(boundary, [textPart('plain', text), part('message/feedback-report', feedback), returnedPart(input.original)]);
  return { mime: Buffer.concat([header, body]), itemClass: 'IPM.Note' };
}

/** A person forwards a non-delivery report of somebody else and asks about it. */
export async function composeQuotedReport(input: ReportInput): Promise<ComposedReport> {
  const report = { ...input.report, plan: { ...input.report.plan, kind: 'failed' as const } };
  const quoted = (await composeExchangeReport({ ...input, report })).mime.toString();
  const facts = await factsOf(input.original);
  const header = head(input, `FW: Undeliverable: ${facts.subject}`, threading(input.report.plan, facts));
  const text = `I sent this on to a colleague and got the following back. What should I do?\n\n${quoted.replace(/\r/g, '').replace(/^/gm, '> ')}\n`;
  return { mime: Buffer.concat([header.subarray(0, -2), textPart('plain', text)]), itemClass: 'IPM.Note' };
}
