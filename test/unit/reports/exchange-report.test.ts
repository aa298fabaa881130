// What only Exchange writes, and what its store says of an item.

import { describe, expect, test } from 'vitest';
import { readItemClass, readSupplementaryInfo } from '../../../shared/domain/reports/exchange-report.ts';
import { parseReport } from '../../../shared/domain/reports/parse-report.ts';
import { bytes, dsn, mdn } from './mails.ts';
import { mail } from './text-bounces.ts';

test.each([
  [
    '<mx.example.com #5.1.1 smtp;550-5.1.1 no such user>',
    { remoteMta: 'mx.example.com', status: '5.1.1', diagnosticCode: 'smtp;550-5.1.1 no such user' },
  ],
  ['< #5.2.2>', { status: '5.2.2' }],
  ['<mx.example.com #5.1.10;smtp;550>', { remoteMta: 'mx.example.com', status: '5.1.10', diagnosticCode: ';smtp;550' }],
  ['nothing of the kind', {}],
  [undefined, {}],
])('X-Supplementary-Info %s', (value, expected) => {
  expect(readSupplementaryInfo(value)).toEqual(expected);
});

test('a re-generated status part has its diagnostic code in X-Supplementary-Info', async () => {
  const status =
    'Final-recipient: RFC822;\n Bob@example.com\nAction: failed\nX-Supplementary-Info: <mx.example.com #5.1.1 smtp;550 5.1.1 unknown>\nX-Display-Name: Bob\n';
  expect((await parseReport(dsn(status))).recipients).toEqual([
    {
      address: 'bob@example.com',
      action: 'failed',
      status: '5.1.1',
      diagnosticCode: 'smtp;550 5.1.1 unknown',
      remoteMta: 'mx.example.com',
      class: 'address',
    },
  ]);
});

test('headers of the original that stand in the human part only are found there, as text or as HTML', async () => {
  const status = 'Final-Recipient: rfc822;bob@example.com\nAction: failed\n';
  const headers = 'Received: from a by b\nMessage-ID: <02@contoso.com>\nx-send-request-id: 02\n';
  const plain = await parseReport(dsn(status, { original: '', text: `Undeliverable.\n\nOriginal message headers:\n\n${headers}` }));
  expect(plain.correlation).toMatchObject({ originalMessageId: '<02@contoso.com>', sendRequestHeader: '02' });
  const html = `<p>Undeliverable.</p><p>En-têtes de message d'origine :</p><pre>${headers.replace('<', '&lt;').replace('>', '&gt;')}</pre>`;
  const asHtml = new TextDecoder().decode(dsn(status, { original: '', text: html })).replace('text/plain', 'text/html; charset=utf-8');
  expect((await parseReport(new TextEncoder().encode(asHtml))).correlation.sendRequestHeader).toBe('02');
});

test.each([
  ['REPORT.IPM.Note.NDR', 'ndr'],
  ['report.ipm.note.smime.ndr', 'ndr'],
  ['REPORT.IPM.Note.DR', 'delivered'],
  ['REPORT.IPM.Note.Delayed.DR', 'delay'],
  ['REPORT.IPM.Note.Relayed.DR', 'relayed'],
  ['REPORT.IPM.Note.Expanded.DR', 'expanded'],
  ['REPORT.IPM.Note.IPNRN', 'mdn'],
  ['REPORT.IPM.Note.IPNNRN', 'mdn'],
  ['IPM.Note', undefined],
  ['IPM.Note.NDR', undefined],
  [undefined, undefined],
])('the item class %s is of the kind %s', (itemClass, kind) => {
  expect(readItemClass(itemClass)?.kind).toBe(kind);
});

describe('the item class guides the kind', () => {
  test('of a text that does not look like a report', async () => {
    const report = await parseReport(bytes(mail('anna@contoso.com', 'x', 'bob@example.com: 5.1.1\n')), {
      itemClass: 'REPORT.IPM.Note.NDR',
    });
    expect(report).toMatchObject({ kind: 'ndr', recipients: [{ address: 'bob@example.com', action: 'failed', status: '5.1.1' }] });
  });

  test('of a delivery report without fields', async () => {
    const report = await parseReport(bytes(mail('anna@contoso.com', 'x', 'bob@example.com\n')), { itemClass: 'REPORT.IPM.Note.DR' });
    expect(report.recipients).toEqual([{ address: 'bob@example.com', action: 'delivered', diagnosticCode: 'bob@example.com' }]);
  });

  test('and fills in an action that the fields do not have', async () => {
    const report = await parseReport(dsn('Final-Recipient: rfc822;bob@example.com\n'), { itemClass: 'REPORT.IPM.Note.Expanded.DR' });
    expect(report).toMatchObject({ kind: 'expanded', recipients: [{ address: 'bob@example.com', action: 'expanded' }] });
  });

  test('of a read or not-read notice without fields: it is from the one who read', async () => {
    const notice = bytes('From: Bob <bob@example.com>\nSubject: Read: Invoice\nContent-Type: application/ms-tnef\n\nx\n');
    expect(await parseReport(notice, { itemClass: 'REPORT.IPM.Note.IPNRN' })).toMatchObject({
      kind: 'mdn',
      recipients: [{ address: 'bob@example.com', disposition: 'displayed' }],
    });
    expect((await parseReport(notice, { itemClass: 'REPORT.IPM.Note.IPNNRN' })).recipients[0]?.disposition).toBe('deleted');
    expect((await parseReport(bytes('\n\n'), { itemClass: 'REPORT.IPM.Note.IPNRN' })).recipients).toEqual([]);
  });

  test('but the fields of a notice come first', async () => {
    const notice = mdn('Final-Recipient: rfc822;bob@example.com\nDisposition: automatic-action/MDN-sent-automatically; dispatched\n');
    expect((await parseReport(notice, { itemClass: 'REPORT.IPM.Note.IPNRN' })).recipients[0]?.disposition).toBe('dispatched');
  });
});

describe('a report that a gateway wrapped into a mail of the same sender and subject', () => {
  const wrap = (inner: Uint8Array, subject = 'Returned mail') =>
    bytes(`From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example.com>
Subject: ${subject}
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: message/rfc822

${new TextDecoder().decode(inner).replaceAll('\r\n', '\n')}
--outer
Content-Type: text/plain

This e-mail is confidential.
--outer--
`);
  const status = 'Final-Recipient: rfc822;bob@example.com\nAction: failed\nStatus: 5.1.1\n';

  test('is read', async () => {
    const report = await parseReport(wrap(dsn(status)));
    expect(report).toMatchObject({
      kind: 'ndr',
      basis: 'fields',
      originalMessageId: '<01-4711@contoso.com>',
      recipients: [{ address: 'bob@example.com' }],
    });
  });

  test('is not read where the subject is another one, or where there is no report in it', async () => {
    expect((await parseReport(wrap(dsn(status), 'See this'))).basis).not.toBe('fields');
    const noReport = bytes('From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example.com>\nSubject: Returned mail\n\nhello\n');
    expect((await parseReport(wrap(noReport))).basis).toBe('text');
    expect(
      (await parseReport(bytes('Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: message/rfc822\n\nX: y\n\nz\n--b--\n')))
        .kind,
    ).toBe('none');
  });
});
