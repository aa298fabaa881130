// Large MIME taken apart into Graph's message: what has a place there, and what is refused by the part that has none.
import { describe, expect, test } from 'vitest';
import { MAXIMUM_CONTENT_BYTES } from '../../../shared/domain/content/graph-limits.ts';
import { decodeQuotedPrintable } from '../../../shared/domain/content/part-content.ts';
import { takeApart } from '../../../shared/domain/content/take-apart.ts';
import { attached, leaf, mimeOf, multipart, type Part } from './mime-samples.ts';

const bytes = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'));
const PLAIN = leaf('text/plain', 'Text');
const HTML = leaf('text/html', '<p>Text</p><img src="cid:logo%40contoso.com"><img src=cid:b&amp;c>');
const PDF = attached('application/pdf', 'a.pdf', 'PDF');
const image = (...header: string[]): Part => leaf('image/png', 'SGk=', 'Content-Transfer-Encoding: base64', ...header);
const LOGO = image('Content-ID: <logo@contoso.com>', 'Content-Disposition: inline; filename=logo.png');

async function apart(mime: Uint8Array) {
  const taken = await takeApart(mime);
  if (!taken.ok) throw new Error(taken.problem.message);
  return taken.value;
}

async function whyNot(root: Part): Promise<string> {
  const taken = await takeApart(mimeOf(root));
  if (taken.ok) throw new Error('it was taken apart');
  expect(taken.problem).toMatchObject({ status: 413, code: 'ErrorMessageSizeExceeded' });
  return taken.problem.message;
}

