// What a reader sees of a large MIME message, before it is taken apart and after: judged by a parser that the product does not use.
import fc from 'fast-check';
import { type AddressObject, type Attachment, type ParsedMail, simpleParser } from 'mailparser';
import MailComposer from 'nodemailer/lib/mail-composer';
import { describe, expect, test } from 'vitest';
import { takeApart } from '../../../shared/domain/content/take-apart.ts';
import { attached, leaf, mimeOf, multipart, type Part } from './mime-samples.ts';

type Json = Record<string, unknown>;

/** The draft and its attachments as Exchange makes a message of them. */
async function composed({ message, files }: { message: Json; files: { properties: Json; content: Uint8Array }[] }): Promise<Buffer> {
  const { contentType, content } = message['body'] as { contentType: string; content: string };
  const mail = new MailComposer({
    from: 'ada@contoso.com',
    to: 'bob@example.com',
    subject: message['subject'] as string,
    ...(contentType === 'html' ? { html: content } : { text: content }),
    attachments: files.map(({ properties, content: bytes }) => ({
      filename: properties['name'] as string,
      contentType: properties['contentType'] as string,
      contentDisposition: properties['isInline'] ? 'inline' : 'attachment',
      content: Buffer.from(bytes),
      ...(properties['contentId'] !== undefined && { cid: properties['contentId'] as string }),
    })),
  });
  return mail.compile().build();
}

const trimmed = (text: string | false | undefined): string => (text || '').replace(/\r\n/g, '\n').trim();
const addressesOf = (field: AddressObject | AddressObject[] | undefined): string =>
  [field]
    .flat()
    .map((one) => one?.text ?? '')
    .join();

/** A part without a disposition is shown as an attachment, or in its place if the HTML names it; a name that we gave is none. */
const shownOf = ({ filename, contentType, contentDisposition, related, cid, content }: Attachment) => ({
  name: filename === undefined || /^attachment-\d+/.test(filename) ? '' : filename,
  type: contentType,
  isInline: contentDisposition === 'inline' || (related && contentDisposition !== 'attachment'),
  cid: cid ?? '',
  content: content.toString('base64'),
});

/** Of a mail with HTML the text is what the reader's own rules make of it: it is compared if there is no HTML. */
const seen = (mail: ParsedMail) => ({
  subject: mail.subject,
  to: addressesOf(mail.to),
  html: trimmed(mail.html),
  text: mail.html ? '' : trimmed(mail.text),
  files: mail.attachments.map(shownOf).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
});

const PARSE = { skipImageLinks: true, skipTextToHtml: true };

/** Whether it was taken apart: then a reader sees the same. What is refused names a part. */
async function judge(mime: Buffer): Promise<boolean> {
  const taken = await takeApart(mime);
  if (!taken.ok) {
    expect(taken.problem).toMatchObject({ status: 413, message: expect.stringMatching(/(Part [\d.]+|The whole) \([^)]+\)/) });
    return false;
  }
  const after = await composed(taken.value);
  expect(seen(await simpleParser(after, PARSE))).toEqual(seen(await simpleParser(mime, PARSE)));
  return true;
}

const IMAGE = Buffer.from('an image').toString('base64');
const image = (cid: string, ...header: string[]): Part =>
  leaf('image/png', IMAGE, 'Content-Transfer-Encoding: base64', ...(cid ? [`Content-ID: <${cid}>`] : []), ...header);
const PLAIN = leaf('text/plain; charset=utf-8', 'Zum Gruße');
const HTML = leaf('text/html; charset=iso-8859-1', '<p>Gru=DFe</p><img src=3D"cid:a@x">', 'Content-Transfer-Encoding: quoted-printable');

describe('what is taken apart looks the same afterwards', () => {
  test.each<[string, Part]>([
    ['text', PLAIN],
    ['HTML', HTML],
    ['text that flows', leaf('text/plain; format=flowed', 'one \r\ntwo\r\nthree')],
    ['both', multipart('alternative', PLAIN, HTML)],
    ['both, with an image', multipart('related', multipart('alternative', PLAIN, HTML), image('a@x'))],
    [
      'text, or HTML with an image',
      multipart('alternative', PLAIN, multipart('related', HTML, image('a@x', 'Content-Disposition: inline; filename="a.png"'))),
    ],
    ['HTML with an image that is attached', multipart('related', HTML, image('a@x', 'Content-Disposition: attachment; filename="a.png"'))],
    [
      'files of many kinds',
      multipart(
        'mixed',
        PLAIN,
        attached('application/pdf', 'Grüße.pdf', 'x'),
        attached('text/csv', 'a.csv', 'a,b'),
        attached('text/html', 'page.html', '<p>x</p>'),
      ),
    ],
    [
      'a name in parameters of RFC 2231',
      multipart(
        'mixed',
        PLAIN,
        leaf('application/pdf', 'x', "Content-Disposition: attachment; filename*0*=utf-8''%C3%A4; filename*1*=%C3%B6.pdf"),
      ),
    ],
    [
      'a name in an encoded word',
      multipart('mixed', PLAIN, leaf('application/pdf; name="=?utf-8?Q?=C3=A4.pdf?="', 'x', 'Content-Disposition: attachment')),
    ],
    ['files before the text', multipart('mixed', attached('application/pdf', 'a.pdf', 'x'), PLAIN)],
    ['mixed in mixed', multipart('mixed', multipart('mixed', PLAIN, attached('a/b', 'a', 'x')), attached('c/d', 'c', 'y'))],
  ])('%s', async (_, root) => {
    expect(await judge(mimeOf(root))).toBe(true);
  });
});

test('structures of any kind are either refused by the part, or look the same', async () => {
  const leaves = fc.constantFrom<Part>(
    PLAIN,
    HTML,
    image('a@x'),
    image('b@x', 'Content-Disposition: inline; filename="b.png"'),
    image('a@x', 'Content-Disposition: inline; filename="c.png"'),
    image('', 'Content-Disposition: inline'),
    attached('application/pdf', 'a.pdf', 'PDF'),
    attached('text/plain', 'a.txt', 'Text'),
    leaf('text/plain; name=b.txt', 'Text'),
    leaf('application/octet-stream; name=b.bin', 'Bytes'),
    leaf('text/calendar; method=REQUEST', 'BEGIN:VCALENDAR'),
    attached('text/calendar', 'a.ics', 'BEGIN:VCALENDAR'),
    leaf('text/csv', 'a,b'),
    leaf('text/enriched', 'rich'),
  );
  const subtypes = fc.constantFrom('mixed', 'mixed', 'related', 'alternative', 'x-unknown', 'parallel');
  const { root } = fc.letrec<{ root: Part; multi: Part }>((tie) => ({
    root: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaves, tie('multi')),
    multi: fc
      .tuple(subtypes, fc.array(tie('root'), { minLength: 1, maxLength: 4 }))
      .map(([subtype, parts]) => multipart(subtype, ...parts)),
  }));
  let same = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(root, async (part) => {
      if (await judge(mimeOf(part))) same++;
      else refused++;
    }),
    { seed: 20_261_203, numRuns: 1_500 },
  );
  expect([same > 100, refused > 100]).toEqual([true, true]);
}, 120_000);
