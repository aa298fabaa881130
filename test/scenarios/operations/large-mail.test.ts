// Mail that Graph doesn't take in one request: a draft, its attachments by themselves, and what a reader sees stays the same.
import { createHash, randomBytes } from 'node:crypto';
import { BlobServiceClient } from '@azure/storage-blob';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningStack } from '../../support/running-stack.ts';
import { at, base64, mailsIn, mimeOf, original, post, requestsOf, startOperations, transported, typesOf } from './operations.ts';

let stack: RunningStack;
beforeAll(async () => {
  stack = await startOperations();
});
afterAll(() => stack.close());

const sha = (bytes: Uint8Array | ArrayBuffer | string): string =>
  createHash('sha256')
    .update(Buffer.from(bytes as Uint8Array))
    .digest('hex');
const file = (name: string, bytes: Uint8Array, more: Record<string, unknown> = {}) => ({
  '@odata.type': '#microsoft.graph.fileAttachment',
  name,
  contentType: 'application/octet-stream',
  contentBytes: base64(bytes),
  ...more,
});
const LARGE = randomBytes(4_500_000);
const MIDDLE = randomBytes(2_100_000);
const IMAGE = randomBytes(100_000);
const HTML = '<html><body><p>Zum Gruße</p><img src="cid:logo@contoso.com"></body></html>';

const message = (more: Record<string, unknown> = {}) => ({
  subject: 'Large',
  body: { contentType: 'HTML', content: HTML },
  toRecipients: at('other@example.com'),
  attachments: [
    file('report.bin', LARGE),
    file('logo.png', IMAGE, { contentType: 'image/png', isInline: true, contentId: 'logo@contoso.com' }),
    file('sheet.bin', MIDDLE),
    file('second.bin', MIDDLE),
  ],
  ...more,
});

/** What the recipient got: names and contents of attachments, whatever their order. */
async function received(mailbox: string) {
  const deliveries = await transported(stack, mailbox);
  expect(deliveries).toHaveLength(1);
  const mail = await PostalMime.parse(await mimeOf(stack, deliveries[0]!));
  return { mail, files: Object.fromEntries(mail.attachments.map(({ filename, content }) => [filename, sha(content as ArrayBuffer)])) };
}
const FILES = { 'report.bin': sha(LARGE), 'logo.png': sha(IMAGE), 'sheet.bin': sha(MIDDLE), 'second.bin': sha(MIDDLE) };

async function blobs(): Promise<string[]> {
  const account = BlobServiceClient.fromConnectionString(stack.stack.settings['STORAGE'] as string);
  const names: string[] = [];
  for await (const { name } of account.getContainerClient('content').listBlobsFlat()) names.push(name);
  return names;
}

describe('in JSON', () => {
  test('small attachments are posted, large ones uploaded in ranges; the claim check is gone when it is settled', async () => {
    const mailbox = 'large-json@contoso.com';
    const posted = await post(stack, mailbox, 'sendMail', { message: message() });
    expect(posted.status).toBe(202);
    expect((await blobs()).filter((name) => name.startsWith(posted.body.id))).toHaveLength(1);
    const request = await stack.untilStatus(posted.location, 'sent');
    expect(typesOf(request)).toContain('draftPrepared');
    expect((await received(mailbox)).files).toEqual(FILES);
    expect(await requestsOf(stack, mailbox)).toMatchObject({ createDraft: 1, attachment: 1, uploadSession: 1, put: 2, send: 1 });
    expect((await blobs()).filter((name) => name.startsWith(posted.body.id))).toEqual([]);
  });

  test('a reply takes them along, too', async () => {
    const mailbox = 'large-reply@contoso.com';
    const question = await original(stack, mailbox, 'Question');
    const { subject: _, toRecipients: __, ...rest } = message();
    const posted = await post(stack, mailbox, `messages/${question.id}/reply`, { message: rest });
    await stack.untilStatus(posted.location, 'sent');
    expect((await received(mailbox)).files).toEqual(FILES);
  });

  test('a draft is created only when it is complete', async () => {
    const mailbox = 'large-draft@contoso.com';
    const posted = await post(stack, mailbox, 'messages', message(), { prefer: 'wait=30' });
    expect(posted.status).toBe(201);
    const [draft] = await mailsIn(stack, mailbox, 'drafts');
    expect(draft?.attachments.map(({ name }) => name).sort()).toEqual(Object.keys(FILES).sort());
  });
});

