// What the clients of other languages need on the wire: regressions of defects that those for JavaScript, .NET, Java and Qpid Proton hide.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Sender, Session } from 'rhea';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { types } from '../../emulators/service-bus/amqp/rhea-internals.ts';
import { ManualClock } from '../../emulators/service-bus/core/manual-clock.ts';
import { receiveOne, type Stack, startStack } from './support.ts';
import { event, WireClient } from './wire-client.ts';
import { decode, described, entryOf, listOf, rawWires } from './wire-raw.ts';

const SESSION_FILTER = 'com.microsoft:session-filter';
const clock = new ManualClock(Date.now());
const log: string[] = [];
let stack: Stack;
beforeAll(async () => {
  const queues = {
    q: {},
    deferred: {},
    order: {},
    empties: {},
    s: { RequiresSession: true },
    neighbours: { RequiresSession: true },
    empty: { RequiresSession: true },
  };
  stack = await startStack(queues, { clock, log: (line) => log.push(line) });
});
afterEach(() => closeAll());
afterAll(() => stack.close());

const { wire, watched, own, closeAll } = rawWires(() => stack.emulator);
const queue = (name: string) => stack.emulator.broker.queue(name)!;

describe('Python reads fields by their place, so', () => {
  test('every frame is written with all of them', async () => {
    const { client, frames } = await watched();
    const { link: sender } = await client.sender({ target: 'q' });
    sender.send({ body: 'x' });
    await event(sender, 'accepted');
    const { link: receiver } = await client.receiver({ source: 'q', rcv_settle_mode: 1 });
    receiver.add_credit(1);
    const { delivery } = await event(receiver, 'message');
    delivery!.accept();
    await event(receiver, 'settled');
    const session = client.connection.create_session();
    session.open();
    await event(session, 'session_open');
    receiver.close();
    session.close();
    await event(session, 'session_close');
    await closeAll();
    const counts = new Map(frames.map(({ name }) => [name, new Set<number>()]));
    for (const { name, fields } of frames) counts.get(name)!.add(fields.length);
    // AMQP 1.0, part 2, section 2.7.
    const specified = { open: 10, begin: 8, attach: 14, flow: 11, transfer: 11, disposition: 6, detach: 3, end: 1, close: 1 };
    expect(Object.fromEntries([...counts].map(([name, sizes]) => [name, [...sizes]]))).toEqual(
      Object.fromEntries(Object.entries(specified).map(([name, size]) => [name, [size]])),
    );
  });

  test('so are the termini of an attach, also where the client left all of their fields out', async () => {
    const { client, last } = await watched();
    for (let i = 0; i < 2; i++) {
      await client.receiver({ source: 'q', target: {} });
      expect([listOf(last('attach')[5]).length, listOf(last('attach')[6]).length]).toEqual([11, 7]);
    }
  });

  test('a session tells how many links it takes', async () => {
    const { last } = await watched();
    expect(last('begin')[4]?.value).toBe(0xffff_ffff);
  });

  test('the errors of a refused link and of a refused message have condition, description and info', async () => {
    const { client, last } = await watched();
    await (await client.receiver({ source: 'nope' })).refused;
    expect(listOf(last('detach')[2]).map((field) => typeof field?.value)).toEqual(['string', 'string', 'object']);
    const { link } = await client.sender({ target: 's' });
    link.send({ body: 'no session id' });
    await event(link, 'rejected');
    const [error] = listOf(last('disposition')[4]);
    expect(listOf(error).map((field) => field?.value)).toEqual(['amqp:not-allowed', expect.stringContaining('SessionId'), null]);
  });
});

test.each([
  ['described', described(0x137000000c, 'a'), 0x137000000c],
  ['described, any session', described(0x137000000c, null), 0x137000000c],
  ['bare', 'a', undefined],
])('a session filter that came %s goes back so, with the name of the session', async (_what, filter, code) => {
  await stack.client.createSender('s').sendMessages({ body: 1, sessionId: 'a' });
  const { client, last } = await watched();
  const { link } = await client.receiver({ source: { address: 's', filter: { [SESSION_FILTER]: filter } } } as never);
  const granted = entryOf(listOf(last('attach')[5])[7], SESSION_FILTER);
  expect([granted?.value, granted?.descriptor?.value]).toEqual(['a', code]);
  link.close();
  await event(link, 'receiver_close');
});

test('a deferred message carries its lock token as a delivery annotation, which settles it', async () => {
  await stack.client.createSender('deferred').sendMessages({ body: 1 });
  const receiver = stack.client.createReceiver('deferred');
  await receiver.deferMessage(await receiveOne(receiver));
  const client = await wire();
  const ask = (operation: string, body: object) =>
    client.request('deferred/$management', { application_properties: { operation: `com.microsoft:${operation}` }, body });
  const asked = { 'sequence-numbers': types.wrap_array([1], 0x81), 'receiver-settle-mode': types.wrap_uint(1) };
  const [entry] = (await ask('receive-by-sequence-number', asked)).body.messages;
  const { delivery_annotations: annotations } = decode(entry.message);
  expect(annotations).toEqual({ 'x-opt-lock-token': entry['lock-token'] });
  const tokens = types.wrap_array([annotations!['x-opt-lock-token']], 0x98);
  const settled = await ask('update-disposition', { 'disposition-status': 'completed', 'lock-tokens': tokens });
  expect(settled.application_properties).toMatchObject({ statusCode: 200 });
  expect(queue('deferred').store.size).toBe(0);
});

