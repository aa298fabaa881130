// One Service Bus client with its sender: closed only after the last send that uses it.

import type { TokenCredential } from '@azure/identity';
import { ServiceBusClient, type ServiceBusMessage, type ServiceBusSender } from '@azure/service-bus';

export type ServiceBusConnection = { connectionString: string } | { fullyQualifiedNamespace: string; credential: TokenCredential };

/** Tries are counted by us, so that each one's end is known. */
const options = (timeoutInMs: number) => ({ retryOptions: { maxRetries: 0, timeoutInMs } });

export class SendingConnection {
  readonly madeAt: number;
  readonly #client: ServiceBusClient;
  readonly #sender: ServiceBusSender;
  #using = 0;
  #retired = false;

  constructor(connection: ServiceBusConnection, queue: string, timeoutMs: number, madeAt: number) {
    this.madeAt = madeAt;
    this.#client =
      'connectionString' in connection
        ? new ServiceBusClient(connection.connectionString, options(timeoutMs))
        : new ServiceBusClient(connection.fullyQualifiedNamespace, connection.credential, options(timeoutMs));
    this.#sender = this.#client.createSender(queue);
  }

  /** Opens the link where it isn't open: a batch needs to know how large messages may be. */
  async open(abortSignal: AbortSignal): Promise<void> {
    await this.#use(() => this.#sender.createMessageBatch({ abortSignal }));
  }

  async send(message: ServiceBusMessage, abortSignal: AbortSignal): Promise<void> {
    await this.#use(() => this.#sender.sendMessages(message, { abortSignal }));
  }

  /** No new sends; the client is closed once those under way have ended. */
  async retire(): Promise<void> {
    this.#retired = true;
    if (this.#using === 0) await this.#close();
  }

  async #use<T>(call: () => Promise<T>): Promise<T> {
    this.#using++;
    try {
      return await call();
    } finally {
      this.#using--;
      if (this.#retired && this.#using === 0) void this.#close();
    }
  }

  async #close(): Promise<void> {
    try {
      await this.#client.close();
    } catch {
      // A broken connection may refuse to be closed; it is not used again.
    }
  }
}
