// Each of Graph's nine operations, in JSON and in MIME, from the POST to the recipients.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningStack } from '../../support/running-stack.ts';
import { at, mailsIn, mimeOf, original, post, startOperations, transported } from './operations.ts';
import { describeProperties } from './properties.ts';
import { describeSecondSend } from './second-send.ts';

let stack: RunningStack;
beforeAll(async () => {
  stack = await startOperations();
});
afterAll(() => stack.close());

const MIME = ['From: ada@contoso.com', 'To: other@example.com', 'Subject: As MIME', 'X-Own: yes', '', 'Written by hand.', ''].join('\r\n');
const TO_ALL = ['customer@example.com', 'colleague@example.com', 'copied@example.com'];

interface Case {
  operation: 'reply' | 'replyAll' | 'forward';
  format: 'json' | 'mime';
  body: Record<string, unknown> | string;
  to: string[];
  subject: string;
  text: string;
}

const ANSWERS: Case[] = [
  {
    operation: 'reply',
    format: 'json',
    body: { comment: 'Thanks' },
    to: ['customer@example.com'],
    subject: 'RE: Question',
    text: 'Thanks',
  },
  { operation: 'reply', format: 'mime', body: MIME, to: ['customer@example.com'], subject: 'As MIME', text: 'Written by hand.' },
  {
    operation: 'replyAll',
    format: 'json',
    body: { message: { body: { contentType: 'text', content: 'To you all' } } },
    to: TO_ALL,
    subject: 'RE: Question',
    text: 'To you all',
  },
  { operation: 'replyAll', format: 'mime', body: MIME, to: TO_ALL, subject: 'As MIME', text: 'Written by hand.' },
  {
    operation: 'forward',
    format: 'json',
    body: { comment: 'For you', toRecipients: at('other@example.com') },
    to: ['other@example.com'],
    subject: 'FW: Question',
    text: 'For you',
  },
  { operation: 'forward', format: 'mime', body: MIME, to: ['other@example.com'], subject: 'As MIME', text: 'Written by hand.' },
];

describe('what answers a mail', () => {
  test.concurrent.each(ANSWERS)('$operation in $format goes to whom it should, threaded, and the log names them', async (one) => {
    const mailbox = `${one.operation}-${one.format}@contoso.com`.toLowerCase();
    const question = await original(stack, mailbox, 'Question');
    const posted = await post(stack, mailbox, `messages/${question.id}/${one.operation}`, one.body);
    expect([posted.status, posted.body.operation]).toEqual([202, one.operation]);
    const request = await stack.untilStatus(posted.location, 'sent');
    expect(request.recipients.map(({ address }) => address)).toEqual(one.to);
    const [mail, ...others] = await transported(stack, mailbox);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ subject: one.subject, internetMessageId: request.internetMessageId });
    expect(mail?.recipients.map(({ address }) => address)).toEqual(one.to);
    const source = (await mimeOf(stack, mail!)).toString();
    expect(source).toContain(one.text);
    expect(source).toMatch(new RegExp(`^In-Reply-To: ${question.internetMessageId}`, 'im'));
  });
});

