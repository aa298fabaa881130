// An emulator with the queues of a test file, and the unmodified client against it.
import { Socket } from 'node:net';
import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusReceiver } from '@azure/service-bus';
import { type ServiceBusEmulator, type ServiceBusEmulatorOptions, startServiceBusEmulator } from '../../emulators/service-bus/index.ts';

// The client never sets TCP_NODELAY: Nagle and delayed acknowledgement would cost 44 ms per link opened.
const connect = Socket.prototype.connect;
Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  this.setNoDelay(true);
  return (connect as (...all: unknown[]) => Socket).apply(this, args);
} as typeof connect;

export type QueueSettings = Record<string, unknown>;

export function configOf(queues: Record<string, QueueSettings>): unknown {
  const list = Object.entries(queues).map(([Name, Properties]) => ({ Name, Properties }));
  return { UserConfig: { Namespaces: [{ Name: 'sbemulatorns', Queues: list, Topics: [] }] } };
}

export interface Stack {
  readonly emulator: ServiceBusEmulator;
  readonly client: ServiceBusClient;
  newClient(maxRetries?: number, timeoutInMs?: number): ServiceBusClient;
  close(): Promise<void>;
}

export async function startStack(queues: Record<string, QueueSettings>, options: Partial<ServiceBusEmulatorOptions> = {}): Promise<Stack> {
  const emulator = await startServiceBusEmulator({ config: configOf(queues), ...options });
  const clients: ServiceBusClient[] = [];
  const newClient = (maxRetries = 1, timeoutInMs = 10_000) => {
    const client = newClientFor(emulator.connectionString, maxRetries, timeoutInMs);
    clients.push(client);
    return client;
  };
  return {
    emulator,
    client: newClient(),
    newClient,
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await emulator.close();
    },
  };
}

export function newClientFor(connectionString: string, maxRetries = 1, timeoutInMs = 10_000): ServiceBusClient {
  return new ServiceBusClient(connectionString, { retryOptions: { maxRetries, retryDelayInMs: 20, timeoutInMs } });
}

/** Exactly so many: the client would wait a second for more. */
export async function receiveExactly(receiver: ServiceBusReceiver, count: number): Promise<ServiceBusReceivedMessage[]> {
  const messages: ServiceBusReceivedMessage[] = [];
  while (messages.length < count) {
    const more = await receiver.receiveMessages(count - messages.length, { maxWaitTimeInMs: 10_000 });
    if (more.length === 0) throw new Error(`received ${messages.length} of ${count} messages`);
    messages.push(...more);
  }
  return messages;
}

export async function receiveOne(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage> {
  return (await receiveExactly(receiver, 1))[0]!;
}

/** What is there at once. */
export function receiveNothing(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage[]> {
  return receiver.receiveMessages(1, { maxWaitTimeInMs: 30 });
}

export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The code of the error, where retries ended in different ones that of the last. */
export async function codeOf(operation: Promise<unknown>): Promise<string> {
  const error = await operation.then(
    () => new Error('no error'),
    (reason: Error & { code?: string; errors?: (Error & { code?: string })[] }) => reason.errors?.at(-1) ?? reason,
  );
  return (error as { code?: string }).code ?? error.message;
}
