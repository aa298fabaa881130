// Microsoft's client for TypeScript that kiota generates, unmodified: its own repeats of each operation make no second mail.
import { AnonymousAuthenticationProvider, HttpMethod, RequestInformation } from '@microsoft/kiota-abstractions';
import { FetchRequestAdapter } from '@microsoft/kiota-http-fetchlibrary';
import { createGraphServiceClient, GraphRequestAdapter } from '@microsoft/msgraph-sdk';
import type { Message } from '@microsoft/msgraph-sdk/models/index.js';
import '@microsoft/msgraph-sdk-users';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Call, type Client, expectedOf, type LossyStack, loseAnswers, OPERATIONS, startLossyStack } from './lost-answers.ts';

let lossy: LossyStack;
let kiota: Client;

const message: Message = {
  subject: 'From the client',
  body: { contentType: 'text', content: 'x' },
  toRecipients: [{ emailAddress: { address: 'other@example.com' } }],
};
const toRecipients = message.toRecipients ?? [];

function kiotaClient(url: string): Client {
  const adapter = new GraphRequestAdapter(new AnonymousAuthenticationProvider());
  adapter.baseUrl = `${url}/v1.0`;
  const { users } = createGraphServiceClient(adapter);
  const at = ({ mailbox, item }: Call) => users.byUserId(mailbox).messages.byMessageId(item);
  return {
    sendMail: ({ mailbox }) => users.byUserId(mailbox).sendMail.post({ message, saveToSentItems: true }),
    messages: ({ mailbox }) => users.byUserId(mailbox).messages.post(message),
    reply: (call) => at(call).reply.post({ comment: 'Thanks' }),
    replyAll: (call) => at(call).replyAll.post({ comment: 'Thanks' }),
    forward: (call) => at(call).forward.post({ comment: 'Look', toRecipients }),
    createReply: (call) => at(call).createReply.post({ comment: 'Thanks' }),
    createReplyAll: (call) => at(call).createReplyAll.post({ comment: 'Thanks' }),
    createForward: (call) => at(call).createForward.post({ comment: 'Look', toRecipients }),
    send: (call) => at(call).send.post(),
  };
}

beforeAll(async () => {
  lossy = await startLossyStack();
  kiota = kiotaClient(lossy.proxy.url);
});
afterAll(() => lossy.close());

describe("Microsoft's kiota client", () => {
  test.concurrent.each(OPERATIONS)('repeats %s by itself when two answers are lost: one mail', async (operation) => {
    const outcome = await loseAnswers(lossy, kiota, 'kiota', operation);
    expect(outcome.attempts).toEqual([undefined, '1', '2']);
    expect(outcome).toMatchObject(expectedOf(operation));
  });

  test.concurrent.each([429, 503])('repeats after a %i that a gateway says in our place', async (status) => {
    const outcome = await loseAnswers(lossy, kiota, `kiota-${status}`, 'sendMail', { status, lost: 1 });
    expect(outcome).toMatchObject({ attempts: [undefined, '1'], mails: 1 });
  });

  test.concurrent('sends a mail with each call: an equal one is no repeat', async () => {
    await loseAnswers(lossy, kiota, 'kiota-twice', 'sendMail', { lost: 0 });
    await expect(loseAnswers(lossy, kiota, 'kiota-twice', 'sendMail', { lost: 1 })).resolves.toMatchObject({ mails: 2 });
  });

  test.concurrent("has the mail's id from a draft that it waits for", async () => {
    const adapter = new GraphRequestAdapter(new AnonymousAuthenticationProvider());
    adapter.baseUrl = `${lossy.stack.url('functions')}/v1.0`;
    const { users } = createGraphServiceClient(adapter);
    const draft = await users.byUserId('kiota-wait@contoso.com').messages.post(message, { headers: { Prefer: 'wait=60' } });
    expect(draft).toMatchObject({ isDraft: true, subject: 'From the client' });
  });
});

describe('@microsoft/kiota-http-fetchlibrary, on its own', () => {
  test.concurrent('sends MIME, repeats it by itself, and one mail goes out', async () => {
    const adapter = new FetchRequestAdapter(new AnonymousAuthenticationProvider());
    const mime = async ({ mailbox }: Call): Promise<void> => {
      const request = new RequestInformation(HttpMethod.POST);
      request.URL = `${lossy.proxy.url}/v1.0/users/${mailbox}/sendMail`;
      request.headers.add('Content-Type', 'text/plain');
      const text = 'To: other@example.com\r\nSubject: From the client\r\n\r\nx\r\n';
      request.content = new TextEncoder().encode(Buffer.from(text).toString('base64')).buffer as ArrayBuffer;
      await adapter.sendNoResponseContent(request, undefined);
    };
    const outcome = await loseAnswers(lossy, { ...kiota, sendMail: mime }, 'kiota-mime', 'sendMail');
    expect(outcome).toMatchObject({ attempts: [undefined, '1', '2'], mails: 1 });
  });
});