describe('in MIME', () => {
  const part = (header: readonly string[], bytes: Uint8Array) => [
    ...header,
    'Content-Transfer-Encoding: base64',
    '',
    base64(bytes).replace(/(.{76})/g, '$1\r\n'),
  ];
  const mime = [
    'From: Ada <large-mime@contoso.com>',
    'To: other@example.com',
    'Bcc: hidden@example.com',
    'Reply-To: billing@contoso.com',
    'Subject: =?iso-8859-1?Q?Gro=DFe_Post?=',
    'X-Invoice: 4711',
    'Importance: high',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="outer"',
    '',
    '--outer',
    'Content-Type: multipart/related; boundary="inner"',
    '',
    '--inner',
    'Content-Type: multipart/alternative; boundary="texts"',
    '',
    '--texts',
    'Content-Type: text/plain; charset=iso-8859-1',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'Zum Gru=DFe',
    '--texts',
    'Content-Type: text/html; charset=iso-8859-1',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    HTML.replaceAll('=', '=3D').replace('ß', '=DF'),
    '--texts--',
    '--inner',
    ...part(
      ['Content-Type: image/png; name=logo.png', 'Content-ID: <logo@contoso.com>', 'Content-Disposition: inline; filename=logo.png'],
      IMAGE,
    ),
    '--inner--',
    '--outer',
    ...part(['Content-Type: application/octet-stream', 'Content-Disposition: attachment; filename="report.bin"'], LARGE),
    '--outer',
    ...part(['Content-Type: application/octet-stream', 'Content-Disposition: attachment; filename="sheet.bin"'], MIDDLE),
    '--outer',
    ...part(['Content-Type: application/octet-stream; name="second.bin"', 'Content-Disposition: attachment'], MIDDLE),
    '--outer--',
    '',
  ].join('\r\n');

  test('it is taken apart: a reader sees the same', async () => {
    const mailbox = 'large-mime@contoso.com';
    const posted = await post(stack, mailbox, 'sendMail', mime);
    expect(posted.status).toBe(202);
    const request = await stack.untilStatus(posted.location, 'sent');
    const before = await PostalMime.parse(mime);
    const { mail, files } = await received(mailbox);
    expect(files).toEqual(FILES);
    expect([mail.subject, mail.html?.trim()]).toEqual([before.subject, before.html?.trim()]);
    expect(mail.text).toContain('Zum Gruße');
    expect(mail.attachments.find(({ filename }) => filename === 'logo.png')).toMatchObject({
      contentId: '<logo@contoso.com>',
      mimeType: 'image/png',
    });
    expect([mail.from?.address, mail.to, mail.replyTo]).toEqual([before.from?.address, before.to, before.replyTo]);
    expect(mail.bcc).toBeUndefined();
    expect(mail.headers.find(({ key }) => key === 'x-invoice')?.value).toBe('4711');
    expect(mail.messageId).toBe(request.internetMessageId);
    expect(request.recipients.map(({ address, type }) => `${type} ${address}`)).toEqual(['to other@example.com', 'bcc hidden@example.com']);
  });

  test('what is signed or encrypted cannot be, and is refused with the reason', async () => {
    const signed = mime.replace('multipart/mixed; boundary', 'multipart/signed; protocol="application/pkcs7-signature"; boundary');
    const posted = await post(stack, 'large-signed@contoso.com', 'sendMail', signed);
    expect(posted.status).toBe(413);
    expect(posted.body).toMatchObject({ error: { code: 'ErrorMessageSizeExceeded', message: expect.stringContaining('S/MIME') } });
  });
});

describe('a range that breaks off', () => {
  const BREAKS = [
    ['before it was taken', { operation: 'put', when: 'before', answer: 'reset', skip: 1 }],
    ['after it was taken', { operation: 'put', when: 'after', answer: 'reset', skip: 0 }],
    ['in a gateway', { operation: 'put', when: 'after', answer: { status: 504 }, skip: 0 }],
  ] as const;

  test.each(BREAKS)('%s is taken up again where it broke off, in the same attempt', async (what, fault) => {
    const mailbox = `breaks-${what.replace(/\W+/g, '-')}@contoso.com`;
    await stack.fault({ id: what, mailbox, ...fault });
    const posted = await post(stack, mailbox, 'sendMail', { message: message() });
    const request = await stack.untilStatus(posted.location, 'sent');
    expect(await stack.fired()).toMatchObject({ [what]: 1 });
    expect(request.attempts).toBe(1);
    expect((await received(mailbox)).files).toEqual(FILES);
  });

  test('for good, or whose end is unknown, costs an attempt: the draft is made anew, and none is left behind', async () => {
    const mailbox = 'breaks-for-good@contoso.com';
    await stack.fault({ id: 'last range', mailbox, operation: 'put', when: 'after', answer: 'reset', skip: 1 });
    const posted = await post(stack, mailbox, 'sendMail', { message: message() });
    const request = await stack.untilStatus(posted.location, 'sent');
    expect(request.attempts).toBe(2);
    expect((await received(mailbox)).files).toEqual(FILES);
    expect(await mailsIn(stack, mailbox, 'drafts')).toEqual([]);
  });
});
