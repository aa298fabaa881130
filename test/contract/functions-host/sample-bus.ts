// The Service Bus emulator with the sample app's queues, a client of it, and the host beside them.
import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import type { FunctionsHostOptions, LogEntry } from '../../emulators/functions-host/index.ts';
import { type ServiceBusEmulator, startServiceBusEmulator } from '../../emulators/service-bus/index.ts';
import { type SampleFolder, type SampleHost, startSampleHost } from './sample-app.ts';

const queue = (Name: string, RequiresSession: boolean) => ({
  Name,
  Properties: { RequiresSession, LockDuration: 'PT5S', MaxDeliveryCount: 3 },
});
const config = { UserConfig: { Namespaces: [{ Name: 'sbemulatorns', Queues: [queue('plain', false), queue('sessions', true)] }] } };

interface Delivery {
  function: string;
  body: unknown;
  metadata: Record<string, unknown>;
  traceParent: string;
}

export interface SampleBus {
  emulator: ServiceBusEmulator;
  host: SampleHost;
  send(queueName: 'plain' | 'sessions', messages: ServiceBusMessage | ServiceBusMessage[]): Promise<void>;
  /** A new client for sending: the old one would wait for its own long retry delay. */
  reconnect(): Promise<void>;
  /** Deliveries to functions so far, in order. */
  deliveries(): Delivery[];
  /** Waits until a delivery fits. */
  delivered(fits: (delivery: Delivery) => boolean): Promise<Delivery>;
  /** Waits until the function is through with the message. */
  done(messageId: string): Promise<LogEntry>;
  close(): Promise<void>;
}

export async function startSampleBus(sample: SampleFolder, options: Partial<FunctionsHostOptions> = {}): Promise<SampleBus> {
  const emulator = await startServiceBusEmulator({ config });
  let client = new ServiceBusClient(emulator.connectionString);
  const senders = new Map<string, ReturnType<ServiceBusClient['createSender']>>();
  const settings = { SAMPLE_MODE: 'bus', SAMPLE_BUS: emulator.connectionString, ...options.settings };
  const host = await startSampleHost(sample, { ...options, settings });
  const toDelivery = (entry: LogEntry): Delivery => ({ function: entry.function, ...JSON.parse(entry.message.slice('message '.length)) });
  const isDelivery = (entry: LogEntry) => entry.message.startsWith('message {');
  return {
    emulator,
    host,
    async send(queueName, messages) {
      const sender = senders.get(queueName) ?? client.createSender(queueName);
      senders.set(queueName, sender);
      await sender.sendMessages(messages);
    },
    async reconnect() {
      senders.clear();
      await client.close();
      client = new ServiceBusClient(emulator.connectionString);
    },
    deliveries: () => host.entries.filter(isDelivery).map(toDelivery),
    delivered: async (fits) => toDelivery(await host.logged((entry) => isDelivery(entry) && fits(toDelivery(entry)))),
    done: (messageId) => host.logged((entry) => entry.message === `done ${messageId}`),
    async close() {
      await host.close();
      await client.close();
      await emulator.close();
    },
  };
}