describe('what only makes a draft', () => {
  const message = { subject: 'A draft', body: { contentType: 'HTML', content: '<p>Not yet</p>' }, toRecipients: at('other@example.com') };
  const DRAFTS: [operation: string, format: string, body: Record<string, unknown> | string | undefined, subject: string, to: string[]][] = [
    ['messages', 'json', message, 'A draft', ['other@example.com']],
    ['messages', 'mime', MIME, 'As MIME', ['other@example.com']],
    ['createReply', 'nothing', undefined, 'RE: Question', ['customer@example.com']],
    ['createReply', 'mime', MIME, 'As MIME', ['customer@example.com']],
    ['createReplyAll', 'json', { comment: 'Later' }, 'RE: Question', ['customer@example.com', 'colleague@example.com']],
    ['createReplyAll', 'mime', MIME, 'As MIME', ['customer@example.com', 'colleague@example.com']],
    ['createForward', 'json', { toRecipients: at('other@example.com') }, 'FW: Question', ['other@example.com']],
    ['createForward', 'nothing', undefined, 'FW: Question', []],
    ['createForward', 'mime', MIME, 'As MIME', ['other@example.com']],
  ];

  test.concurrent.each(DRAFTS)(
    '%s in %s ends created, with the id and the link of the draft, and is answered 201 to one who waits',
    async (operation, format, body, subject, to) => {
      const mailbox = `${operation}-${format}@contoso.com`.toLowerCase();
      const question = await original(stack, mailbox, 'Question');
      const path = operation === 'messages' ? operation : `messages/${question.id}/${operation}`;
      const posted = await post(stack, mailbox, path, body, { prefer: 'wait=30' });
      expect(posted.status).toBe(201);
      expect(posted.headers.get('preference-applied')).toBe('wait=30');
      const request = (await stack.get(posted.location)) as unknown as { status: string; draft: { id: string; webLink: string } };
      const drafts = await mailsIn(stack, mailbox, 'drafts');
      expect(drafts).toHaveLength(1);
      expect(drafts[0]).toMatchObject({ subject, to, isDraft: true, immutableId: request.draft.id });
      // The message is Graph's own resource.
      expect(posted.body).toMatchObject({
        ...request.draft,
        '@odata.context': expect.any(String),
        subject,
        isDraft: true,
        bodyPreview: expect.any(String),
      });
      expect(request.status).toBe('created');
      expect(request.draft.webLink).toMatch(/^https:\/\//);
      expect(await transported(stack, mailbox)).toEqual([]);
    },
  );

  test('Prefer: wait answers 201 with the message, as Graph does; without it, or too soon, 202', async () => {
    const mailbox = 'waits@contoso.com';
    const waited = await post(stack, mailbox, 'messages', message, { prefer: 'wait=20' });
    expect(waited.status).toBe(201);
    expect(waited.body).toMatchObject({
      subject: 'A draft',
      isDraft: true,
      toRecipients: at('other@example.com').map((one) =>
        expect.objectContaining({ emailAddress: expect.objectContaining(one.emailAddress) }),
      ),
    });
    expect(waited.headers.get('preference-applied')).toBe('wait=20');
    const [draft] = await mailsIn(stack, mailbox, 'drafts');
    expect(waited.body.id).toBe(draft?.immutableId);
    expect((await stack.get(waited.location)).status).toBe('created');
    await stack.fault({ id: 'slow', mailbox, operation: 'createDraft', when: 'before', answer: { status: 429, retryAfter: 30 } });
    const soon = await post(stack, mailbox, 'messages', message, { prefer: 'respond-async, wait=1' });
    expect([soon.status, soon.body.operation]).toEqual([202, 'createDraft']);
  });
});

describe('send', () => {
  const message = { subject: 'Made, then sent', body: { contentType: 'text', content: 'x' }, toRecipients: at('other@example.com') };

  test("takes Graph's id of a draft, and tells what is in it", async () => {
    const mailbox = 'send-by-id@contoso.com';
    const made = await post(stack, mailbox, 'messages', message, { prefer: 'wait=20' });
    const sent = await post(stack, mailbox, `messages/${made.body.id}/send`);
    expect([sent.status, sent.body.operation]).toEqual([202, 'send']);
    const request = await stack.untilStatus(sent.location, 'sent');
    expect(request).toMatchObject({ subject: 'Made, then sent', recipients: [{ address: 'other@example.com', type: 'to' }] });
    expect(await transported(stack, mailbox)).toMatchObject([{ subject: 'Made, then sent', internetMessageId: request.internetMessageId }]);
    expect((await stack.get(made.location)).status).toBe('created');
  });

  test("takes a send request's id wherever a draft's id is, and waits for it: create and send need no pause", async () => {
    const mailbox = 'send-by-request@contoso.com';
    const made = await post(stack, mailbox, 'messages', message);
    const sent = await post(stack, mailbox, `messages/${made.body.id}/send`);
    await stack.untilStatus(sent.location, 'sent');
    const forwarded = await post(stack, mailbox, `messages/${sent.body.id}/forward`, { toRecipients: at('third@example.com') });
    await stack.untilStatus(forwarded.location, 'sent');
    expect((await transported(stack, mailbox)).map(({ subject }) => subject)).toEqual(['Made, then sent', 'FW: Made, then sent']);
  });

  test('what comes back for a draft that was sent is told of the request that sent it', async () => {
    const mailbox = 'send-fails@contoso.com';
    const made = await post(stack, mailbox, 'messages', { ...message, toRecipients: at('unknown-user@example.org') });
    const sent = await post(stack, mailbox, `messages/${made.body.id}/send`, {});
    const request = await stack.untilStatus(sent.location, 'failed');
    expect(request.recipients).toMatchObject([{ action: 'failed', status: '5.1.1' }]);
  });

  test.each([
    [
      'was sent already',
      async (mailbox: string) => {
        const made = await post(stack, mailbox, 'messages', message, { prefer: 'wait=20' });
        await stack.untilStatus((await post(stack, mailbox, `messages/${made.body.id}/send`)).location, 'sent');
        return made.body.id;
      },
    ],
    ['is not there', async () => 'AAMkADAwATM0MDAAMS1iNTcwLWI2NTEtMDACLTAwCgBGAAAA'],
    [
      'was deleted by its owner',
      async (mailbox: string) => {
        const made = await post(stack, mailbox, 'messages', message);
        const { draft } = (await stack.untilStatus(made.location, 'created')) as unknown as { draft: { id: string } };
        const { access_token } = await stack.graph<{ access_token: string }>('POST', 'token', {});
        const url = `${stack.url('graph')}/v1.0/users/${mailbox}/messages/${draft.id}/permanentDelete`;
        const deleted = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${access_token}` } });
        if (!deleted.ok) throw new Error(`not deleted: ${deleted.status}`);
        return made.body.id;
      },
    ],
    [
      'was never made',
      async (mailbox: string) => {
        await stack.fault({
          id: `never ${mailbox}`,
          mailbox,
          operation: 'createDraft',
          when: 'before',
          answer: { status: 400, code: 'ErrorInvalidRecipients' },
        });
        return (await post(stack, mailbox, 'messages', message)).body.id;
      },
    ],
  ] as const)('a draft that %s ends rejected, and says why', async (what, make) => {
    const mailbox = `send-${what.replace(/\W+/g, '-')}@contoso.com`;
    const before = (await transported(stack, mailbox)).length;
    const id = await make(mailbox);
    const sent = await post(stack, mailbox, `messages/${id}/send`);
    expect(sent.status).toBe(202);
    const request = await stack.untilStatus(sent.location, 'rejected');
    expect(request.error).toMatchObject({ code: 'ErrorItemNotFound' });
    expect((await transported(stack, mailbox)).length - before).toBeLessThanOrEqual(1);
  });
});

describeSecondSend(() => stack);

test('an original that is not there ends rejected', async () => {
  const posted = await post(stack, 'no-original@contoso.com', 'messages/AAMkADAwATM0MDAAMS1iNTcwLWI2NTEtMDACLTAwCgBGAAAA/reply', {
    comment: 'x',
  });
  expect((await stack.untilStatus(posted.location, 'rejected')).error?.code).toBe('ErrorItemNotFound');
});

describeProperties(() => stack);
