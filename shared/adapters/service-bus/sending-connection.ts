// One Service Bus client with its sender: closed only after the last send that uses it.

import type { TokenCredential } from '@azure/identity';
import type { ServiceBusClient, ServiceBusMessage, ServiceBusSender } from '@azure/service-bus';

export type ServiceBusConnection = { connectionString: string } | { fullyQualifiedNamespace: string; credential: TokenCredential };

/** Tries are counted by us, so that each one's end is known. */
const options = (timeoutInMs: number) => ({ retryOptions: { maxRetries: 0, timeoutInMs } });

interface Link {
  client: ServiceBusClient;
  sender: ServiceBusSender;
}

/** The package is loaded by the first connection, not when the app starts. */
async function makeLink(connection: ServiceBusConnection, queue: string, timeoutMs: number): Promise<Link> {
  const { ServiceBusClient } = await import('./service-bus-sdk.ts');
  const client =
    'connectionString' in connection
      ? new ServiceBusClient(connection.connectionString, options(timeoutMs))
      : new ServiceBusClient(connection.fullyQualifiedNamespace, connection.credential, options(timeoutMs));
  return { client, sender: client.createSender(queue) };
}

export class SendingConnection {
  readonly madeAt: number;
  readonly #makeLink: () => Promise<Link>;
  #link: Promise<Link> | undefined;
  #opening: Promise<unknown> | undefined;
  #using = 0;
  #retired = false;

  constructor(connection: ServiceBusConnection, queue: string, timeoutMs: number, madeAt: number) {
    this.madeAt = madeAt;
    this.#makeLink = () => makeLink(connection, queue, timeoutMs);
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
    this.#opening ??= this.#open(abortSignal).finally(() => {
      this.#opening = undefined;
    });
    await this.#opening;
  }

  async send(message: ServiceBusMessage, abortSignal: AbortSignal): Promise<void> {
    const { sender } = await this.#linked();
    await sender.sendMessages(message, { abortSignal });
  }

  /** No new sends; the client is closed once those under way have ended. */
  async retire(): Promise<void> {
    this.#retired = true;
    if (this.#using === 0) await this.#close();
  }

  #linked(): Promise<Link> {
    this.#link ??= this.#makeLink();
    return this.#link;
  }

  async #open(abortSignal: AbortSignal): Promise<void> {
    const { sender } = await this.#linked();
    await sender.createMessageBatch({ abortSignal });
  }

  async #close(): Promise<void> {
    try {
      await (await this.#link)?.client.close();
    } catch {
      // A broken connection may refuse to be closed; it is not used again.
    }
  }
}
