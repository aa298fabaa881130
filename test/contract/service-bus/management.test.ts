// The management node asked by hand, and messages that are damaged: refusals, never a crash or a standstill.
import rhea from 'rhea';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receive } from './core/core-support.ts';
import { receiveOne, type Stack, startStack } from './support.ts';
import { event, WireClient } from './wire-client.ts';

let stack: Stack;
let client: WireClient;
beforeAll(async () => {
  stack = await startStack({ q: {}, echo: {}, damaged: {}, s: { RequiresSession: true } });
  client = await new WireClient(stack.emulator.port).opened();
  await client.putToken(stack.emulator.url);
});
afterAll(async () => {
  await client.close();
  await stack.close();
});

async function ask(queue: string, operation: string, body: unknown) {
  const answer = await client.request(`${queue}/$management`, { application_properties: { operation }, body });
  const { statusCode, errorCondition } = answer.application_properties!;
  return { status: statusCode, condition: errorCondition, body: answer.body as Record<string, unknown> };
}

describe('$management', () => {
  test.each([
    ['an operation it does not know', 'q', 'com.microsoft:nope', {}, 501, 'amqp:not-implemented'],
    ['a request without its list', 'q', 'com.microsoft:renew-lock', {}, 400, 'com.microsoft:argument-error'],
    [
      'a lock that nobody holds',
      'q',
      'com.microsoft:renew-lock',
      { 'lock-tokens': [Buffer.alloc(16)] },
      410,
      'com.microsoft:message-lock-lost',
    ],
    [
      'a message that is none',
      'q',
      'com.microsoft:schedule-message',
      { messages: [{ message: Buffer.from('nonsense') }] },
      400,
      'amqp:decode-error',
    ],
    [
      'a disposition that is none',
      'q',
      'com.microsoft:update-disposition',
      { 'disposition-status': 'x' },
      400,
      'com.microsoft:argument-error',
    ],
    ['a session that nobody holds', 's', 'com.microsoft:renew-session-lock', { 'session-id': 'a' }, 410, 'com.microsoft:session-lock-lost'],
    ['a session request without a session', 's', 'com.microsoft:get-session-state', {}, 400, 'com.microsoft:argument-error'],
    ['sessions of a queue without', 'q', 'com.microsoft:set-session-state', { 'session-id': 'a' }, 400, 'amqp:not-allowed'],
  ])('refuses %s', async (_what, queue, operation, body, status, condition) => {
    expect(await ask(queue, operation, body)).toMatchObject({ status, condition });
  });

  test('a session held by another connection is not this one to change', async () => {
    const holder = await stack.client.acceptSession('s', 'theirs');
    const body = { 'session-id': 'theirs', 'session-state': Buffer.from('x') };
    expect(await ask('s', 'com.microsoft:set-session-state', body)).toMatchObject({
      status: 410,
      condition: 'com.microsoft:session-lock-lost',
    });
    await holder.close();
  });

  test("a deferred message of a session queue's dead-letter queue is settled without a session", async () => {
    const holder = await stack.client.acceptSession('s', 'x');
    await stack.client.createSender('s').sendMessages({ body: 1, sessionId: 'x' });
    await holder.deadLetterMessage(await receiveOne(holder));
    await holder.close();
    const reader = stack.client.createReceiver('s', { subQueueType: 'deadLetter' });
    const dead = await receiveOne(reader);
    await reader.deferMessage(dead);
    const [deferred] = await reader.receiveDeferredMessages(dead.sequenceNumber!);
    await reader.completeMessage(deferred!);
    expect(stack.emulator.broker.queue('s/$deadletterqueue')!.store.size).toBe(0);
  });

  test('lists the sessions that have messages or state', async () => {
    expect(await ask('s', 'com.microsoft:get-message-sessions', { skip: 0, top: 10 })).toMatchObject({ status: 204 });
    await stack.client.createSender('s').sendMessages(['a', 'b', 'c'].map((sessionId) => ({ body: 1, sessionId })));
    const { status, body } = await ask('s', 'com.microsoft:get-message-sessions', { skip: 1, top: 5 });
    expect([status, body]).toEqual([200, { skip: 3, 'sessions-ids': ['b', 'c'] }]);
  });

  test('an answer that the client has no credit for holds nothing up', async () => {
    const { link: receiver } = await client.receiver({ source: 'q/$management', target: 'slow', name: 'slow' } as never);
    const { link: sender } = await client.sender({ target: 'q/$management' });
    sender.send({ message_id: 1, reply_to: 'slow', application_properties: { operation: 'com.microsoft:nope' } } as never);
    await event(sender, 'accepted');
    expect(await ask('q', 'com.microsoft:nope', {})).toMatchObject({ status: 501 });
    const answer = event(receiver, 'message');
    receiver.add_credit(1);
    expect((await answer).message!.correlation_id).toBe(1);
  });
});

test('a flow that asks for an echo is answered', async () => {
  const { link } = await client.receiver({ source: 'echo' });
  const answered = event(link, 'receiver_flow');
  const { session } = link as unknown as { session: { output(frame: unknown): void } };
  const { local } = link as unknown as { local: { handle: number } };
  const begin = { incoming_window: 2048, next_outgoing_id: 0, outgoing_window: 2048 };
  const { default: frames } = (await import('rhea/lib/frames.js' as string)) as { default: { flow(fields: object): unknown } };
  session.output(frames.flow({ ...begin, handle: local.handle, delivery_count: 0, link_credit: 0, echo: true }));
  await answered;
});

describe('damaged messages', () => {
  const batchOf = (content: Buffer) => rhea.message.encode({ body: rhea.message.data_section(content) } as never) as unknown as Buffer;
  const whole = rhea.message.encode({ message_id: 'a', application_properties: { x: 1 }, body: 'text' } as never) as unknown as Buffer;

  async function sendBatch(content: Buffer): Promise<string> {
    const { link } = await client.sender({ target: 'damaged', name: `damaged-${Math.random()}` });
    const outcome = Promise.race(['accepted', 'rejected'].map(async (name) => event(link, name).then(() => name)));
    (link as unknown as { send(data: Buffer, tag: undefined, format: number): void }).send(batchOf(content), undefined, 0x80013700);
    const result = await outcome;
    link.close();
    return result;
  }

  test('cut off anywhere, or with any byte changed, are refused or taken, and the server lives', async () => {
    expect(await sendBatch(whole)).toBe('accepted');
    for (let i = 1; i < whole.length; i++) {
      const changed = Buffer.from(whole);
      changed[i] = changed[i]! ^ 0xff;
      await sendBatch(changed);
      await sendBatch(whole.subarray(0, i));
    }
    const queue = stack.emulator.broker.queue('damaged')!;
    const taken = queue.store.size;
    const all = { 'from-sequence-number': 1, 'message-count': 1000 };
    expect((await ask('damaged', 'com.microsoft:peek-message', all)).body['messages']).toHaveLength(taken);
    for (const message of receive(queue).got) queue.settle(message.lock!.token, { type: 'deadLetter', reason: 'damaged' });
    expect((await ask('damaged/$deadletterqueue', 'com.microsoft:peek-message', all)).body['messages']).toHaveLength(taken);
  });
});
