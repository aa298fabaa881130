// The submission queue contract against the fake and against Service Bus (the emulator, by the real client).
import { ServiceBusClient } from '@azure/service-bus';
import { ServiceBusQueue } from '../../../shared/adapters/service-bus/service-bus-queue.ts';
import { type ServiceBusEmulator, startServiceBusEmulator } from '../../emulators/service-bus/index.ts';
import { InMemorySubmissionQueue } from '../../fakes/in-memory-submission-queue.ts';
import { queueConfig } from '../../support/service-bus.ts';
import { describeSubmissionQueue } from './submission-queue.ts';

const fake = new InMemorySubmissionQueue();
describeSubmissionQueue('in memory', {
  create: async () => fake,
  dispose: async () => {},
  onQueue: async (sessionId) =>
    fake.queued.filter((each) => each.sessionId === sessionId).map(({ message, ...rest }) => ({ ...rest, body: message })),
});

let emulator: ServiceBusEmulator;
let queue: ServiceBusQueue;
let browser: ServiceBusClient;
describeSubmissionQueue('Service Bus', {
  create: async () => {
    emulator = await startServiceBusEmulator({ config: queueConfig });
    browser = new ServiceBusClient(emulator.connectionString);
    queue = new ServiceBusQueue({ connection: emulator, queue: 'send-requests', clock: { now: () => Date.now() } });
    return queue;
  },
  dispose: async () => {
    await queue.close();
    await browser.close();
    await emulator.close();
  },
  onQueue: async (sessionId) => {
    const receiver = browser.createReceiver('send-requests');
    const messages = await receiver.peekMessages(100);
    await receiver.close();
    return messages
      .filter((each) => each.sessionId === sessionId)
      .map((each) => ({
        messageId: String(each.messageId),
        sessionId: each.sessionId ?? '',
        body: each.body,
        ...(each.scheduledEnqueueTimeUtc && { notBefore: each.scheduledEnqueueTimeUtc.toISOString() }),
      }));
  },
});
