// Message disposition notifications as RFC 8098 and Exchange write them.

import { describe, expect, test } from 'vitest';
import { readDispositionType } from '../../../shared/domain/reports/message-disposition-notification.ts';
import { parseReport } from '../../../shared/domain/reports/parse-report.ts';
import { mdn } from './mails.ts';

const READ = `Reporting-UA: mail.example.com; Example Mail
Original-Recipient: rfc822;Bob@example.com
Final-Recipient: rfc822;bob.b@example.com
Original-Message-ID: <01-4711@contoso.com>
Disposition: manual-action/MDN-sent-manually; displayed
`;

describe('a read receipt', () => {
  test('names the recipient, the disposition and the original message', async () => {
    expect(await parseReport(mdn(READ))).toMatchObject({
      kind: 'mdn',
      recipients: [{ address: 'bob.b@example.com', originalRecipient: 'bob@example.com', disposition: 'displayed' }],
      originalMessageId: '<01-4711@contoso.com>',
    });
  });

  test('from Exchange folds its fields, has no original Message-ID, and is matched by In-Reply-To', async () => {
    const fields =
      'Final-recipient: RFC822;\n bob@example.com\nDisposition: automatic-action/MDN-sent-automatically; displayed\nX-Display-Name: Bob\n';
    const report = await parseReport(mdn(fields, 'In-Reply-To: <01-4711@contoso.com>\n'));
    expect(report.recipients).toEqual([{ address: 'bob@example.com', disposition: 'displayed' }]);
    expect(report.originalMessageId).toBeUndefined();
    expect(report.correlation.inReplyTo).toEqual(['<01-4711@contoso.com>']);
  });

  test('without a recipient or a disposition is no report', async () => {
    expect((await parseReport(mdn('Reporting-UA: x\n'))).kind).toBe('none');
  });
});

test.each([
  ['automatic-action/MDN-sent-automatically; deleted', 'deleted'],
  ['manual-action/MDN-sent-manually;processed/error', 'processed'],
  ['Displayed', 'displayed'],
  ['', undefined],
])('the disposition %s has the type %s', (value, type) => {
  expect(readDispositionType(value)).toBe(type);
});
