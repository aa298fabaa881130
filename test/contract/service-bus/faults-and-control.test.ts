// The control API: what tests see of the emulator, and how they make it fail.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../../emulators/service-bus/core/manual-clock.ts';
import { codeOf, receiveOne, type Stack, startStack, until } from './support.ts';

const clock = new ManualClock(Date.now());
let stack: Stack;
beforeAll(async () => {
  const dedup = { RequiresDuplicateDetection: true };
  stack = await startStack(
    { q: dedup, s: { RequiresSession: true }, settle: {}, pair: {}, expire: {}, view: {} },
    { clock, controlPort: 0 },
  );
});
afterEach(() => stack.emulator.faults.clear());
afterAll(() => stack.close());

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(stack.emulator.controlUrl + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}
/** It hears of a lost connection only by its time-out. */
const impatient = (maxRetries = 3) => stack.newClient(maxRetries, 800);
const queue = (name: string) => stack.emulator.broker.queue(name)!;

describe('faults', () => {
  test('a send that was taken but not answered is repeated by the client and dropped as a duplicate', async () => {
    await control('POST', '/connections/drop', { at: 'send', when: 'after' });
    await impatient().createSender('q').sendMessages({ body: 1, messageId: 'a' });
    expect(queue('q').counters).toMatchObject({ sends: 2, duplicatesDropped: 1 });
  });

  test('a send that was cut off before it was taken is repeated by the client', async () => {
    await control('POST', '/connections/drop', { at: 'send', when: 'before' });
    await impatient().createSender('q').sendMessages({ body: 1, messageId: 'b' });
    expect(queue('q').counters).toMatchObject({ sends: 3, duplicatesDropped: 1 });
  });

  test('the next n sends are answered server-busy', async () => {
    await control('POST', '/faults', { point: 'send', action: 'error', count: 2, entity: 'q' });
    const sender = stack.newClient(0).createSender('q');
    const codes = [];
    for (let i = 0; i < 3; i++) codes.push(await codeOf(sender.sendMessages({ body: 1, messageId: `c${i}` })));
    expect(codes).toEqual(['ServiceBusy', 'ServiceBusy', 'no error']);
  });

  test('of two settlements at once, one of them refused, each hears its own answer', async () => {
    await stack.client.createSender('pair').sendMessages([{ body: 1 }, { body: 2 }]);
    const receiver = stack.newClient(0).createReceiver('pair');
    const messages = [await receiveOne(receiver), await receiveOne(receiver)];
    await control('POST', '/faults', { point: 'disposition', action: 'error', entity: 'pair' });
    expect(await Promise.all(messages.map((message) => codeOf(receiver.completeMessage(message))))).toEqual(['ServiceBusy', 'no error']);
    await receiver.close();
  });

  test('the connection is cut at the second settlement: before it, or after it was applied', async () => {
    for (const [when, left] of [
      ['before', 1],
      ['after', 0],
    ] as const) {
      await stack.client.createSender('settle').sendMessages([{ body: 1 }, { body: 2 }]);
      const receiver = impatient(0).createReceiver('settle');
      await control('POST', '/connections/drop', { at: 'disposition', nth: 2, when, entity: 'settle' });
      await receiver.completeMessage(await receiveOne(receiver));
      const second = receiver.completeMessage(await receiveOne(receiver)).catch(() => {});
      await until(() => stack.emulator.faults.list().length === 0, 'the fault');
      expect(queue('settle').store.size).toBe(left);
      await control('POST', '/entities/settle/locks/expire');
      await receiver.close();
      if (left > 0) {
        const other = stack.newClient().createReceiver('settle', { receiveMode: 'receiveAndDelete' });
        expect((await receiveOne(other)).deliveryCount).toBe(1);
        await other.close();
      }
      await second;
    }
  });

  test('an operation can take effect and stay unanswered', async () => {
    await control('POST', '/faults', { point: 'send', action: 'noAnswer', entity: 'q' });
    await impatient().createSender('q').sendMessages({ body: 1, messageId: 'd' });
    expect(queue('q').counters.duplicatesDropped).toBe(2);
  });

  test('links can be refused', async () => {
    await control('POST', '/faults', { point: 'attach', action: 'error', condition: 'com.microsoft:entity-disabled', entity: 's' });
    expect(await codeOf(stack.newClient(0).createSender('s').sendMessages({ body: 1, sessionId: 'a' }))).toBe('MessagingEntityDisabled');
  });

  test('a session whose connection is cut while a message is on its way comes again', async () => {
    await stack.client.createSender('s').sendMessages({ body: 1, sessionId: 'a' });
    await control('POST', '/connections/drop', { at: 'delivery', when: 'before', entity: 's' });
    const first = await stack.newClient().acceptSession('s', 'a');
    await first.receiveMessages(1, { maxWaitTimeInMs: 500 }).catch(() => {});
    const second = await stack.newClient().acceptSession('s', 'a');
    expect((await receiveOne(second)).body).toBe(1);
  });

  test('during an outage nothing connects; afterwards the same client goes on', async () => {
    const sender = stack.newClient().createSender('q');
    await control('POST', '/outage', { on: true });
    // The client does not repeat what fails while connecting.
    await expect(sender.sendMessages({ body: 1, messageId: 'e' })).rejects.toThrow(/ECONNRESET/);
    expect((await control('GET', '/status')).body).toMatchObject({ outage: true, connections: 0 });
    await control('POST', '/outage', { on: false });
    await sender.sendMessages({ body: 1, messageId: 'e' });
  });
});

