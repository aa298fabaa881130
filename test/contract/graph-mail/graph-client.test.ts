// Microsoft's own JavaScript client does its usual work against the emulator.
import {
  AuthenticationHandler,
  FileUpload,
  Client as GraphClient,
  HTTPMessageHandler,
  LargeFileUploadTask,
  PageIterator,
  ResponseType,
  RetryHandler,
  RetryHandlerOptions,
  TelemetryHandler,
} from '@microsoft/microsoft-graph-client';
import type { Message } from '@microsoft/microsoft-graph-types';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { chained, PlainHttpHandler } from '../../support/graph-sdk-over-http.ts';
import { type Client, mailbox, mimeBody, simpleMessage, simpleMime, startClient } from './support/client.ts';

let client: Client;
let graph: GraphClient;
beforeAll(async () => {
  client = await startClient();
  const authentication = new AuthenticationHandler({ getAccessToken: () => client.emulator.control.token() });
  const middleware = chained(
    authentication,
    new RetryHandler(new RetryHandlerOptions()),
    new TelemetryHandler(),
    new PlainHttpHandler({ 'X-Forwarded-Proto': 'https' }),
    new HTTPMessageHandler(),
  );
  const baseUrl = client.emulator.url.replace('http:', 'https:');
  graph = GraphClient.initWithMiddleware({ baseUrl, defaultVersion: 'v1.0', customHosts: new Set(['localhost']), middleware });
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.reset());

const user = `/users/${mailbox}`;

test('sends JSON and MIME', async () => {
  await graph.api(`${user}/sendMail`).post({ message: simpleMessage() });
  await graph.api(`${user}/sendMail`).header('Content-Type', 'text/plain').post(mimeBody(simpleMime()));
  await client.emulator.control.settled();
  expect(client.emulator.control.deliveries().map(({ format }) => format)).toEqual(['json', 'mime']);
});

test('creates, changes, reads and sends a draft', async () => {
  const draft = (await graph.api(`${user}/messages`).header('Prefer', 'IdType="ImmutableId"').post(simpleMessage())) as Message;
  await graph.api(`${user}/messages/${draft.id}`).patch({ subject: 'Changed' });
  const read = (await graph.api(`${user}/messages/${draft.id}`).select(['subject', 'isDraft']).get()) as Message;
  expect([read.subject, read.isDraft, read.body]).toEqual(['Changed', true, undefined]);
  const value = await graph.api(`${user}/messages/${draft.id}/$value`).responseType(ResponseType.TEXT).get();
  expect(value).toContain('Subject: Changed');
  await graph.api(`${user}/messages/${draft.id}/send`).post({});
  await client.emulator.control.settled();
  expect(client.emulator.control.deliveries()[0]?.subject).toBe('Changed');
});

test('uploads a large attachment in slices', async () => {
  const draft = (await graph.api(`${user}/messages`).post(simpleMessage())) as Message;
  const bytes = new Uint8Array(1_000_000).fill(7);
  const session = await LargeFileUploadTask.createUploadSession(graph, `${user}/messages/${draft.id}/attachments/createUploadSession`, {
    AttachmentItem: { attachmentType: 'file', name: 'large.bin', size: bytes.length },
  });
  const task = new LargeFileUploadTask(graph, new FileUpload(bytes, 'large.bin', bytes.length), session, { rangeSize: 327_680 });
  const result = await task.upload();
  expect(result.location).toContain('/Attachments(');
  expect(client.emulator.control.mails(mailbox, 'drafts')[0]?.attachments[0]?.content.length).toBe(bytes.length);
});

test('pages through a list, and follows a delta query', async () => {
  client.emulator.control.seed(mailbox, 'sentitems', 25);
  const seen: Message[] = [];
  const first = await graph.api(`${user}/mailFolders/sentitems/messages`).top(10).get();
  await new PageIterator(graph, first, (message) => seen.push(message) > 0).iterate();
  expect(new Set(seen.map(({ id }) => id)).size).toBe(25);
  const changes = new PageIterator(graph, await graph.api(`${user}/mailFolders/sentitems/messages/delta`).get(), () => true);
  await changes.iterate();
  expect(changes.getDeltaLink()).toContain('$deltatoken=');
});

test('answers, moves and deletes', async () => {
  const { id } = await client.emulator.control.incoming({ mailbox, mime: simpleMime().join('\r\n').replace('sender@', 'bob@') });
  await graph.api(`${user}/messages/${id}/reply`).post({ comment: 'Thanks' });
  const draft = (await graph
    .api(`${user}/messages/${id}/createForward`)
    .post({ toRecipients: [{ emailAddress: { address: 'alice@contoso.com' } }] })) as Message;
  const moved = (await graph.api(`${user}/messages/${draft.id}/move`).post({ destinationId: 'archive' })) as Message;
  await graph.api(`${user}/messages/${moved.id}`).delete();
  await client.emulator.control.settled();
  expect(client.emulator.control.deliveries()[0]?.recipients[0]?.address).toBe('bob@contoso.com');
  expect(client.emulator.control.mails(mailbox, 'deleteditems')).toHaveLength(1);
});

test('throws its GraphError with code, status and request id', async () => {
  const failed = await graph
    .api(`${user}/sendMail`)
    .post({ message: { subject: 'x' } })
    .catch((error: unknown) => error);
  expect(failed).toMatchObject({ statusCode: 400, code: 'ErrorInvalidRecipients', requestId: expect.any(String) });
});

test('its own retry sends a mail twice that was accepted but answered 504', async () => {
  client.emulator.control.faults.set([{ operation: 'sendMail', when: 'after', answer: { status: 504, retryAfter: 0 } }]);
  await graph.api(`${user}/sendMail`).post({ message: simpleMessage({ internetMessageId: '<twice@contoso.com>' }) });
  await client.emulator.control.settled();
  expect(client.emulator.control.deliveries({ messageId: '<twice@contoso.com>' })).toHaveLength(2);
});
