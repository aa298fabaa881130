// Microsoft's older JavaScript client as a caller: each operation as it writes it, and its own repeats, which make no second mail.
import {
  Client as GraphClient,
  HTTPMessageHandler,
  RetryHandler,
  RetryHandlerOptions,
  TelemetryHandler,
} from '@microsoft/microsoft-graph-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chained, PlainHttpHandler } from '../../support/graph-sdk-over-http.ts';
import { at, base64, transported } from '../operations/operations.ts';
import {
  type Call,
  type Client,
  expectedOf,
  type LossyStack,
  loseAnswers,
  MESSAGE as message,
  OPERATIONS,
  startLossyStack,
} from './lost-answers.ts';

/** The chain of handlers that the client makes by default, but for the one for tokens and the one for redirects. */
function clientOf(url: string, { isCustomHost }: { isCustomHost: boolean }): GraphClient {
  // Its default wait of three seconds is as good as a shorter one.
  const retries = new RetryHandler(new RetryHandlerOptions(1, 3));
  return GraphClient.initWithMiddleware({
    baseUrl: url.replace('http:', 'https:'),
    defaultVersion: 'v1.0',
    // To a host that is not in this list the client sends no client-request-id.
    ...(isCustomHost && { customHosts: new Set([new URL(url).hostname]) }),
    middleware: chained(retries, new TelemetryHandler(), new PlainHttpHandler(), new HTTPMessageHandler()),
  });
}

const toRecipients = at('other@example.com');

function callsOf(client: GraphClient): Client {
  const item = ({ mailbox, item }: Call, action: string) => client.api(`/users/${mailbox}/messages/${item}/${action}`);
  return {
    sendMail: ({ mailbox }) => client.api(`/users/${mailbox}/sendMail`).post({ message }),
    messages: ({ mailbox }) => client.api(`/users/${mailbox}/messages`).post(message),
    reply: (call) => item(call, 'reply').post({ comment: 'Thanks' }),
    replyAll: (call) => item(call, 'replyAll').post({ comment: 'Thanks' }),
    forward: (call) => item(call, 'forward').post({ comment: 'Look', toRecipients }),
    createReply: (call) => item(call, 'createReply').post({}),
    createReplyAll: (call) => item(call, 'createReplyAll').post({}),
    createForward: (call) => item(call, 'createForward').post({}),
    send: (call) => item(call, 'send').post({}),
  };
}

let lossy: LossyStack;
beforeAll(async () => {
  lossy = await startLossyStack();
});
afterAll(() => lossy.close());

const untilSent = (mailbox: string, { id }: { id: string }) =>
  lossy.stack.untilStatus(`${lossy.stack.url('functions')}/v1.0/users/${mailbox}/sendRequests/${id}`, 'sent');

const KINDS = [
  { name: 'with customHosts', isCustomHost: true },
  { name: 'without customHosts', isCustomHost: false },
];

describe.each(KINDS)("Microsoft's older client $name", ({ name, isCustomHost }) => {
  test.concurrent.each(OPERATIONS)('repeats %s by itself when two answers are lost: one mail', async (operation) => {
    const calls = callsOf(clientOf(lossy.proxy.url, { isCustomHost }));
    const outcome = await loseAnswers(lossy, calls, name.replace(' ', '-'), operation);
    expect(outcome.attempts).toEqual([undefined, '1', '2']);
    expect(outcome.clientRequestIds).toSatisfy((ids: unknown[]) => ids.every((id) => (id !== undefined) === isCustomHost));
    expect(outcome).toMatchObject(expectedOf(operation));
  });

  test.concurrent('sends a mail with each call: an equal one is no repeat', async () => {
    const calls = callsOf(clientOf(lossy.proxy.url, { isCustomHost }));
    const twice = `${name.replace(' ', '-')}-twice`;
    await loseAnswers(lossy, calls, twice, 'sendMail', { lost: 0 });
    expect(await loseAnswers(lossy, calls, twice, 'sendMail', { lost: 1 })).toMatchObject({ mails: 2 });
  });
});

const MIME = base64('To: other@example.com\r\nSubject: From the client\r\n\r\nx\r\n');

describe("Microsoft's older client", () => {
  test.concurrent('of an older kind writes qualified names of actions, which mean the same', async () => {
    const mailbox = 'client-qualified@contoso.com';
    const client = clientOf(lossy.stack.url('functions'), { isCustomHost: true });
    const draft = (await client.api(`/users/${mailbox}/messages`).header('Prefer', 'wait=30').post(message)) as { id: string };
    const sent = [
      (await client.api(`/users/${mailbox}/microsoft.graph.sendMail`).post({ message })) as { id: string },
      (await client.api(`/users/${mailbox}/messages/${draft.id}/microsoft.graph.send`).post({})) as { id: string },
    ];
    for (const answer of sent) await untilSent(mailbox, answer);
    expect(await transported(lossy.stack, mailbox)).toHaveLength(2);
  });

  test.concurrent('sends MIME, and sends a draft that it has waited for', async () => {
    const mailbox = 'client-mime@contoso.com';
    const client = clientOf(lossy.stack.url('functions'), { isCustomHost: true });
    const draft = (await client
      .api(`/users/${mailbox}/messages`)
      .header('Prefer', 'wait=30')
      .header('Content-Type', 'text/plain')
      .post(MIME)) as { id: string; isDraft: boolean };
    expect(draft.isDraft).toBe(true);
    const sent = (await client.api(`/users/${mailbox}/messages/${draft.id}/send`).post({})) as { id: string };
    await untilSent(mailbox, sent);
    expect(await transported(lossy.stack, mailbox)).toHaveLength(1);
  });
});
