// Microsoft's own JavaScript client as a caller: each operation as it writes it, and its own repetitions, which cause no second mail.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Context,
  Client as GraphClient,
  HTTPMessageHandler,
  type Middleware,
  RetryHandler,
  RetryHandlerOptions,
  TelemetryHandler,
} from '@microsoft/microsoft-graph-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningStack } from '../../support/running-stack.ts';
import { at, base64, handedOn, original, startOperations } from './operations.ts';

/** The client knows https only. */
class PlainHttpHandler implements Middleware {
  private next: Middleware | undefined;
  setNext(next: Middleware): void {
    this.next = next;
  }
  async execute(context: Context): Promise<void> {
    const { request } = context;
    context.request = String(request).replace(/^https:/, 'http:');
    await this.next?.execute(context);
    // A repetition begins with the URL that the client knows: to another one it sends no client-request-id.
    context.request = request;
  }
}

function clientOf(url: string): GraphClient {
  // Its default wait of three seconds is as good as a shorter one.
  const chain = [
    new RetryHandler(new RetryHandlerOptions(1, 3)),
    new TelemetryHandler(),
    new PlainHttpHandler(),
    new HTTPMessageHandler(),
  ] as const;
  chain.forEach((handler, i) => {
    const next = chain[i + 1];
    if (next && 'setNext' in handler) handler.setNext(next);
  });
  // A host that isn't allowed gets no client-request-id, by which a repetition is known.
  const customHosts = new Set([new URL(url).hostname]);
  return GraphClient.initWithMiddleware({
    baseUrl: url.replace('http:', 'https:'),
    defaultVersion: 'v1.0',
    customHosts,
    middleware: chain[0],
  });
}

let stack: RunningStack;
let client: GraphClient;
/** A gateway that hands the first POST to each mailbox on, and then says that it gave up. */
let gateway: Server;
let behindGateway: GraphClient;

beforeAll(async () => {
  stack = await startOperations();
  client = clientOf(stack.url('functions'));
  const seen = new Set<string>();
  gateway = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...headers } = request.headers;
    const answer = await fetch(stack.url('functions') + request.url, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: Buffer.concat(chunks),
    });
    const isFirst = !seen.has(request.url ?? '');
    seen.add(request.url ?? '');
    response.writeHead(isFirst ? 504 : answer.status, { 'content-type': 'application/json' });
    response.end(isFirst ? '' : await answer.text());
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  behindGateway = clientOf(`http://127.0.0.1:${(gateway.address() as AddressInfo).port}`);
});
afterAll(async () => {
  gateway.close();
  await stack.close();
});

const message = { subject: 'From the client', body: { contentType: 'text', content: 'x' }, toRecipients: at('other@example.com') };
const MIME = base64('To: other@example.com\r\nSubject: From the client\r\n\r\nx\r\n');
const locationOf = (mailbox: string, { id }: { id: string }): string =>
  `${stack.url('functions')}/v1.0/users/${mailbox}/sendRequests/${id}`;
const OPERATIONS: [path: string, body: unknown, ends: string][] = [
  ['sendMail', { message }, 'sent'],
  ['messages', message, 'created'],
  ['messages/{original}/reply', { comment: 'Thanks' }, 'sent'],
  ['messages/{original}/replyAll', { comment: 'Thanks' }, 'sent'],
  ['messages/{original}/forward', { comment: 'Look', toRecipients: at('other@example.com') }, 'sent'],
  ['messages/{original}/createReply', {}, 'created'],
  ['messages/{original}/createReplyAll', {}, 'created'],
  ['messages/{original}/createForward', {}, 'created'],
];

describe("Microsoft's client", () => {
  test.concurrent.each(OPERATIONS)('does %s', async (path, body, ends) => {
    const mailbox = `client-${path.replace(/\W+/g, '-')}@contoso.com`.toLowerCase();
    const { immutableId } = await original(stack, mailbox, 'Question');
    const answer = (await client.api(`/users/${mailbox}/${path.replace('{original}', immutableId)}`).post(body)) as { id: string };
    await stack.untilStatus(locationOf(mailbox, answer), ends);
    expect(await handedOn(stack, mailbox)).toHaveLength(ends === 'sent' ? 1 : 0);
  });

  test.concurrent('of an older kind writes qualified names of actions, which mean the same', async () => {
    const mailbox = 'client-qualified@contoso.com';
    const draft = (await client.api(`/users/${mailbox}/messages`).header('Prefer', 'wait=30').post(message)) as { id: string };
    const sent = [
      (await client.api(`/users/${mailbox}/microsoft.graph.sendMail`).post({ message })) as { id: string },
      (await client.api(`/users/${mailbox}/messages/${draft.id}/microsoft.graph.send`).post({})) as { id: string },
    ];
    for (const answer of sent) await stack.untilStatus(locationOf(mailbox, answer), 'sent');
    expect(await handedOn(stack, mailbox)).toHaveLength(2);
  });

  test.concurrent('sends MIME, and sends a draft that it has waited for', async () => {
    const mailbox = 'client-mime@contoso.com';
    const draft = (await client
      .api(`/users/${mailbox}/messages`)
      .header('Prefer', 'wait=30')
      .header('Content-Type', 'text/plain')
      .post(MIME)) as { id: string; isDraft: boolean };
    expect(draft.isDraft).toBe(true);
    const sent = (await client.api(`/users/${mailbox}/messages/${draft.id}/send`).post({})) as { id: string };
    await stack.untilStatus(locationOf(mailbox, sent), 'sent');
    expect(await handedOn(stack, mailbox)).toHaveLength(1);
  });

  test.concurrent.each(['sendMail', 'messages/{original}/forward'])(
    'repeats %s by itself after a 504 of a gateway, and one mail goes out',
    async (path) => {
      const mailbox = `repeats-${path.replace(/\W+/g, '-')}@contoso.com`.toLowerCase();
      const { immutableId } = await original(stack, mailbox, 'Question');
      const body = path === 'sendMail' ? { message } : { toRecipients: at('other@example.com') };
      const answer = (await behindGateway.api(`/users/${mailbox}/${path.replace('{original}', immutableId)}`).post(body)) as { id: string };
      await stack.untilStatus(locationOf(mailbox, answer), 'sent');
      expect(await handedOn(stack, mailbox)).toHaveLength(1);
    },
  );
});