test('what a client sent after a settlement is carried out after it', async () => {
  await stack.client.createSender('order').sendMessages([{ body: 1 }, { body: 2 }]);
  const client = await wire();
  const { link } = await client.receiver({ source: 'order', rcv_settle_mode: 1 });
  link.add_credit(1);
  const { delivery, message } = await event(link, 'message');
  const again = event(link, 'message');
  // Both leave in one piece.
  delivery!.release({ delivery_failed: true });
  link.add_credit(1);
  const { message: next } = await again;
  expect([message!.body, next!.body]).toEqual([message!.body, message!.body]);
});

test('an idle connection is kept by empty frames', async () => {
  const client = await own(new WireClient(stack.emulator.port, { idle_time_out: 200 })).opened();
  const { socket } = client.connection as unknown as { socket: Socket };
  const [first] = await once(socket, 'data');
  const [second] = await once(socket, 'data');
  const empty = Buffer.from([0, 0, 0, 8, 2, 0, 0, 0]);
  expect([first, second]).toEqual([empty, empty]);
});

test('a message of no bytes at all is taken', async () => {
  const { link } = await (await wire()).sender({ target: 'empties' });
  (link as unknown as { send(data: Buffer, tag: undefined, format: number): void }).send(Buffer.alloc(0), undefined, 0);
  await event(link, 'accepted');
  expect(queue('empties').store.size).toBe(1);
});

test('a message that is refused right after one that was taken is told as refused', async () => {
  const client = await wire();
  const { link } = await client.sender({ target: 'neighbours' });
  const told: string[] = [];
  for (const name of ['accepted', 'rejected'] as const) link.on(`${name}`, () => told.push(name));
  link.send({ group_id: 'a', body: 1 });
  link.send({ body: 'no session id' });
  await event(link, 'rejected');
  expect(told).toEqual(['accepted', 'rejected']);
  expect(queue('neighbours').store.size).toBe(1);
});

describe('a session that the client ends', () => {
  async function alive(client: WireClient): Promise<void> {
    expect(await client.putToken(stack.emulator.url)).toBe(202);
    expect(log.filter((line) => /error/.test(line))).toEqual([]);
  }

  test('while the server detaches a link of it leaves the connection whole', async () => {
    const { client, frames } = await watched();
    const session = client.connection.create_session();
    session.open();
    await event(session, 'session_open');
    const attached = client.connection as unknown as { _write_frame(channel: number, frame: object, payload: unknown): void };
    const written: string[] = [];
    const write = attached._write_frame.bind(attached);
    attached._write_frame = (channel, frame, payload) => {
      written.push(String((frame.constructor as { descriptor?: { symbolic: string } }).descriptor?.symbolic));
      write(channel, frame, payload);
    };
    const properties = { 'com.microsoft:timeout': types.wrap_uint(1000) };
    session.open_receiver({ source: { address: 'empty', filter: { [SESSION_FILTER]: null } }, properties } as never);
    await client.putToken(stack.emulator.url);
    // Its end crosses the refusal of the link, for which no session came in time.
    const ended = event(session, 'session_close');
    clock.advance(1000);
    session.close();
    await ended;
    await alive(client);
    expect(frames.some(({ name, fields }) => name === 'detach' && listOf(fields[2])[0]?.value === 'com.microsoft:timeout')).toBe(true);
    expect(written.filter((name) => /detach|end/.test(name))).toEqual(['amqp:end:list', 'amqp:detach:list']);
  });

  test('before it detaches the links, as Python does, leaves the connection whole', async () => {
    const client = await wire();
    const session = client.connection.create_session() as Session & { output(frame: unknown): void };
    session.open();
    const sender = session.open_sender('q') as Sender & { local: { detach: unknown } };
    await event(sender, 'sendable');
    const ended = event(session, 'session_close');
    session.close();
    await ended;
    session.output(sender.local.detach);
    session.output((session as unknown as { local: { end: unknown } }).local.end);
    await alive(client);
  });

  test('may have a link that is detached twice', async () => {
    const client = await wire();
    const { link } = await client.sender({ target: 'q' });
    const closed = event(link, 'sender_close');
    link.close();
    await closed;
    const { session, local } = link as unknown as { session: { output(frame: unknown): void }; local: { detach: unknown } };
    session.output(local.detach);
    await alive(client);
  });
});

test.each([0x30, 'amqp:coordinator:list'])('a transaction is refused in words (coordinator %s), and the session goes on', async (code) => {
  const { client, last } = await watched();
  const session = client.connection.create_session();
  session.open();
  const { link: sender } = await client.sender({ target: 'q' });
  const coordinator = (session as unknown as { create_sender(name: string, options: object): unknown }).create_sender(
    'tx',
    {},
  ) as unknown as Sender & { local: { attach: { target: unknown } }; attach(): void };
  coordinator.local.attach.target = types.described_nc(
    typeof code === 'number' ? types.wrap_ulong(code) : types.wrap_symbol(code),
    types.wrap_list([]),
  );
  const closed = event(coordinator, 'sender_close');
  coordinator.attach();
  await closed;
  const [condition, description] = listOf(last('detach')[2]);
  expect(condition?.value).toBe('amqp:not-implemented');
  expect(description?.value).toMatch(/^Transactions are not implemented by this emulator. Send and settle without a transaction/);
  sender.send({ body: 1 });
  await event(sender, 'accepted');
});
