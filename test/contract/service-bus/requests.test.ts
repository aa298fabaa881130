// Requests to $cbs and $management in raw AMQP: which link the answer goes out on, and what becomes of a request that has none.
import type { Session } from 'rhea';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { types } from '../../emulators/service-bus/amqp/rhea-internals.ts';
import { type Stack, startStack } from './support.ts';
import { event, type WireClient } from './wire-client.ts';
import { listOf, rawWires } from './wire-raw.ts';

let stack: Stack;
const { wire, watched, closeAll } = rawWires(() => stack.emulator);
beforeAll(async () => {
  stack = await startStack({ asked: {} });
});
afterEach(() => closeAll());
afterAll(() => stack.close());

describe('a request', () => {
  interface Asking {
    readonly node?: string;
    readonly target?: string;
    readonly session?: Session;
  }

  /** A pair of links in a session of its own, as Python opens it. */
  async function pair(client: WireClient, { node = '$cbs', target = node, session = client.connection.create_session() }: Asking = {}) {
    session.open();
    const receiver = session.open_receiver({ source: node, target, credit_window: 0, autoaccept: true });
    receiver.add_credit(10);
    const sender = session.open_sender({ target: node, source: node });
    await event(sender, 'sendable');
    return { receiver, sender };
  }
  const token = (more: object = {}) => ({
    ...more,
    application_properties: { operation: 'put-token', type: 'nonsense', name: 'x' },
    body: 'x',
  });
  const peek = (more: object = {}) => ({ ...more, application_properties: { operation: 'com.microsoft:nope' }, body: {} });

  test.each([
    ['$cbs', token({ message_id: 1 }), { 'status-code': 400 }],
    ['asked/$management', peek({ message_id: 1 }), { statusCode: 501 }],
    ['$cbs', token({ message_id: 1, reply_to: 'nobody' }), { 'status-code': 400 }],
    ['asked/$management', peek({ message_id: 1, reply_to: 'asked/$management' }), { statusCode: 501 }],
  ])('to %s without the name of a link is answered on the link of its session', async (node, request, properties) => {
    const client = await wire();
    const first = await pair(client, { node });
    await pair(client, { node });
    const answer = event(first.receiver, 'message');
    first.sender.send(request as never);
    expect((await answer).message).toMatchObject({ correlation_id: 1, application_properties: properties });
  });

  test('is settled before its answer comes', async () => {
    const { client, frames } = await watched();
    const { receiver, sender } = await pair(client);
    const before = frames.length;
    const answer = event(receiver, 'message');
    sender.send(token({ message_id: 1 }) as never);
    await answer;
    const names = frames.slice(before).map(({ name }) => name);
    expect(names.filter((name) => name !== 'flow')).toEqual(['disposition', 'transfer']);
  });

  test('is not answered on a link of another node', async () => {
    const client = await wire();
    const session = client.connection.create_session();
    await pair(client, { node: '$cbs', target: 'mine', session });
    const { receiver, sender } = await pair(client, { node: 'asked/$management', target: 'other', session });
    const answer = event(receiver, 'message');
    sender.send(peek({ message_id: 1, reply_to: 'mine' }) as never);
    expect((await answer).message!.application_properties).toMatchObject({ statusCode: 501 });
  });

  test('that cannot be answered is refused, with what to do, and not carried out', async () => {
    const { client, last } = await watched();
    const session = client.connection.create_session();
    session.open();
    const sender = session.open_sender('asked/$management');
    await event(sender, 'sendable');
    const message = Buffer.from([0, 0x53, 0x75, 0xa0, 1, 0]);
    const body = { messages: [{ message }] };
    sender.send({ message_id: 1, application_properties: { operation: 'com.microsoft:schedule-message' }, body } as never);
    await event(sender, 'rejected');
    const [condition, description] = listOf(listOf(last('disposition')[4])[0]);
    expect(condition?.value).toBe('amqp:not-allowed');
    expect(description?.value).toMatch(/no reply-to.*receives from 'asked\/\$management'. Attach such a link first/);
    expect(stack.emulator.broker.queue('asked')!.store.size).toBe(0);
  });

  const bytes = Buffer.alloc(16, 1);
  test.each([
    ['text', 'a', Buffer.from([0xa1, 1, 0x61])],
    ['a number', 7, Buffer.from([0x53, 7])],
    ['a uuid', bytes, Buffer.concat([Buffer.from([0x98]), bytes])],
    ['binary', types.wrap_binary(bytes), Buffer.concat([Buffer.from([0xa0, 16]), bytes])],
  ])('with an id that is %s is answered with an id of that type', async (_what, id, encoded) => {
    const { client, frames } = await watched();
    const { receiver, sender } = await pair(client);
    const answer = event(receiver, 'message');
    sender.send(token({ message_id: id }) as never);
    await answer;
    expect(frames.findLast(({ name }) => name === 'transfer')!.payload!.includes(encoded)).toBe(true);
  });
});
