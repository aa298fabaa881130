// Read and not-read receipts as Exchange writes them (MS-OXCMAIL 2.1.3.6.2): no third part, no Original-Message-ID.
import { randomBytes, randomUUID } from 'node:crypto';
import { itemClassFor, threading } from './exchange.ts';
import { languages } from './languages.ts';
import { type ComposedReport, factsOf, type ReportInput } from './original.ts';
import { encodeWords, escapeHtml, headerBlock, mailDate, multipart, newBoundary, part, textPart } from './parts.ts';
import type { ReceiptKind } from './plan.ts';

export async function composeReceipt({ report, original, sender, now }: ReportInput): Promise<ComposedReport> {
  const { plan, recipients } = report;
  const words = languages[plan.language ?? 'en'];
  const facts = await factsOf(original);
  const reader = recipients[0]?.address ?? '';
  const kind = plan.kind as ReceiptKind;
  const isRead = kind === 'read';
  const text = `${isRead ? words.read : words.notRead} ${new Date(now).toUTCString()}.\n\nTo: ${reader}\nSubject: ${facts.subject}\n`;
  const [outer, inner] = [newBoundary(), newBoundary()];
  const disposition = `automatic-action/MDN-sent-automatically; ${isRead ? 'displayed' : 'deleted'}`;
  const status = `Final-recipient: RFC822; ${reader}\r\nDisposition: ${disposition}\r\nX-MSExch-Correlation-Key: ${randomBytes(16).toString('base64')}\r\nX-Display-Name: ${reader}\r\n`;
  const friendly = multipart(inner, [
    textPart('plain', text),
    textPart('html', `<html><body><pre>${escapeHtml(text)}</pre></body></html>`),
  ]);
  const body = multipart(outer, [
    part(`multipart/alternative;\r\n\tboundary="${inner}"`, friendly),
    part('message/disposition-notification', status),
  ]);
  const header = headerBlock([
    ['From', `<${reader}>`],
    ['To', `<${sender}>`],
    ['Date', mailDate(now)],
    ['Content-Type', `multipart/report; report-type=disposition-notification;\r\n\tboundary="${outer}"`],
    ['MIME-Version', '1.0'],
    ['Message-ID', `<${randomUUID()}@${reader.slice(reader.lastIndexOf('@') + 1)}>`],
    ...threading(plan, facts),
    ['Subject', encodeWords(`${words.subject[kind]}${facts.subject}`)],
  ]);
  return { mime: Buffer.concat([header, body]), itemClass: itemClassFor(kind, facts) };
}