describe('control', () => {
  test('a queue is shown with its counts, counters, sessions and messages', async () => {
    await stack.client.createSender('view').sendMessages({ body: 1, messageId: 'a', timeToLive: 60_000 });
    await stack.client.createSender('view').scheduleMessages({ body: 2, messageId: 'b' }, new Date(clock.now() + 60_000));
    const receiver = stack.client.createReceiver('view');
    await receiver.deadLetterMessage(await receiveOne(receiver), { deadLetterReason: 'why', deadLetterErrorDescription: 'because' });
    const { body } = await control('GET', '/entities/view');
    expect(body).toMatchObject({
      name: 'view',
      counts: { active: 0, locked: 0, scheduled: 1, deferred: 0, deadLettered: 1 },
      counters: { sends: 2, scheduled: 1, deliveries: 1, deadLetters: 1 },
      messages: [
        {
          messageId: 'b',
          sessionId: null,
          state: 'scheduled',
          deliveryCount: 0,
          scheduledEnqueueTime: new Date(clock.now() + 60_000).toISOString(),
        },
      ],
    });
    expect((await control('GET', '/entities/view/$deadletterqueue')).body).toMatchObject({
      messages: [{ messageId: 'a', deadLetterReason: 'why' }],
    });
    expect((await control('GET', '/counters')).body).toHaveProperty('view/$deadletterqueue');
    await control('DELETE', '/counters');
    expect(queue('view').counters.sends).toBe(0);
  });

  test('time is advanced, and locks are ended, from outside', async () => {
    await stack.client.createSender('expire').sendMessages({ body: 1, timeToLive: 60_000 });
    const receiver = stack.client.createReceiver('expire');
    await receiveOne(receiver);
    await control('POST', '/entities/expire/locks/expire');
    expect((await receiveOne(receiver)).deliveryCount).toBe(1);
    await control('POST', '/clock/advance', { ms: 60_000 });
    expect(queue('expire').counters).toMatchObject({ lockExpirations: 2, expirations: 1 });
  });

  test('whether dropped deliveries count is a setting', async () => {
    await control('POST', '/settings', { countDroppedDeliveries: true });
    expect((await control('GET', '/status')).body).toMatchObject({ countDroppedDeliveries: true, faults: [] });
    await control('POST', '/settings', { countDroppedDeliveries: false });
  });

  test.each([
    ['GET', '/entities/nope', undefined, 404, /no queue 'nope'/],
    ['GET', '/nope', undefined, 404, /no such operation/],
    ['POST', '/faults', { point: 'nope' }, 400, /point must be one of/],
    ['POST', '/faults', { point: 'send', action: 'error', count: -1 }, 400, /count must be/],
    ['POST', '/outage', { on: 'yes' }, 400, /true or false/],
    ['POST', '/outage', [1], 400, /JSON object/],
  ])('%s %s with %j is answered %i', async (method, path, body, status, text) => {
    const answer = await control(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body['error']).toMatch(text);
  });
});
