// Which received mails are worth reading as a report.
import { expect, it } from 'vitest';
import { mayBeReport } from '../../../shared/adapters/graph/report-candidates.ts';

const mail = (from: string, headers: Record<string, string> | undefined, itemClass?: string) => ({
  from: { emailAddress: { address: from } },
  ...(headers && { internetMessageHeaders: Object.entries(headers).map(([name, value]) => ({ name, value })) }),
  ...(itemClass && { singleValueExtendedProperties: [{ id: 'String 0x1a', value: itemClass }] }),
});
const person = 'alice@contoso.com';

it.each([
  ['an NDR of Exchange', mail(person, {}, 'REPORT.IPM.Note.NDR')],
  ['a read receipt of an S/MIME mail', mail(person, {}, 'REPORT.IPM.Note.SMIME.IPNRN')],
  ['a multipart/report', mail(person, { 'Content-Type': 'Multipart/Report; report-type=delivery-status' }, 'IPM.Note')],
  ['a mail with an empty return path', mail(person, { 'Return-Path': '<>' }, 'IPM.Note')],
  ['an automatic answer', mail(person, { 'auto-submitted': 'auto-replied' }, 'IPM.Note')],
  ["Exim's failed recipients", mail(person, { 'X-Failed-Recipients': 'x@y' })],
  ["Exchange's NDR header, which is empty", mail(person, { 'X-MS-Exchange-Message-Is-Ndr': '' })],
  ['a mail from a daemon', mail('MAILER-DAEMON@mx.example.org', {}, 'IPM.Note')],
  ['a mail from a postmaster', mail('postmaster@example.org', {})],
  ['a mail whose header is not shown', mail(person, undefined, 'IPM.Note')],
])('%s may be a report', (_, message) => {
  expect(mayBeReport(message)).toBe(true);
});

it.each([
  [
    'a mail from a person',
    mail(person, { 'Content-Type': 'text/plain', 'Return-Path': '<alice@contoso.com>', 'Auto-Submitted': 'no' }, 'IPM.Note'),
  ],
  ['a signed mail', mail(person, { 'Content-Type': 'multipart/signed' }, 'IPM.Note.SMIME.MultipartSigned')],
  ['a meeting request', mail('postmaster@example.org', { 'Return-Path': '<>' }, 'IPM.Schedule.Meeting.Request')],
])('%s is none', (_, message) => {
  expect(mayBeReport(message)).toBe(false);
});

it('what the mailbox itself sent, or has not sent yet, is none', () => {
  const report = mail('postmaster@example.org', undefined, 'REPORT.IPM.Note.NDR');
  expect(mayBeReport({ ...report, parentFolderId: 'sent' }, 'sent')).toBe(false);
  expect(mayBeReport({ ...report, isDraft: true })).toBe(false);
  expect(mayBeReport({ ...report, parentFolderId: 'junk' }, 'sent')).toBe(true);
  expect(mayBeReport({ ...report, parentFolderId: 'sent' })).toBe(true);
});
