// sendMail in MIME: what is read from the header of a message, and what cannot be a message.
import { describe, expect, test } from 'vitest';
import { decodeMimeMessage } from '../../../shared/domain/content/decode-mime.ts';

const decode = (mime: string | Buffer, limit = 500) =>
  decodeMimeMessage(new TextEncoder().encode(Buffer.from(mime as string).toString('base64')), limit);
function taken(result: ReturnType<typeof decode>) {
  if (!result.ok) throw new Error(`refused: ${result.problem.message}`);
  return result.value;
}
function refused(result: ReturnType<typeof decode>, code: string): string {
  if (result.ok) throw new Error('it was taken');
  expect(result.problem).toMatchObject({ status: 400, code });
  return result.problem.message;
}
const lines = (...all: string[]): string => all.join('\r\n');
const TO = 'To: customer@example.com';

describe('a MIME message', () => {
  test('tells recipients, subject, From and Message-ID, and stays as it is', () => {
    const mime = lines(
      'From: Ada <ada@contoso.com>',
      'To: Customer <customer@example.com>, other@example.com',
      'Cc: "Last, First" <cc@example.com>',
      'Bcc: hidden@example.com',
      'Subject: Invoice',
      'Message-ID: <4711@contoso.com>',
      '',
      'Hello',
    );
    expect({ ...taken(decode(mime)), content: undefined }).toEqual({
      size: { bytes: mime.length, inParts: false },
      content: undefined,
      recipients: [
        { address: 'customer@example.com', type: 'to' },
        { address: 'other@example.com', type: 'to' },
        { address: 'cc@example.com', type: 'cc' },
        { address: 'hidden@example.com', type: 'bcc' },
      ],
      subject: 'Invoice',
      from: 'ada@contoso.com',
      internetMessageId: '<4711@contoso.com>',
      saveToSentItems: true,
    });
    expect(Buffer.from(taken(decode(mime)).content).toString()).toBe(mime);
  });

  test('may have bare line feeds and a first header folded without a blank, as a published example has', () => {
    const mime = [
      'Received: from SRV1.contoso.com (10.0.0.1) by',
      'contoso.com (10.0.0.2) with Microsoft SMTP Server id 15.20; Tue, 2 Mar 2021 07:12:15 +0000',
      'From: Ada <ada@contoso.com>',
      'To: Bob <bob@contoso.com>',
      'Subject: A first mail',
      ' in MIME',
      'Message-ID:',
      ' <1@SRV1.contoso.com>',
      'Content-Type: multipart/mixed; boundary="_000_"',
      '',
      '--_000_',
    ].join('\n');
    expect(taken(decode(mime))).toMatchObject({
      recipients: [{ address: 'bob@contoso.com', type: 'to' }],
      subject: 'A first mail in MIME',
      from: 'ada@contoso.com',
      internetMessageId: '<1@SRV1.contoso.com>',
    });
  });

  test('may have words of RFC 2047, raw UTF-8 (RFC 6532), and bytes of another charset', () => {
    expect(taken(decode(lines('Subject: =?utf-8?Q?Gr=C3=BC?= =?iso-8859-1?Q?=DFe?=', TO, ''))).subject).toBe('Grüße');
    expect(taken(decode(lines('Subject: Grüße', 'To: Jürgen <jürgen@exämple.com>', ''))).recipients[0]?.address).toBe('jürgen@exämple.com');
    expect(taken(decode(Buffer.concat([Buffer.from('Subject: Gr\xfc\xdfe\r\n', 'latin1'), Buffer.from(TO)]))).subject).toBe('Grüße');
    expect(taken(decode(lines('Subject: =?utf-8?Q?a=0D=0ABcc=3A_b?=', TO))).subject).toBe('a  Bcc: b');
  });

  test('may have groups, comments, several To fields, and no body', () => {
    const mime = lines('To: team: a@example.com, B <b@example.com>;, c@example.com (C)', 'To: d@example.com', 'Cc: nobody:;');
    expect(taken(decode(mime)).recipients.map(({ address }) => address)).toEqual([
      'a@example.com',
      'b@example.com',
      'c@example.com',
      'd@example.com',
    ]);
  });

  test('may lack what the log can do without', () => {
    const { content: _, size: __, ...decoded } = taken(decode(lines(TO, 'Subject:', 'Message-ID: odd', '', '')));
    expect(decoded).toEqual({ recipients: [{ address: 'customer@example.com', type: 'to' }], saveToSentItems: true });
  });

  test('is from the first From, or from the Sender; every other author is told, too', () => {
    const from = (...fields: string[]) => {
      const { from: first, otherFrom = [] } = taken(decode(lines(TO, ...fields)));
      return [first, ...otherFrom];
    };
    expect(from('Sender: bob@contoso.com')).toEqual(['bob@contoso.com']);
    expect(from('From: ada@contoso.com', 'From: bob@contoso.com')).toEqual(['ada@contoso.com', 'bob@contoso.com']);
    expect(from('From: ada@contoso.com', 'Sender: Ada@contoso.com', 'Resent-From: eve@contoso.com')).toEqual([
      'ada@contoso.com',
      'eve@contoso.com',
    ]);
    expect(from()).toEqual([undefined]);
  });

  test('may have a thousand header fields, parts within parts to a depth, and no closing boundary', () => {
    const many = Array.from({ length: 1000 }, (_, i) => `X-Field-${i}: ${i}`);
    expect(taken(decode(lines(...many, TO, '', 'x'))).recipients).toHaveLength(1);
    const nested = (depth: number) =>
      Array.from({ length: depth }, (_, i) => lines(`Content-Type: multipart/mixed; boundary=b${i}`, '', `--b${i}`));
    expect(taken(decode(lines(TO, ...nested(100)))).recipients).toHaveLength(1);
    expect(decode(lines(TO, ...nested(101)))).toMatchObject({ ok: false, problem: { status: 400, code: 'ErrorMimeContentInvalid' } });
  });

  test('only the lines above the first empty one are its header', () => {
    expect(taken(decode(lines(TO, '', 'Bcc: other@example.com'))).recipients).toHaveLength(1);
  });
});

