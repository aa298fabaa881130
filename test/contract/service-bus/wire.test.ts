// What other AMQP clients need of the server, on the wire: regressions of defects that the JavaScript client hides.
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { receiveOne, type Stack, startStack } from './support.ts';
import { event, WireClient } from './wire-client.ts';

const SESSION_FILTER = 'com.microsoft:session-filter';
let stack: Stack;
const clients: WireClient[] = [];
beforeAll(async () => {
  stack = await startStack({
    q: {},
    modes: {},
    many: {},
    drain: {},
    early: {},
    twins: {},
    plain: {},
    slash: {},
    s: { RequiresSession: true },
    next: { RequiresSession: true },
  });
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
afterAll(() => stack.close());

async function wire(options: Record<string, unknown> = {}): Promise<WireClient> {
  const client = await new WireClient(stack.emulator.port, options).opened();
  clients.push(client);
  await client.putToken(stack.emulator.url);
  return client;
}
const session = (queue: string, sessionId: string | null) =>
  ({ source: { address: queue, filter: { [SESSION_FILTER]: sessionId } } }) as never;

describe('a refused link', () => {
  test.each([
    ['an unknown queue', 'nope', 'amqp:not-found'],
    ['a session queue without a session', 's', 'amqp:not-allowed'],
  ])('for %s is answered by an attach without source and target, then a detach with the error', async (_what, queue, condition) => {
    const { answer, refused } = await (await wire()).receiver({ source: queue });
    expect([answer['source'], answer['target']]).toEqual([null, null]);
    expect(await refused).toBe(condition);
  });

  test('for sending is refused in the same way', async () => {
    const { answer, refused } = await (await wire()).sender({ target: 'nope' });
    expect([answer['source'], answer['target']]).toEqual([null, null]);
    expect(await refused).toBe('amqp:not-found');
  });

  test('for a session that is held says so', async () => {
    await (await wire()).receiver(session('s', 'held'));
    const { answer, refused } = await (await wire()).receiver(session('s', 'held'));
    expect([answer['source'], answer['target']]).toEqual([null, null]);
    expect(await refused).toBe('com.microsoft:session-cannot-be-locked');
  });

  test('without a token is unauthorized', async () => {
    const client = await new WireClient(stack.emulator.port).opened();
    clients.push(client);
    const { refused } = await client.receiver({ source: 'q' });
    expect(await refused).toBe('amqp:unauthorized-access');
  });
});

describe('settle modes', () => {
  const modes = [
    [0, 1],
    [1, 0],
    [2, 0],
  ].map(
    ([snd_settle_mode, rcv_settle_mode]) => ({ snd_settle_mode, rcv_settle_mode }) as never as { snd_settle_mode: 0; rcv_settle_mode: 1 },
  );

  test.each(['$cbs', 'modes/$management', 'modes'])('are echoed in every attach of %s', async (address) => {
    const client = await wire();
    for (const mode of modes) {
      expect((await client.receiver({ source: address, ...mode })).answer).toMatchObject(mode);
      expect((await client.sender({ target: address, ...mode })).answer).toMatchObject(mode);
    }
  });

  test('eight tokens put at the same time are all answered', async () => {
    const client = await wire();
    const statuses = await Promise.all(Array.from({ length: 8 }, (_, i) => client.putToken(`${stack.emulator.url}/q${i}`)));
    expect(statuses).toEqual(Array(8).fill(202));
  });
});

describe('waiting for a session', () => {
  test('ends with its connection: the next session goes to the living', async () => {
    const dead = await wire();
    dead.connection.open_receiver(session('next', null));
    const living = await wire();
    // Its attach is on the way before the other dies.
    await living.putToken(`${stack.emulator.url}/next`);
    await dead.putToken(`${stack.emulator.url}/next`);
    const attached = living.receiver(session('next', null));
    await dead.kill();
    await stack.client.createSender('next').sendMessages({ body: 1, sessionId: 'a' });
    const { answer } = await attached;
    expect((answer['source'] as { filter: unknown }).filter).toEqual({ [SESSION_FILTER]: 'a' });
  });

  test('ends with its link, which is answered', async () => {
    const client = await wire();
    const link = client.connection.open_receiver(session('s', null));
    const closed = event(link, 'receiver_close');
    link.close();
    await closed;
    await stack.client.createSender('s').sendMessages({ body: 1, sessionId: 'b' });
    const receiver = await stack.client.acceptNextSession('s');
    expect(receiver.sessionId).toBe('b');
    await receiver.close();
  });
});

describe('connections', () => {
  test('without AMQP, cut short or full of rubbish leave the server unharmed', async () => {
    for (const bytes of [
      '',
      'AMQP',
      'GET / HTTP/1.1\r\n\r\n',
      'AMQP\x03\x01\x00\x00',
      'AMQP\x00\x01\x00\x00\x00\x00\x00\x08\x02\x00\x00\x00',
    ]) {
      const socket = connect(stack.emulator.port);
      socket.on('error', () => {});
      await new Promise<void>((resolve) => socket.write(bytes || 'A', () => resolve()));
      socket.destroy();
    }
    await stack.client.createSender('q').sendMessages({ body: 1 });
    expect((await receiveOne(stack.client.createReceiver('q', { receiveMode: 'receiveAndDelete' }))).body).toBe(1);
  });

  test('may ask for the mechanism MSSBCBS, as .NET and Python do', async () => {
    const mechanism = { start: (done: (error: undefined, response: Buffer) => void) => done(undefined, Buffer.alloc(0)) };
    const client = await wire({ sasl_mechanisms: { MSSBCBS: () => mechanism } });
    expect(client.connection.is_open()).toBe(true);
  });

  test('may name entities with a leading slash', async () => {
    const client = await wire();
    const { link, answer } = await client.sender({ target: '/slash' });
    expect(answer['max_message_size']).toBe(262_144);
    link.send({ body: 'x' });
    await event(link, 'accepted');
    expect(stack.emulator.broker.queue('slash')!.store.size).toBe(1);
  });
});

describe('links', () => {
  test('may bring their credit along with the attach: the answer still goes before the first transfer', async () => {
    await stack.client.createSender('early').sendMessages({ body: 'x' });
    const link = (await wire()).connection.open_receiver({ source: 'early', credit_window: 0 });
    link.add_credit(1);
    await event(link, 'message');
  });

  test('of opposite direction may share a name, and go one after the other', async () => {
    const client = await wire();
    const { link: sender } = await client.sender({ target: 'twins', name: 'twin' });
    // rhea mixes them up as a client, too.
    const { links } = sender.session as unknown as { links: Record<string, unknown> };
    delete links['twin'];
    links['the sender'] = sender;
    const { link: receiver } = await client.receiver({ source: 'twins', name: 'twin' });
    sender.send({ body: 1 });
    await event(sender, 'accepted');
    const received = event(receiver, 'message');
    receiver.add_credit(1);
    await received;
    receiver.close();
    await event(receiver, 'receiver_close');
    sender.send({ body: 2 });
    await event(sender, 'accepted');
  });
});

describe('deliveries', () => {
  test('more than 2,048 can be unsettled on one session', async () => {
    const sender = stack.client.createSender('many');
    for (let i = 0; i < 5; i++) await sender.sendMessages(Array.from({ length: 500 }, () => ({ body: i })));
    const client = await wire({ session_buffer_size: 4096 });
    const { link } = await client.receiver({ source: 'many', rcv_settle_mode: 1, autosettle: false } as never);
    let count = 0;
    const all = new Promise<void>((resolve) => link.on('message', () => ++count === 2_500 && resolve()));
    link.add_credit(2_500);
    await all;
    expect(stack.emulator.broker.queue('many')!.life.locks.size).toBe(2_500);
  });

  test('a receiver that settles first is believed', async () => {
    await stack.client.createSender('plain').sendMessages({ body: 1 });
    const client = await wire();
    const { link } = await client.receiver({ source: 'plain' });
    link.add_credit(1);
    const { delivery } = await event(link, 'message');
    delivery!.accept();
    await client.putToken(stack.emulator.url);
    expect(stack.emulator.broker.queue('plain')!.counters.completes).toBe(1);
  });

  test('a drain is answered with and without messages, used-up credit included', async () => {
    const client = await wire();
    const { link } = await client.receiver({ source: 'drain' });
    for (const messages of [0, 2, 5]) {
      if (messages > 0) await stack.client.createSender('drain').sendMessages(Array.from({ length: messages }, (_, i) => ({ body: i })));
      let got = 0;
      link.removeAllListeners('message');
      link.on('message', ({ delivery }) => {
        got++;
        delivery!.accept();
      });
      const drained = event(link, 'receiver_drained');
      link.add_credit(5);
      link.drain_credit();
      await drained;
      const state = link as unknown as { credit: number; drain: boolean };
      expect([got, state.credit]).toEqual([messages, 0]);
      state.drain = false;
    }
  });
});
