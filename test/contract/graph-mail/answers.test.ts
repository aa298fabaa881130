// reply, replyAll, forward and their drafts: recipients, subject, quotation, threading, conflicts, in JSON and MIME.
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Client, mailbox, mimeBody, startClient, to } from './support/client.ts';

let client: Client;
let original = '';
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());
beforeEach(async () => {
  client.emulator.control.reset();
  const mime = [
    'From: Alice <alice@contoso.com>',
    'To: sender@contoso.com, bob@contoso.com',
    'Cc: carl@example.com',
    'Subject: Offer',
    'Message-ID: <offer@contoso.com>',
    'References: <root@contoso.com>',
    'Content-Type: text/html',
    '',
    '<html><body><p>The <b>offer</b></p></body></html>',
  ];
  original = (await client.emulator.control.incoming({ mailbox, mime: mime.join('\r\n') })).id;
});

const post = (action: string, body?: unknown) => client.user('POST', `/messages/${original}/${action}`, body);
async function delivered() {
  await client.emulator.control.settled();
  const [record] = client.emulator.control.deliveries();
  if (record === undefined) throw new Error('nothing was handed on');
  return { record, mail: await PostalMime.parse(record.mime), recipients: record.recipients.map(({ address }) => address) };
}
const header = (mail: Awaited<ReturnType<typeof PostalMime.parse>>, name: string) => mail.headers.find(({ key }) => key === name)?.value;

test.each([
  ['reply', ['alice@contoso.com'], 'RE: Offer'],
  ['replyAll', ['alice@contoso.com', 'bob@contoso.com', 'carl@example.com'], 'RE: Offer'],
])('%s goes to those it should, quotes the original and threads with it', async (action, expected, subject) => {
  expect((await post(action, { comment: 'Yes & no' })).status).toBe(202);
  const { mail, recipients } = await delivered();
  expect(recipients).toEqual(expected);
  expect([mail.subject, mail.inReplyTo, mail.references]).toEqual([
    subject,
    '<offer@contoso.com>',
    '<root@contoso.com> <offer@contoso.com>',
  ]);
  expect(header(mail, 'thread-index')).toBeTruthy();
  expect(mail.html).toMatch(/Yes &#38; no[\s\S]*<b>From:<\/b>[\s\S]*The <b>offer<\/b>/);
  const conversation = client.emulator.control.mails(mailbox).map(({ conversationId }) => conversationId);
  expect(new Set(conversation).size).toBe(1);
});

test('forward takes its recipients from exactly one place, and keeps attachments', async () => {
  expect((await post('forward', { comment: 'fyi', toRecipients: to('bob@contoso.com') })).status).toBe(202);
  expect((await delivered()).mail.subject).toBe('FW: Offer');
  expect((await post('forward', { message: { toRecipients: to('bob@contoso.com') } })).status).toBe(202);
  expect((await post('forward', { comment: 'x' })).status).toBe(400);
  expect((await post('forward', { toRecipients: to('bob@contoso.com'), message: { toRecipients: to('bob@contoso.com') } })).status).toBe(
    400,
  );
  expect((await post('createForward')).status).toBe(201);
});

test.each(['reply', 'replyAll', 'forward', 'createReply', 'createReplyAll', 'createForward'])(
  '%s: a comment together with a body is 400',
  async (action) => {
    const message = {
      body: { contentType: 'text', content: 'x' },
      ...(/forward/i.test(action) ? { toRecipients: to('bob@contoso.com') } : {}),
    };
    expect((await post(action, { comment: 'y', message })).status).toBe(400);
    expect((await post(action, { Message: message })).status).toBe(action.startsWith('create') ? 201 : 202);
  },
);

test('a reply goes to Reply-To where the original has one, and to recipients named in message instead', async () => {
  const mime = ['From: alice@contoso.com', 'Reply-To: bob@contoso.com', 'To: sender@contoso.com', 'Subject: RE: a', '', 'x'].join('\n');
  const { id } = await client.emulator.control.incoming({ mailbox, mime });
  const draft = async (body: unknown) => (await client.user('POST', `/messages/${id}/createReply`, body)).json;
  const plain = await draft({ comment: 'ok' });
  expect([plain.subject, plain.toRecipients[0].emailAddress.address, plain.body.contentType]).toEqual(['RE: a', 'bob@contoso.com', 'text']);
  expect((await draft({ message: { toRecipients: to('dan@example.com') } })).toRecipients[0].emailAddress.address).toBe('dan@example.com');
});

test('a draft made of MIME is 201 with null for the delivery receipt', async () => {
  const body = mimeBody(['Subject: own', 'Message-ID: <r@contoso.com>', '', 'text']);
  const draft = await post('createReply', body);
  const { isDraft, isDeliveryReceiptRequested, toRecipients, internetMessageId } = draft.json;
  expect([draft.status, isDraft, isDeliveryReceiptRequested, toRecipients[0].emailAddress.address, internetMessageId]).toEqual([
    201,
    true,
    null,
    'alice@contoso.com',
    '<r@contoso.com>',
  ]);
});

test('a MIME reply goes to the sender of the original; what threads it is put on top, the rest stays as it was', async () => {
  const lines = ['Subject: own', 'MIME-Version: 1.0', 'Content-Type: text/plain', '', 'text', ''];
  expect((await post('reply', mimeBody(lines))).status).toBe(202);
  const { record, mail, recipients } = await delivered();
  expect(recipients).toEqual(['alice@contoso.com']);
  expect([mail.inReplyTo, mail.to?.[0]?.address]).toEqual(['<offer@contoso.com>', 'alice@contoso.com']);
  expect(record.mime.toString().endsWith(lines.join('\r\n'))).toBe(true);
});

test('whether createReply keeps the comment is a switch', async () => {
  const body = async () => (await post('createReply', { comment: 'my words' })).json.body.content;
  expect(await body()).toContain('my words');
  client.emulator.control.setSwitches({ commentInDraft: false });
  expect(await body()).not.toContain('my words');
});

test('an unknown original is 404', async () => {
  expect((await client.user('POST', `/messages/${'A'.repeat(90)}/reply`, { comment: 'x' })).json.error.code).toBe('ErrorItemNotFound');
});
