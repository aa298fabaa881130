// One function's client of Service Bus: made from a connection prefix, replaced by a new one after a failure.
import type { TokenCredential } from '@azure/identity';
import { ServiceBusClient, type ServiceBusClientOptions } from '@azure/service-bus';
import type { ServiceBusOptions } from '../host-json.ts';
import { lookUp, type Settings } from '../settings.ts';

// The client's own retries may not outlast an outage by more than this.
const longestRetryDelay = 1000;
const closeTimeout = 2000;

export type ClientFactory = () => ServiceBusClient;

async function credentialFor(prefix: string, settings: Settings): Promise<TokenCredential> {
  // Loaded only if it is used: it would double the host's start-up time.
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  const clientId = lookUp(settings, `${prefix}__clientId`);
  if (lookUp(settings, `${prefix}__credential`)?.toLowerCase() === 'managedidentity')
    return clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  return new DefaultAzureCredential();
}

function clientOptions(retry: ServiceBusOptions['clientRetryOptions']): ServiceBusClientOptions {
  return {
    retryOptions: {
      mode: retry.exponential ? 0 : 1,
      timeoutInMs: retry.tryTimeout,
      maxRetries: retry.maxRetries,
      retryDelayInMs: Math.min(retry.delay, longestRetryDelay),
      maxRetryDelayInMs: Math.min(retry.maxDelay, longestRetryDelay),
    },
  };
}

/** A plain connection string, or with `__fullyQualifiedNamespace` an identity: always TLS, so a real namespace of Azure. */
export async function clientFactory(prefix: string, settings: Settings, options: ServiceBusOptions): Promise<ClientFactory> {
  const text = lookUp(settings, prefix) ?? lookUp(settings, `AzureWebJobs${prefix}`);
  if (text) return () => new ServiceBusClient(text, clientOptions(options.clientRetryOptions));
  const namespace = lookUp(settings, `${prefix}__fullyQualifiedNamespace`);
  if (!namespace)
    throw new Error(`Service Bus connection '${prefix}' does not exist: set ${prefix} or ${prefix}__fullyQualifiedNamespace.`);
  const credential = await credentialFor(prefix, settings);
  return () => new ServiceBusClient(namespace, credential, clientOptions(options.clientRetryOptions));
}

export async function atMost<T>(promise: Promise<T>, milliseconds: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => {});
  }
}

export interface Lease {
  readonly client: ServiceBusClient;
  /** Whoever leases next gets a new client. Known trap: a client whose token renewal failed once never renews again. */
  fail(): void;
  /** A client that has failed is closed when nobody uses it any more. */
  end(): void;
}

interface Shared {
  client: ServiceBusClient;
  users: number;
  failed: boolean;
}

export class BusConnection {
  readonly #create: ClientFactory;
  #current: Shared | undefined;

  constructor(create: ClientFactory) {
    this.#create = create;
  }

  lease(): Lease {
    this.#current ??= { client: this.#create(), users: 0, failed: false };
    const shared = this.#current;
    shared.users += 1;
    return {
      client: shared.client,
      fail: () => {
        shared.failed = true;
        if (this.#current === shared) this.#current = undefined;
      },
      end: () => {
        shared.users -= 1;
        if (shared.failed && shared.users === 0) void closeQuietly(shared.client);
      },
    };
  }

  async close(): Promise<void> {
    const shared = this.#current;
    this.#current = undefined;
    if (shared) await closeQuietly(shared.client);
  }
}

/** Closing what has lost its connection may take very long or fail. */
export async function closeQuietly(closable: { close(): Promise<void> }): Promise<void> {
  await atMost(closable.close(), closeTimeout, 'closing').catch(() => {});
}