describe('taken apart', () => {
  test('it says the same: people, headers, importance, receipts', async () => {
    const { message, files } = await apart(
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
      body: { contentType: 'text', content: 'Text' },
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
    expect(files).toEqual([]);
  });

  test('it needs nothing of all that', async () => {
    expect((await apart(bytes('X-A: b', '', ''))).message).toEqual({
      subject: '',
      body: { contentType: 'text', content: '' },
      internetMessageHeaders: [{ name: 'X-A', value: 'b' }],
    });
    const html = await apart(bytes('Content-Type: text/html', 'Importance: Low', '', '<b>x</b>'));
    expect(html.message).toMatchObject({ body: { contentType: 'html', content: '<b>x</b>' }, importance: 'low' });
    expect((await apart(bytes('Content-Type: application/pdf', '', 'x'))).message).toMatchObject({ body: { content: '' } });
  });

  test('its attachments have their names, types, ids and bytes', async () => {
    const { files } = await apart(
      mimeOf(
        multipart(
          'mixed',
          multipart('related', multipart('alternative', PLAIN, HTML), LOGO, image('Content-ID: <b&c>')),
          PDF,
          attached('text/plain', 'a.txt', 'Gr=C3=BC=\r\n=DF=e', 'Content-Transfer-Encoding: quoted-printable'),
          leaf('message/rfc822', 'Subject: Within\r\n\r\nx'),
          leaf('application/x-thing', 'thing', 'Content-Disposition: attachment'),
          leaf("text/csv; name*=utf-8''%C3%A4.csv", 'a,b'),
          attached('text/calendar; method=REQUEST', 'a.ics', 'BEGIN:VCALENDAR'),
        ),
      ),
    );
    expect(
      files.map(({ properties: { name, contentType, isInline, contentId }, content }) => [
        name,
        contentType,
        isInline,
        contentId,
        Buffer.from(content).toString('latin1'),
      ]),
    ).toEqual([
      ['logo.png', 'image/png', true, 'logo@contoso.com', 'Hi'],
      ['attachment-2.png', 'image/png', true, 'b&c', 'Hi'],
      ['a.pdf', 'application/pdf', false, undefined, 'PDF'],
      ['a.txt', 'text/plain', false, undefined, 'Gr\xc3\xbc\xdf=e'],
      ['attachment-5.eml', 'message/rfc822', false, undefined, 'Subject: Within\r\n\r\nx'],
      ['attachment-6', 'application/x-thing', false, undefined, 'thing'],
      ['ä.csv', 'text/csv', false, undefined, 'a,b'],
      ['a.ics', 'text/calendar', false, undefined, 'BEGIN:VCALENDAR'],
    ]);
  });

  test.each<[string, Buffer, string]>([
    [
      'in its charset',
      bytes('Content-Type: text/plain; charset=iso-8859-1', 'Content-Transfer-Encoding: quoted-printable', '', 'Gr=FC=DFe'),
      'Grüße',
    ],
    ['without one, in UTF-8', bytes('Content-Type: text/plain', '', 'Grüße'), 'Grüße'],
    ['without one, in something else', Buffer.from('Content-Type: text/plain\r\n\r\nGr\xfc\xdfe', 'latin1'), 'Grüße'],
    ['in base64', bytes('Content-Transfer-Encoding: BASE64', '', 'SGVsbG8='), 'Hello'],
    [
      'that flows',
      bytes('Content-Type: text/plain; format=flowed', '', 'one ', 'line', ' > stuffed', '> quoted ', '> more', '-- ', 'Ada'),
      'one line\r\n> stuffed\r\n> quoted \r\n> more\r\n-- \r\nAda',
    ],
    ['that flows without blanks', bytes('Content-Type: text/plain; format=Flowed; delsp=Yes', '', 'zusam ', 'men'), 'zusammen'],
  ])('its text is read %s', async (_, mime, text) => {
    expect((await apart(mime)).message['body']).toEqual({ contentType: 'text', content: text });
  });
});

describe('quoted-printable', () => {
  test.each([
    ['a=3Db', 'a=b'],
    ['a= \t\r\nb', 'ab'],
    ['a=\nb', 'ab'],
    ['a=', 'a'],
    ['a=zz', 'a=zz'],
    ['a=4', 'a=4'],
  ])('%j is %j', (text, decoded) => {
    expect(Buffer.from(decodeQuotedPrintable(Buffer.from(text))).toString()).toBe(decoded);
  });
});

describe('it is refused, with the part that has no place in a message of Graph', () => {
  test.each<[string, Part, string]>([
    [
      'an invitation in an alternative',
      multipart('alternative', PLAIN, HTML, leaf('text/calendar; method=REQUEST', 'BEGIN')),
      'Part 3 (text/calendar)',
    ],
    ['an invitation', multipart('mixed', PLAIN, leaf('text/calendar; method=REQUEST; name=a.ics', 'BEGIN')), 'Part 2 (text/calendar)'],
    ['an attachment in an alternative', multipart('alternative', PLAIN, PDF), 'Part 2 (application/pdf)'],
    ['a second text', multipart('mixed', PLAIN, PDF, leaf('text/plain', 'Footer')), 'Part 3 (text/plain) is a second text'],
    ['HTML behind text', multipart('mixed', PLAIN, HTML), 'Part 2 (text/html) is a second text'],
    ['two alternatives', multipart('mixed', multipart('alternative', PLAIN), multipart('alternative', HTML)), 'Part 2.1 (text/html)'],
    ['two texts in one', multipart('alternative', PLAIN, PLAIN), 'Part 2 (text/plain) is a second text'],
    ['text that is preferred', multipart('alternative', HTML, PLAIN), 'Part 2 (text/plain) is plain text after the HTML'],
    ['an alternative in an alternative', multipart('alternative', PLAIN, multipart('mixed', multipart('alternative', HTML))), 'Part 2.1'],
    [
      'text that is related',
      multipart('related', HTML, leaf('text/plain', 'x', 'Content-ID: <a>')),
      'Part 2 (text/plain) is text within a multipart/related',
    ],
    ['an image that no HTML names', multipart('related', leaf('text/html', '<img src="cid:%zz">'), LOGO), 'Part 2 (image/png) is inline'],
    ['an image that others belong to', multipart('related', image(), PDF), 'Part 1 (image/png) is the root of a multipart'],
    [
      'an inline file',
      multipart('mixed', PLAIN, leaf('application/pdf', 'x', 'Content-Disposition: inline; filename=a.pdf')),
      'Part 2 (application/pdf)',
    ],
    [
      'a related part that is not the first',
      { header: ['Content-Type: multipart/related; start="<z>"'], body: [HTML, LOGO] },
      'The whole (multipart/related)',
    ],
    [
      'a text file that is not attached',
      multipart('mixed', PLAIN, leaf('text/plain; name=a.txt', 'x')),
      'Part 2 (text/plain) is text with a file name',
    ],
    ['markup of another kind', multipart('mixed', leaf('text/enriched', 'x'), PDF), 'Part 1 (text/enriched)'],
    ['a report', multipart('report', PLAIN, leaf('message/delivery-status', 'x')), 'The whole (multipart/report)'],
    ['a digest', multipart('mixed', PLAIN, multipart('digest', leaf('message/rfc822', 'x'))), 'Part 2 (multipart/digest)'],
    ['a part of a message', multipart('mixed', PLAIN, leaf('message/partial', 'x')), 'Part 2 (message/partial)'],
    [
      "Outlook's own wrapping",
      multipart('mixed', PLAIN, attached('application/ms-tnef', 'winmail.dat', 'x')),
      'Part 2 (application/ms-tnef)',
    ],
    ['an unknown encoding', multipart('mixed', PLAIN, attached('a/b', 'a', 'x', 'Content-Transfer-Encoding: x-uue')), "encoding 'x-uue'"],
    ['an unknown charset', multipart('mixed', leaf('text/plain; charset=klingon', 'x')), 'Part 1 (text/plain) has an unknown charset'],
    ['a field that comes twice', multipart('mixed', leaf('text/plain', 'x', 'Content-Type: text/html')), 'content-type more than once'],
    ['a multipart without parts', leaf('multipart/mixed', 'x'), 'without parts'],
    [
      'a multipart that is attached',
      multipart('mixed', PLAIN, { header: ['Content-Type: multipart/mixed', 'Content-Disposition: attachment'], body: [PDF] }),
      'Part 2',
    ],
    ['a header that cannot be read', multipart('mixed', { header: ['no field'], body: 'x' }), 'Part 1 (text/plain) has a header'],
    ['a signature', multipart('signed', PLAIN, leaf('application/pkcs7-signature', 'x')), 'S/MIME'],
    ['text alone', leaf('text/plain', 'x'.repeat(MAXIMUM_CONTENT_BYTES)), 'Its text alone is too large'],
  ])('%s', async (_, root, words) => {
    expect(await whyNot(root)).toContain(words);
  });

  test('also by what limits any message', async () => {
    const nested = Array.from({ length: 101 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}`);
    expect(await takeApart(bytes(...nested))).toMatchObject({ ok: false, problem: { status: 400 } });
    const many = multipart('mixed', ...Array.from({ length: 249 }, (_, i) => attached('a/b', `${i}`, 'x')));
    expect((await apart(mimeOf(many))).files).toHaveLength(249);
  });
});
