// Mails made to cost time or memory: each is read, within the test's time, whatever its bytes.

import { expect, test } from 'vitest';
import * as limits from '../../../shared/domain/reports/limits.ts';
import { parseReport } from '../../../shared/domain/reports/parse-report.ts';

/** As much as a mail may have for those that are read through; for the others as much as shows a time that grows with the square. */
const FULL_SIZE = 35 * 1024 * 1024;
const SIZE = 8 * 1024 * 1024;
const fill = (text: string, size = SIZE) => Buffer.alloc(size, text).toString('latin1');
const levels = (count: number, part: (level: number) => string) => Array.from({ length: count }, (_, level) => part(level)).join('');

const BOUNCE = 'From: MAILER-DAEMON@example.com\nSubject: failure notice\n';
const REPORT = `${BOUNCE}Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n`;
const STATUS = `${REPORT}--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822;a@example.com\nAction: failed\n`;

test.each<[string, () => string]>([
  ['plain text of 35 MB', () => `${BOUNCE}\n${fill('could not be delivered to bob@example.com today\n', FULL_SIZE)}`],
  ['one line of 35 MB', () => `${BOUNCE}\n${fill('a', FULL_SIZE)}`],
  ['nothing but line ends', () => `${BOUNCE}\n${fill('\n')}`],
  ['leading line ends', () => fill('\r\n')],
  ['nothing but zeros', () => fill('\0')],
  ['half addresses', () => `${BOUNCE}\n${fill('a.b-c@', 3_000_000)}`],
  ['words of the rules', () => `${BOUNCE}\n${fill('your message recipient address delivery mail rcpt to: 5 user could\n')}`],
  ['notifications that never end', () => `${BOUNCE}\n${fill('"Type" "Notification ')}`],
  ['quotes without an end', () => `${BOUNCE}\n${fill('" - < ( ')}`],
  ['style sheets without an end', () => `${BOUNCE}Content-Type: text/html\n\n${fill('<style>')}`],
  ['tags without an end', () => `${BOUNCE}Content-Type: text/html\n\n${fill('<a')}`],
  ['entities', () => `${BOUNCE}Content-Type: text/html\n\n${fill('&lt;&#9999999;')}`],
  ['parts, many', () => `${REPORT}${fill('--b\nContent-Transfer-Encoding: quoted-printable\n\nx\n')}`],
  ['status parts, many', () => `${REPORT}${fill('--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822;a@b\n\n')}`],
  ['recipients, many', () => `${STATUS}${fill('\nFinal-Recipient: rfc822;b@example.com\nAction: failed\nStatus: 5.1.1\n')}`],
  ['folded fields, endless', () => `${STATUS}Diagnostic-Code: x\n${fill(' y\n')}`],
  ['headers of 35 MB', () => fill('X-A: b\n', FULL_SIZE)],
  ['a subject of 35 MB', () => `Subject: ${fill('=?utf-8?q?a?= ', FULL_SIZE)}`],
  ['a subject of encoded words', () => `Subject: ${fill('=?utf-8?q?a?= ', 400_000)}\n\n`],
  ['references, many', () => `References: ${fill('<a@b> ', 400_000)}\n\n`],
  ['multiparts in multiparts', () => levels(20_000, (level) => `Content-Type: multipart/mixed; boundary="b${level}"\n\n--b${level}\n`)],
  [
    'messages in messages',
    () => levels(20_000, (level) => `Content-Type: multipart/mixed; boundary="b${level}"\n\n--b${level}\nContent-Type: message/rfc822\n\n`),
  ],
])('%s', async (_, text) => {
  const report = await parseReport(Buffer.from(text(), 'latin1'));
  expect(report.recipients.length).toBeLessThanOrEqual(limits.MAXIMUM_RECIPIENTS);
});

test('an address at the end of what is read is not cut in two', async () => {
  const lines = 'could not be delivered to bob@example.com\n'.repeat(limits.MAXIMUM_TEXT / 20);
  const report = await parseReport(Buffer.from(`${BOUNCE}\n${lines}`));
  expect(report.recipients.map(({ address }) => address)).toEqual(['bob@example.com']);
});
