// The submission queue over a broker that refuses; and what a message looks like there.
import { ServiceBusClient, type ServiceBusReceivedMessage } from '@azure/service-bus';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ServiceBusQueue } from '../../../shared/adapters/service-bus/service-bus-queue.ts';
import type { QueueMessage } from '../../../shared/domain/submit/queue-message.ts';
import { type ServiceBusEmulator, startServiceBusEmulator } from '../../emulators/service-bus/index.ts';
import { newMailbox, queueMessage } from '../../support/samples.ts';
import { queueConfig } from '../../support/service-bus.ts';

const QUEUE = 'send-requests';

describe('submission queue on Service Bus', () => {
  let emulator: ServiceBusEmulator;
  let browser: ServiceBusClient;
  let now = 0;
  const made: ServiceBusQueue[] = [];
  const connect = (more: { connectionString?: string; queue?: string } = {}): ServiceBusQueue => {
    const { connectionString = emulator.connectionString, queue = QUEUE } = more;
    const result = new ServiceBusQueue({
      connection: { connectionString },
      queue,
      clock: { now: () => now },
      tryTimeoutMs: 20_000,
      busyDelayMs: 1,
    });
    made.push(result);
    return result;
  };
  const onQueue = async ({ id }: QueueMessage): Promise<ServiceBusReceivedMessage[]> => {
    const receiver = browser.createReceiver(QUEUE);
    const messages = await receiver.peekMessages(1000);
    await receiver.close();
    return messages.filter(({ messageId }) => String(messageId).startsWith(id));
  };

  beforeAll(async () => {
    emulator = await startServiceBusEmulator({ config: queueConfig });
    browser = new ServiceBusClient(emulator.connectionString);
  });
  afterEach(async () => {
    emulator.faults.clear();
    await Promise.all(made.splice(0).map((queue) => queue.close()));
  });
  afterAll(async () => {
    await browser.close();
    await emulator.close();
  });

  it('a message names its operation, content type, schema version, application and trace, and has no time to live', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const message = queueMessage(newMailbox(), { traceparent });
    await connect().enqueue(message);
    const [found] = await onQueue(message);
    expect(found).toMatchObject({ subject: 'sendMail', contentType: 'application/json' });
    expect(found?.applicationProperties).toEqual({ schemaVersion: 1, application: message.application, 'Diagnostic-Id': traceparent });
    expect(found?.timeToLive ?? Number.POSITIVE_INFINITY).toBeGreaterThan(14 * 86_400_000 - 1);
  });

  it('a broker that is busy once is asked again', async () => {
    const message = queueMessage(newMailbox());
    emulator.faults.arm({ point: 'send', action: 'error', condition: 'com.microsoft:server-busy' });
    expect(await connect().enqueue(message)).toEqual({ kind: 'enqueued' });
    expect(await onQueue(message)).toHaveLength(1);
  });

  it.each(['com.microsoft:server-busy', 'amqp:resource-limit-exceeded', 'com.microsoft:entity-disabled', 'amqp:unauthorized-access'])(
    'a refusal with %s that stays is not enqueued',
    async (condition) => {
      emulator.faults.arm({ point: 'send', action: 'error', condition, count: 2 });
      const message = queueMessage(newMailbox());
      expect(await connect().enqueue(message)).toMatchObject({ kind: 'notEnqueued' });
      expect(await onQueue(message)).toEqual([]);
    },
  );

  it('a link that cannot be opened is not enqueued, and the next message goes through', async () => {
    const queue = connect();
    emulator.faults.arm({ point: 'attach', action: 'error', condition: 'amqp:internal-error', count: 2 });
    expect(await queue.enqueue(queueMessage(newMailbox()))).toMatchObject({ kind: 'notEnqueued' });
    emulator.faults.clear();
    expect(await queue.enqueue(queueMessage(newMailbox()))).toEqual({ kind: 'enqueued' });
  });

  it('nobody listening, and a queue that is not there, are not enqueued with a reason, and check throws', async () => {
    for (const queue of [connect({ connectionString: emulator.connectionString.replace(/:\d+;/, ':1;') }), connect({ queue: 'nowhere' })]) {
      const result = await queue.enqueue(queueMessage(newMailbox()));
      expect(result.kind).toBe('notEnqueued');
      expect('reason' in result && result.reason).toMatch(/refused|could not be found/i);
      await expect(queue.check()).rejects.toThrow(/refused|could not be found/i);
    }
  });

  it('a message that is too large is not enqueued', async () => {
    const content = { format: 'mime' as const, kind: 'inline' as const, text: 'A'.repeat(300_000) };
    const result = await connect().enqueue(queueMessage(newMailbox(), { content }));
    expect(result).toMatchObject({ kind: 'notEnqueued', reason: expect.stringContaining('MessageSizeExceeded') });
  });

  it('a client is replaced after half an hour, and no message is lost at the change', async () => {
    const queue = connect();
    expect((await queue.enqueue(queueMessage(newMailbox()))).kind).toBe('enqueued');
    const waiting = [queue.enqueue(queueMessage(newMailbox())), queue.enqueue(queueMessage(newMailbox()))];
    emulator.faults.arm({ point: 'attach', action: 'error' });
    now += 30 * 60_000;
    expect(await queue.enqueue(queueMessage(newMailbox()))).toEqual({ kind: 'enqueued' });
    expect(emulator.faults.list()).toEqual([]);
    expect(await Promise.all(waiting)).toEqual([{ kind: 'enqueued' }, { kind: 'enqueued' }]);
  });

  it('a thousand messages at once all get through', async () => {
    const queue = connect();
    const mailbox = newMailbox();
    const results = await Promise.all(Array.from({ length: 1_000 }, () => queue.enqueue(queueMessage(mailbox))));
    expect(results.filter(({ kind }) => kind !== 'enqueued')).toEqual([]);
  });
});