describe('what is refused', () => {
  test.each(['', ' \r\n', 'Zg', 'Zm9v=', 'Zm-_', 'Zm9v...', 'From: a@example.com', '=', 'RnJvbTogYQ'])(
    '%j is no base64 of MIME',
    (body) => {
      const result = decodeMimeMessage(new TextEncoder().encode(body), 500);
      expect(result).toEqual({
        ok: false,
        problem: { status: 400, code: 'ErrorMimeContentInvalidBase64String', message: 'Invalid base64 string for MIME content.' },
      });
    },
  );

  test.each([
    ['text', 'Hello world\r\n'],
    ['an empty first line', `\r\n${TO}\r\n`],
    ['an indented first line', ` ${TO}\r\n`],
    ['a mailbox file', `From ada@contoso.com Mon Mar  1 00:00:00 2021\n${TO}\n`],
    ['a byte order mark', `\ufeff${TO}`],
    ['binary content', Buffer.from([0x50, 0x4b, 3, 4, 0, 0])],
    ['a bare carriage return in the header', `Subject: a\rBcc: b@example.com\r\n${TO}`],
    ['a field name in blanks that are none', `Bcc\v: b@example.com\r\n${TO}`],
    ['a NUL in the header', `Subject: a\0b\r\n${TO}`],
    ['only a line break', '\n'],
    ['a header beyond measure', `${TO}\r\nX-A: ${'a'.repeat(300_000)}\r\n`],
    ['a header without end', `${TO}\r\n${'X-A: b\r\n'.repeat(60_000)}`],
  ])('%s is no message', (_, mime) => {
    expect(refused(decode(mime), 'ErrorMimeContentInvalid')).toContain('Invalid MIME content.');
  });

  test.each([
    ['no recipient field', 'Subject: x'],
    ['an empty one', 'To:'],
    ['an empty group', 'To: undisclosed-recipients:;'],
    ['a name alone', 'To: Ada'],
    ['an address that is none', 'To: <ada at example.com>'],
    ['two addresses run together', 'To: <a@b@example.com>'],
  ])('%s: no valid recipient', (_, field) => {
    refused(decode(lines(field, '', 'x')), 'ErrorInvalidRecipients');
  });

  test('an invalid recipient is named', () => {
    expect(refused(decode('To: a@example.com, Somebody'), 'ErrorInvalidRecipients')).toContain(
      "The header field To cannot be read: 'Somebody' is not an address.",
    );
  });

  test('more recipients than the limit', () => {
    const to = Array.from({ length: 4 }, (_, i) => `${i}@example.com`).join(', ');
    expect(taken(decode(`To: ${to}`, 4)).recipients).toHaveLength(4);
    expect(refused(decode(`To: ${to}`, 3), 'ErrorInvalidRecipients')).toContain('4 recipients');
  });

  test('deferred delivery, which sends twice', () => {
    const mime = lines(TO, 'Deferred-Delivery: Tue, 1 Sep 2026 08:00:00 +0000');
    expect(refused(decode(mime), 'ErrorInvalidParameter')).toContain('Send-At');
  });
});

describe('an address field with bytes that are not UTF-8', () => {
  const latin1 = (field: string) => decode(Buffer.from(`${field}\r\n\r\nx`, 'latin1'));

  test('is taken if they are in a name only', () => {
    expect(taken(latin1('To: J\xfcrgen <bob@contoso.com>')).recipients).toEqual([{ address: 'bob@contoso.com', type: 'to' }]);
  });

  test.each(['To: j\xfcrgen@contoso.com', 'To: bob@contoso.com, a@ex\xe4mple.com'])('is refused if they are in an address: %s', (field) => {
    const result = latin1(field);
    expect(result).toMatchObject({ ok: false, problem: { status: 400, message: expect.stringContaining('not UTF-8') } });
  });
});
