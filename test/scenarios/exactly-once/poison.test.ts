// What nobody can handle is set aside with its content and the reason, recorded, and the lane moves on.
import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toQueueMessage } from '../../../shared/adapters/service-bus/queue-message-codec.ts';
import type { Held } from '../../support/fault-proxy.ts';
import { type ProxiedStack, startProxiedStack } from '../../support/proxied-stack.ts';
import { event, queueMessage, record } from '../../support/samples.ts';
import { until } from '../../support/until.ts';
import { atEvent } from './crash-points.ts';

let stack: ProxiedStack;
let client: ServiceBusClient;
let blobs: BlobServiceClient;

beforeAll(async () => {
  // One lane per mailbox, so that what comes later waits for what came first.
  stack = await startProxiedStack({ proxied: ['tables'], settings: { LANES_PER_MAILBOX: '1' } });
  client = new ServiceBusClient(stack.stack.settings['SERVICE_BUS'] as string);
  blobs = BlobServiceClient.fromConnectionString(stack.stack.settings['STORAGE'] as string);
});
afterAll(async () => {
  await client?.close();
  await stack?.close();
});

async function enqueue(message: ServiceBusMessage): Promise<void> {
  const sender = client.createSender('send-requests');
  await sender.sendMessages(message);
  await sender.close();
}

interface SetAside {
  reason: string;
  body: unknown;
}

/** What was set aside with this reason and this in its body, once it is there: others are set aside at the same time. */
async function setAside(reason: RegExp, holds: string): Promise<SetAside> {
  const read = async (): Promise<SetAside[]> => {
    const container = blobs.getContainerClient('poison');
    const found: SetAside[] = [];
    for await (const { name } of container.listBlobsFlat()) {
      found.push(JSON.parse((await container.getBlobClient(name).downloadToBuffer()).toString()) as SetAside);
    }
    return found.filter((one) => reason.test(one.reason) && JSON.stringify(one.body).includes(holds));
  };
  const [found] = await until(`set aside: ${reason}`, read, ({ length }) => length > 0);
  return found as SetAside;
}

/** The lane of a mailbox goes on after what was set aside. */
async function laneMovesOn(mailbox: string): Promise<void> {
  const { location } = await stack.send({ mailbox, subject: `after poison in ${mailbox}` });
  await stack.untilStatus(location, 'sent');
  expect(await stack.deliveries(`after poison in ${mailbox}`)).toHaveLength(1);
}

const now = () => new Date().toISOString();
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();

describe.concurrent('poison', () => {
  test('a queue message that is none of ours', async () => {
    const mailbox = 'poison-stranger@contoso.com';
    await enqueue({ messageId: 'stranger', sessionId: `${mailbox}/0`, body: { hello: 'world' } });
    expect((await setAside(/not a queue message/, 'world')).body).toEqual({ hello: 'world' });
    await laneMovesOn(mailbox);
  });

  test('a queue message that is not even JSON', async () => {
    const mailbox = 'poison-bytes@contoso.com';
    await enqueue({ messageId: 'bytes', sessionId: `${mailbox}/0`, body: Buffer.from('\u0000 no JSON') });
    expect(JSON.stringify(await setAside(/not JSON/, 'no JSON'))).toContain('no JSON');
    await laneMovesOn(mailbox);
  });

  test('a queue message of a future version', async () => {
    const mailbox = 'poison-future@contoso.com';
    const message = toQueueMessage(queueMessage(mailbox));
    const body = { ...JSON.parse(String(message.body)), schemaVersion: 2, novelty: true };
    await enqueue({ ...message, sessionId: `${mailbox}/0`, body });
    expect((await setAside(/schemaVersion 2/, mailbox)).body).toMatchObject({ mailbox, novelty: true });
    await laneMovesOn(mailbox);
  });

  test('a record of a future version: it is left as it is', async () => {
    const mailbox = 'poison-record@contoso.com';
    const message = queueMessage(mailbox, { createdDateTime: now(), sendBefore: tomorrow() });
    const future = { ...record(mailbox, { id: message.id, sendBefore: tomorrow() }), schemaVersion: 2 as unknown as 1 };
    await stack.statusLog.create({ record: future, events: [event('0000-enqueued')] });
    const before = await stack.statusLog.read(mailbox, message.id);
    await enqueue({ ...toQueueMessage(message), sessionId: `${mailbox}/0` });
    expect((await setAside(/record .*schemaVersion 2/, mailbox)).body).toMatchObject({ id: message.id });
    expect(before?.value).toMatchObject({ schemaVersion: 2, id: message.id });
    expect(await stack.statusLog.read(mailbox, message.id)).toEqual(before);
    await laneMovesOn(mailbox);
  });

  test('content that is gone from Blob Storage: the log says deadLettered, and why', async () => {
    const mailbox = 'poison-content@contoso.com';
    const text = 'x'.repeat(300_000);
    const toRecipients = [{ emailAddress: { address: 'customer@example.com' } }];
    const message = { subject: 'gone', body: { contentType: 'Text', content: text }, toRecipients };
    const sendAt = new Date(Date.now() + 1_500).toISOString();
    const headers = { 'content-type': 'application/json', 'send-at': sendAt };
    const { location, body } = await stack.post(`/v1.0/users/${mailbox}/sendMail`, JSON.stringify({ message }), headers);
    const container = blobs.getContainerClient('content');
    for await (const { name } of container.listBlobsFlat({ prefix: body.id })) await container.deleteBlob(name);
    const request = await stack.untilStatus(location, 'deadLettered');
    expect(request.error?.message).toContain('gone from Blob Storage');
    expect((await setAside(/gone from Blob Storage/, mailbox)).body).toMatchObject({ id: body.id, mailbox });
    await laneMovesOn(mailbox);
  });
});

test('a queue message that the broker gives up is recorded with the reason, its content is kept, and nothing is sent', async () => {
  const mailbox = 'given-up@contoso.com';
  const held: Held[] = Array.from({ length: 10 }, () => atEvent('before', 'submissionStarted')(stack, mailbox));
  const { location, body } = await stack.send({ mailbox, subject: 'given up' });
  for (const { reached } of held) {
    await reached;
    await stack.bus('POST', 'entities/send-requests/locks/expire');
  }
  const request = await stack.untilStatus(location, 'deadLettered');
  for (const { release } of held) release();
  await stack.drained();
  expect(request.error).toMatchObject({ code: 'DeadLettered', message: expect.stringMatching(/MaxDeliveryCount/i) });
  expect(await blobs.getContainerClient('kept').getBlobClient(body.id).exists()).toBe(true);
  expect((await stack.get(location)).status).toBe('deadLettered');
  expect(await stack.deliveries('given up')).toHaveLength(0);
  await laneMovesOn(mailbox);
});
