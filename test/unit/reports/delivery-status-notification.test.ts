// Delivery status notifications as RFC 3464 and Exchange write them.

import { describe, expect, test } from 'vitest';
import { parseDeliveryStatus, readAction } from '../../../shared/domain/reports/delivery-status-notification.ts';
import { parseReport } from '../../../shared/domain/reports/parse-report.ts';
import { dsn } from './mails.ts';

const FAILED = `Reporting-MTA: dns; mx.example.com
Arrival-Date: Mon, 6 Oct 2025 10:00:00 +0000

Original-Recipient: rfc822;Bob@example.com
Final-Recipient: rfc822;bob@mail.example.com
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; 550 5.1.1 <bob@mail.example.com>
  user unknown
`;

describe('the fields of a status part', () => {
  test('a failed recipient has action, status, diagnostic code, remote MTA and both addresses', () => {
    expect(parseDeliveryStatus(FAILED)).toEqual({
      reportingMta: 'mx.example.com',
      recipients: [
        {
          address: 'bob@mail.example.com',
          originalRecipient: 'bob@example.com',
          action: 'failed',
          status: '5.1.1',
          remoteMta: 'mail.example.com',
          diagnosticCode: 'smtp; 550 5.1.1 <bob@mail.example.com> user unknown',
        },
      ],
    });
  });

  test('several groups are several recipients, also where the blank line between them is missing', () => {
    const group = (name: string, action: string) => `Final-Recipient: rfc822;${name}@example.com\nAction: ${action}\nStatus: 4.4.7\n`;
    const addresses = (text: string) => parseDeliveryStatus(text).recipients.map(({ address, action }) => `${address} ${action}`);
    const expected = ['a@example.com failed', 'b@example.com delayed'];
    expect(addresses(`Reporting-MTA: dns;mx.example.com\n\n${group('a', 'failed')}\n${group('b', 'delayed')}`)).toEqual(expected);
    expect(addresses(`Reporting-MTA: dns;mx.example.com\n${group('a', 'failed')}${group('b', 'delayed')}`)).toEqual(expected);
  });

  test('a blank line inside a group does not split it', () => {
    const [recipient] = parseDeliveryStatus('Final-Recipient: rfc822;a@example.com\n\nAction: failed\nStatus: 5.0.0\n').recipients;
    expect(recipient).toMatchObject({ address: 'a@example.com', action: 'failed', status: '5.0.0' });
  });

  test('a group with nothing but the original recipient still names it, and one without a name is left out', () => {
    expect(parseDeliveryStatus('Original-Recipient: rfc822;a@example.com\nAction: failed\n').recipients).toEqual([
      { address: 'a@example.com', action: 'failed' },
    ]);
    expect(parseDeliveryStatus('Action: failed\nStatus: 5.0.0\n').recipients).toEqual([]);
  });

  test('the status comes from the diagnostic code where the field is missing', () => {
    expect(parseDeliveryStatus('Final-Recipient: a@example.com\nDiagnostic-Code: smtp; 552 5.2.2 full\n').recipients[0]?.status).toBe(
      '5.2.2',
    );
  });

  test.each([
    ['failed (permanently)', 'failed'],
    ['Failure', 'failed'],
    ['expired', 'failed'],
    ['delayed', 'delayed'],
    ['deliverable', 'delivered'],
    ['relayed (to non-DSN-aware mailer)', 'relayed'],
    ['expanded', 'expanded'],
    ['unheard-of', undefined],
    [undefined, undefined],
  ])('the action %s is read as %s', (value, action) => {
    expect(readAction(value)).toBe(action);
  });
});

describe('a mail with a status part', () => {
  test('is matched by the original Message-ID and our own header in the returned original', async () => {
    const report = await parseReport(
      dsn(FAILED, { headers: 'In-Reply-To: <01-4711@contoso.com>\nReferences: <a@x> <01-4711@contoso.com>\n' }),
    );
    expect(report).toMatchObject({
      kind: 'ndr',
      basis: 'fields',
      originalMessageId: '<01-4711@contoso.com>',
      reportingMta: 'mx.example.com',
      messageId: '<report-1@mx.example.com>',
      from: 'mailer-daemon@mx.example.com',
      subject: 'Returned mail',
      correlation: {
        inReplyTo: ['<01-4711@contoso.com>'],
        references: ['<a@x>', '<01-4711@contoso.com>'],
        originalMessageId: '<01-4711@contoso.com>',
        sendRequestHeader: '01J8Z4711',
      },
      hints: { exchangeNdrHeader: false },
    });
    expect(report.recipients[0]?.class).toBe('address');
  });

  test.each([
    ['failed', 'ndr'],
    ['delayed', 'delay'],
    ['delivered', 'delivered'],
    ['relayed', 'relayed'],
    ['expanded', 'expanded'],
    ['unheard-of', 'ndr'],
  ])('the action %s makes the kind %s', async (action, kind) => {
    expect((await parseReport(dsn(`Final-Recipient: rfc822;a@example.com\nAction: ${action}\n`))).kind).toBe(kind);
  });

  test('the most severe action names a mixed report', async () => {
    const mixed = 'Final-Recipient: rfc822;a@example.com\nAction: delayed\n\nFinal-Recipient: rfc822;b@example.com\nAction: failed\n';
    expect((await parseReport(dsn(mixed))).kind).toBe('ndr');
  });

  test('a status part within the status part, in base64, is read', async () => {
    const nested = (text: string) => dsn(`Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n${text}`);
    expect((await parseReport(nested(btoa(FAILED)))).recipients[0]?.address).toBe('bob@mail.example.com');
    expect((await parseReport(nested('x'))).basis).toBe('text');
  });

  test.each(['', ' boundary="other"'])('a boundary that the header does not name (%s) is found in the body', async (parameter) => {
    const report = new TextDecoder().decode(dsn(FAILED)).replace(' boundary="b1"', parameter);
    expect((await parseReport(new TextEncoder().encode(report))).basis).toBe('fields');
  });

  test('the empty header of an Exchange NDR is seen, as a hint', async () => {
    const report = await parseReport(dsn(FAILED, { headers: 'X-MS-Exchange-Message-Is-Ndr:\n' }));
    expect(report.hints.exchangeNdrHeader).toBe(true);
  });
});
