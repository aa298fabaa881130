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
  #opening: Promise<unknown> | undefined;
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

  /** Keeps the client open until the task has ended. */
  async use<T>(task: () => Promise<T>): Promise<T> {
    this.#using++;
    try {
      return await task();
    } finally {
      this.#using--;
      if (this.#retired && this.#using === 0) void this.#close();
    }
  }

  /**
   * Opens the link if it isn't open: a batch needs to know how large messages may be. One at a time: openings of the same
   * sender at once disturb each other.
   */
  async open(abortSignal: AbortSignal): Promise<void> {
    this.#opening ??= this.#sender.createMessageBatch({ abortSignal }).finally(() => {
      this.#opening = undefined;
    });
    await this.#opening;
  }

  async send(message: ServiceBusMessage, abortSignal: AbortSignal): Promise<void> {
    await this.#sender.sendMessages(message, { abortSignal });
  }

  /** No new sends; the client is closed once those under way have ended. */
  async retire(): Promise<void> {
    this.#retired = true;
    if (this.#using === 0) await this.#close();
  }

  async #close(): Promise<void> {
    try {
      await this.#client.close();
    } catch {
      // A broken connection may refuse to be closed; it is not used again.
    }
  }
}
