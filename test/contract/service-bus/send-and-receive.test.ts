// Sending and receiving by the unmodified client: content, batches, modes, credit, size limits.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receiveExactly, receiveNothing, receiveOne, type Stack, startStack, until } from './support.ts';

let stack: Stack;
const names = ['content', 'ids', 'batch', 'array', 'delete', 'subscribe', 'drain', 'size', 'many', 'compete', 'case'];
beforeAll(async () => {
  stack = await startStack(Object.fromEntries(names.map((name) => [name, {}])));
});
afterAll(() => stack.close());

describe('content', () => {
  test('a message arrives as it was sent, with what the broker knows of it', async () => {
    const sent = {
      body: { text: 'häßlich €', list: [1, 2.5, null, true] },
      messageId: 'id-1',
      correlationId: 'c-1',
      subject: 'subject',
      contentType: 'application/json',
      to: 'there',
      replyTo: 'here',
      applicationProperties: { text: 'x', number: 7, real: 1.5, yes: true },
      timeToLive: 60_000,
    };
    await stack.client.createSender('content').sendMessages(sent);
    const got = await receiveOne(stack.client.createReceiver('content'));
    expect(got).toMatchObject(sent);
    expect(got.deliveryCount).toBe(0);
    expect(got.sequenceNumber?.toString()).toBe('1');
    expect(got.lockToken).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(got.lockedUntilUtc!.getTime() - got.enqueuedTimeUtc!.getTime()).toBeGreaterThanOrEqual(60_000);
    expect(got.expiresAtUtc!.getTime() - got.enqueuedTimeUtc!.getTime()).toBe(60_000);
    expect(got.state).toBe('active');
  });

  test.each([
    ['bytes', Buffer.from([0, 1, 2, 255])],
    ['text', 'just text'],
    ['nothing', null],
    ['an empty text', ''],
  ])('a body of %s arrives as it was', async (_name, body) => {
    await stack.client.createSender('content').sendMessages({ body });
    const receiver = stack.client.createReceiver('content', { receiveMode: 'receiveAndDelete' });
    expect((await receiveOne(receiver)).body).toEqual(body);
    await receiver.close();
  });

  test.each([
    ['value', 'as a value'],
    ['sequence', [1, 'two']],
  ] as const)('an AMQP %s section arrives as such', async (bodyType, body) => {
    await stack.client.createSender('content').sendMessages({ body, bodyType });
    const receiver = stack.client.createReceiver('content', { receiveMode: 'receiveAndDelete' });
    const got = await receiveOne(receiver);
    expect([got._rawAmqpMessage.bodyType, got.body]).toEqual([bodyType, body]);
    await receiver.close();
  });

  test('each message without an id gets one of its own, and can be settled', async () => {
    await stack.client.createSender('ids').sendMessages([{ body: 1 }, { body: 2 }]);
    const receiver = stack.client.createReceiver('ids');
    const got = await receiveExactly(receiver, 2);
    expect(new Set(got.map((message) => message.messageId)).size).toBe(2);
    for (const message of got) await receiver.completeMessage(message);
    expect(stack.emulator.broker.queue('ids')!.store.size).toBe(0);
  });
});

