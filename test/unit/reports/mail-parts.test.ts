// What is read of a mail that is too large, or that the MIME parser refuses.

import { expect, test } from 'vitest';
import * as limits from '../../../shared/domain/reports/limits.ts';
import { readMailParts } from '../../../shared/domain/reports/mail-parts.ts';
import { bytes } from './mails.ts';

const HEADERS = 'From: MAILER-DAEMON@example.com\nSubject: failure notice\n';

test.each([
  ['lines', `${'x\n'.repeat(limits.MAXIMUM_LINES)}the end`],
  ['lines that can be boundaries', `${'--x\n'.repeat(limits.MAXIMUM_DASH_LINES)}--the end\nthe end`],
])('of too many %s the first are read', async (_, body) => {
  const { text } = await readMailParts(bytes(`${HEADERS}\n${body}`));
  expect(text).toContain('x');
  expect(text).not.toContain('the end');
});

test('a text that is too long ends with a whole line', async () => {
  const { text } = await readMailParts(bytes(`${HEADERS}\n${'one line\n'.repeat(limits.MAXIMUM_TEXT / 8)}`));
  expect(text.length).toBeLessThanOrEqual(limits.MAXIMUM_TEXT);
  expect(text).toMatch(/one line\r?$/);
});

test('a text of one line that is too long is not read at all', async () => {
  expect((await readMailParts(bytes(`${HEADERS}\n${'x'.repeat(limits.MAXIMUM_TEXT + 1)}`))).text.trim()).toBe('');
});

test('a mail that the MIME parser refuses for the size of its headers is read as plain text', async () => {
  const parts = await readMailParts(bytes(`${HEADERS}X-Long: ${'x'.repeat(limits.MAXIMUM_REPORT_HEADER_BYTES)}\n\nno such user`));
  expect(parts).toMatchObject({ subject: 'failure notice', text: expect.stringContaining('no such user'), deliveryStatuses: [] });
});

test('a mail that has no fields, and that the MIME parser refuses, has no subject and no text', async () => {
  const parts = await readMailParts(bytes('x'.repeat(limits.MAXIMUM_REPORT_HEADER_BYTES + 1)));
  expect(parts).toMatchObject({ headers: [], subject: '', text: '' });
});
