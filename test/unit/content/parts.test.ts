// MIME as a tree of places in its bytes, with its large attachments out of the way, and taken apart into Graph's message.
import { describe, expect, test } from 'vitest';
import { indivisible } from '../../../shared/domain/content/division.ts';
import { MAXIMUM_CONTENT_BYTES } from '../../../shared/domain/content/graph-limits.ts';
import { hollowMime } from '../../../shared/domain/content/hollow-mime.ts';
import { isSealed, leavesOf, type MimePart, readParts } from '../../../shared/domain/content/mime-parts.ts';
import { takeApart } from '../../../shared/domain/content/take-apart.ts';

const bytes = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'));
const textsOf = (mime: Uint8Array): string[] =>
  [...leavesOf(readParts(mime))].map(({ from, to }) => Buffer.from(mime.subarray(from, to)).toString());
const LARGE = 'Large content. '.repeat(5_000);

describe('the parts of a message', () => {
  test.each<[string, Buffer, string[]]>([
    ['without any', bytes('To: a', '', 'Text'), ['Text']],
    ['without a body', bytes('To: a'), ['']],
    [
      'between delimiters',
      bytes('Content-Type: multipart/mixed; boundary=b', '', 'preamble', '--b', '', 'one', '--b', '', 'two', '--b--', 'epilogue'),
      ['one', 'two'],
    ],
    [
      'in quotation marks, with blanks behind',
      bytes('Content-Type: multipart/mixed; boundary="b b"', '', '--b b \t', '', 'one', '--b b--'),
      ['one'],
    ],
    ['with bare line feeds', Buffer.from('Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n'), ['one']],
    ['without the last delimiter', bytes('Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'one'), ['one']],
    [
      'whose delimiter is part of a longer line',
      bytes('Content-Type: multipart/mixed; boundary=b', '', '--b', '', '--bb', '--b--'),
      ['--bb'],
    ],
    [
      'in parts',
      bytes(
        'Content-Type: multipart/mixed; boundary=a',
        '',
        '--a',
        'Content-Type: multipart/related; boundary=b',
        '',
        '--b',
        '',
        'one',
        '--b--',
        '--a',
        '',
        'two',
        '--a--',
      ),
      ['one', 'two'],
    ],
    ['that are empty', bytes('Content-Type: multipart/mixed; boundary=b', '', '--b', '--b--'), ['']],
    ['that has no boundary', bytes('Content-Type: multipart/mixed', '', '--b', '', 'one'), ['--b\r\n\r\none']],
    ['without a header of its own', bytes('Content-Type: multipart/mixed; boundary=b', '', '--b', 'no header', '--b--'), ['']],
  ])('%s', (_, mime, texts) => {
    expect(textsOf(mime)).toEqual(texts);
  });

  test('end at a depth, and at a number', () => {
    const depthOf = (part: MimePart): number => (part.parts[0] ? 1 + depthOf(part.parts[0]) : 0);
    const nested = Array.from({ length: 40 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`).join('');
    expect(depthOf(readParts(bytes(nested)))).toBe(30);
    const many = bytes('Content-Type: multipart/mixed; boundary=b', '', ...Array.from({ length: 6_000 }, () => '--b\r\n\r\nx'));
    expect(readParts(many).parts).toHaveLength(5_000);
  });

  test.each([
    ['multipart/signed; boundary=b', true],
    ['Multipart/Encrypted; boundary=b', true],
    ['application/pkcs7-mime; smime-type=enveloped-data', true],
    ['(comment) application/x-pkcs7-mime', true],
    ['multipart/mixed; boundary=b', false],
    ['nonsense', false],
  ])('are sealed where they are %s: %s', (type, sealed) => {
    expect(isSealed(readParts(bytes(`Content-Type: ${type}`, '', 'x')))).toBe(sealed);
    expect(
      isSealed(readParts(bytes('Content-Type: multipart/mixed; boundary=o', '', '--o', `Content-Type: ${type}`, '', 'x', '--o--'))),
    ).toBe(sealed);
  });
});

describe('a large message', () => {
  test('cannot be divided where it is sealed, or all text', () => {
    expect(indivisible(bytes('Content-Type: multipart/signed; boundary=b', '', 'x'))).toContain('S/MIME');
    expect(indivisible(bytes('To: a', '', 'x'.repeat(MAXIMUM_CONTENT_BYTES + 1)))).toContain('Its text alone');
    const attached = bytes('Content-Type: text/plain', 'Content-Disposition: attachment', '', 'x'.repeat(MAXIMUM_CONTENT_BYTES + 1));
    expect(indivisible(attached)).toBeUndefined();
  });
});

const mixed = (...parts: string[][]): Buffer =>
  bytes('Subject: S', 'Content-Type: multipart/mixed; boundary=b', '', ...parts.flatMap((part) => ['--b', ...part]), '--b--');
const attachment = (encoding: string | undefined, content: string, type = 'application/pdf'): string[] => [
  `Content-Type: ${type}; name=a.pdf`,
  'Content-Disposition: attachment',
  ...(encoding === undefined ? [] : [`Content-Transfer-Encoding: ${encoding}`]),
  '',
  content,
];
const TEXT = ['', 'Text'];

describe('large attachments are taken out of the way', () => {
  const takenOut = (mime: Buffer) => {
    const hollow = hollowMime(mime, readParts(mime), 'nonce');
    return { length: hollow.mime.length, contents: hollow.takenOut.map(({ make }) => Buffer.from(make()).toString()) };
  };

  test.each([
    ['in base64', 'Base64', Buffer.from(LARGE).toString('base64')],
    ['as they are', undefined, LARGE],
    ['in 8bit', '8bit', LARGE],
  ])('%s', (_, encoding, content) => {
    const { length, contents } = takenOut(mixed(TEXT, attachment(encoding, content)));
    expect(contents).toEqual([LARGE]);
    expect(length).toBeLessThan(500);
  });

  test('but not small ones, those in other encodings, text that is read, nor the whole', () => {
    for (const mime of [
      mixed(TEXT, attachment('base64', 'SGk=')),
      mixed(TEXT, attachment('quoted-printable', LARGE)),
      mixed(['', LARGE]),
      bytes('Content-Type: application/pdf', '', LARGE),
    ]) {
      expect(takenOut(mime).contents).toEqual([]);
    }
  });
});

describe('taken apart', () => {
  const apart = (mime: Buffer) => takeApart(mime, 'nonce');

  test('it says the same: people, headers, importance, receipts', async () => {
    const { message, attachments } = await apart(
      bytes(
        'From: Ada <ada@contoso.com>',
        'Sender: desk@contoso.com',
        'To: team: A <a@example.com>, b@example.com;',
        'Cc: nobody: ;',
        'Reply-To: billing@contoso.com',
        'Subject: S',
        'In-Reply-To: <1@contoso.com>',
        'Sensitivity: Company-Confidential',
        'X-Priority: 1 (Highest)',
        'X-Invoice: 4711',
        'X-Empty:',
        'X-MS-Exchange-Organization-SCL: 1',
        'Keywords: Red, , Blue',
        'Disposition-Notification-To: ada@contoso.com',
        'Return-Receipt-To: ada@contoso.com',
        '',
        'Text',
      ),
    );
    const person = (address: string, name?: string) => ({ emailAddress: { address, ...(name && { name }) } });
    expect(message).toEqual({
      subject: 'S',
      body: { contentType: 'text', content: expect.stringContaining('Text') },
      from: person('ada@contoso.com', 'Ada'),
      sender: person('desk@contoso.com'),
      toRecipients: [person('a@example.com', 'A'), person('b@example.com')],
      replyTo: [person('billing@contoso.com')],
      internetMessageHeaders: [{ name: 'X-Invoice', value: '4711' }],
      singleValueExtendedProperties: [
        { id: 'String 0x1042', value: '<1@contoso.com>' },
        { id: 'Integer 0x0036', value: '3' },
      ],
      categories: ['Red', 'Blue'],
      importance: 'high',
      isReadReceiptRequested: true,
      isDeliveryReceiptRequested: true,
    });
    expect(attachments).toEqual([]);
  });

  test('it needs nothing of all that', async () => {
    expect((await apart(bytes('X-A: b', '', ''))).message).toEqual({
      subject: '',
      body: { contentType: 'text', content: expect.stringMatching(/^\s*$/) },
      internetMessageHeaders: [{ name: 'X-A', value: 'b' }],
    });
    const html = await apart(bytes('Content-Type: text/html', 'Importance: Low', '', '<b>x</b>'));
    expect(html.message).toMatchObject({ body: { contentType: 'html', content: expect.stringContaining('<b>x</b>') }, importance: 'low' });
  });

  test('its attachments have their names, types and bytes, large or small', async () => {
    const { attachments } = await apart(
      mixed(
        TEXT,
        attachment('base64', Buffer.from(LARGE).toString('base64')),
        attachment('base64', 'SGk='),
        ['Content-Type: image/png', 'Content-ID: <logo>', 'Content-Disposition: inline', 'Content-Transfer-Encoding: base64', '', 'SGk='],
        ['Content-Type: message/rfc822', '', 'Subject: Within', '', 'x'],
        ['Content-Type: application/x-thing', 'Content-Disposition: attachment', 'Content-Transfer-Encoding: base64', '', 'SGk='],
        ['Content-Type: text/calendar', 'Content-Disposition: attachment; filename=a.ics', '', 'BEGIN:VCALENDAR'],
      ),
    );
    const shown = attachments.map(({ properties, size, bytes: read }) => [
      properties['name'],
      properties['isInline'],
      Buffer.from(read(0, size)).toString().slice(0, 15),
    ]);
    expect(shown).toEqual([
      ['a.pdf', false, LARGE.slice(0, 15)],
      ['a.pdf', false, 'Hi'],
      ['attachment-3.png', true, 'Hi'],
      ['attachment-4.eml', false, 'Subject: Within'],
      ['attachment-5', false, 'Hi'],
      ['a.ics', false, 'BEGIN:VCALENDAR'],
    ]);
    expect(attachments[0]?.size).toBe(LARGE.length);
    expect(attachments[2]?.properties['contentId']).toBe('logo');
  });

  test('a message that two readers understand differently is parsed whole', async () => {
    const mime = bytes(
      'Content-Type: multipart/mixed; x="; boundary=b"; boundary=c',
      '',
      '--c',
      '',
      'Text',
      '--b',
      ...attachment('base64', Buffer.from(LARGE).toString('base64')),
      '--b--',
      '--c--',
    );
    expect(hollowMime(mime, readParts(mime), 'nonce').takenOut).toHaveLength(1);
    const { attachments, message } = await apart(mime);
    expect(attachments).toEqual([]);
    expect(JSON.stringify(message)).toContain(Buffer.from(LARGE).toString('base64').slice(0, 100));
    expect(JSON.stringify(message)).not.toContain('nonce');
  });
});