describe('batches', () => {
  test('a batch arrives as single messages in their order', async () => {
    const sender = stack.client.createSender('batch');
    const batch = await sender.createMessageBatch();
    for (let i = 0; i < 20; i++) expect(batch.tryAddMessage({ body: i, applicationProperties: { i } })).toBe(true);
    await sender.sendMessages(batch);
    const got = await receiveExactly(stack.client.createReceiver('batch', { receiveMode: 'receiveAndDelete' }), 20);
    expect(got.map((message) => message.body)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(got[3]?.applicationProperties).toEqual({ i: 3 });
  });

  test('a batch takes no more than a Standard-tier message may hold', async () => {
    const batch = await stack.client.createSender('batch').createMessageBatch();
    expect(batch.maxSizeInBytes).toBe(262_144);
    expect(batch.tryAddMessage({ body: Buffer.alloc(263_000) })).toBe(false);
  });

  test('a message of the largest size passes, across many frames, and a larger one is refused', async () => {
    const sender = stack.client.createSender('size');
    const body = Buffer.alloc(261_900, 7);
    await sender.sendMessages({ body });
    const got = await receiveOne(stack.client.createReceiver('size'));
    expect(Buffer.compare(got.body, body)).toBe(0);
    await expect(sender.sendMessages({ body: Buffer.alloc(262_144) })).rejects.toMatchObject({ code: 'MessageSizeExceeded' });
  });
});

describe('receiving', () => {
  test('receive-and-delete leaves nothing behind', async () => {
    await stack.client.createSender('delete').sendMessages({ body: 1 });
    await receiveOne(stack.client.createReceiver('delete', { receiveMode: 'receiveAndDelete' }));
    expect(stack.emulator.broker.queue('delete')!.store.size).toBe(0);
  });

  test('subscribe completes what its handler takes and abandons what it throws at', async () => {
    const bodies: unknown[] = [];
    const receiver = stack.client.createReceiver('subscribe');
    const subscription = receiver.subscribe(
      {
        processMessage: async ({ body, deliveryCount }) => {
          bodies.push(`${body}/${deliveryCount}`);
          if (body === 'bad' && deliveryCount === 0) throw new Error('once');
        },
        processError: async () => {},
      },
      { maxConcurrentCalls: 1 },
    );
    await stack.client.createSender('subscribe').sendMessages([{ body: 'a' }, { body: 'bad' }, { body: 'c' }]);
    await until(() => stack.emulator.broker.queue('subscribe')!.store.size === 0 && bodies.length === 4, 'four calls');
    await subscription.close();
    await receiver.close();
    expect(bodies).toEqual(['a/0', 'bad/0', 'bad/1', 'c/0']);
  });

  test('unused credit is drained, so that a later message stays in the queue', async () => {
    const receiver = stack.client.createReceiver('drain');
    expect(await receiver.receiveMessages(10, { maxWaitTimeInMs: 20 })).toEqual([]);
    await stack.client.createSender('drain').sendMessages({ body: 1 });
    expect(stack.emulator.broker.queue('drain')!.life.locks.size).toBe(0);
    expect((await receiveOne(receiver)).body).toBe(1);
  });

  test('more than 2,048 messages pass one link', async () => {
    const count = 2_500;
    const sender = stack.client.createSender('many');
    for (let i = 0; i < count; i += 500) await sender.sendMessages(Array.from({ length: 500 }, (_, k) => ({ body: i + k })));
    const receiver = stack.client.createReceiver('many', { receiveMode: 'receiveAndDelete' });
    const got = await receiveExactly(receiver, 2_000);
    got.push(...(await receiveExactly(receiver, count - 2_000)));
    expect(got.map((message) => message.body)).toEqual(Array.from({ length: count }, (_, i) => i));
  });

  test('competing receivers share the messages and get none twice', async () => {
    await stack.client.createSender('compete').sendMessages(Array.from({ length: 20 }, (_, i) => ({ body: i })));
    const receivers = [stack.client.createReceiver('compete'), stack.newClient().createReceiver('compete')];
    const got = (await Promise.all(receivers.map((receiver) => receiveExactly(receiver, 10)))).flat();
    expect(got.map((message) => message.body as number).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test('names are not case-sensitive', async () => {
    await stack.client.createSender('CASE').sendMessages({ body: 1 });
    const receiver = stack.client.createReceiver('Case');
    await receiver.deadLetterMessage(await receiveOne(receiver));
    expect((await receiveOne(stack.client.createReceiver('case', { subQueueType: 'deadLetter' }))).body).toBe(1);
    expect(await receiveNothing(receiver)).toEqual([]);
  });
});
