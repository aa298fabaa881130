// EventPublisher on Azure Event Grid: a custom topic, or a topic of a namespace.
import type { EventGridPublisherClient, SendCloudEventInput } from '@azure/eventgrid';
import type { TokenCredential } from '@azure/identity';
import type { CloudEvent } from '../../domain/log/cloud-event.ts';
import { retryAfterMs } from '../../domain/submit/retry-after.ts';
import type { EventPublisher, PublishResult } from '../../ports/event-publisher.ts';

/** The endpoint of a custom topic, or the publish operation of a namespace's topic. With a key: an emulator. */
export type TopicConnection = { endpoint: string } & ({ key: string } | { credential: TokenCredential });

/** A call ends within this time, whatever the SDK is still trying. */
const CALL_TIMEOUT_MS = 20_000;

/**
 * https://learn.microsoft.com/rest/api/eventgrid/dataplane/publish-cloud-events/publish-cloud-events: the path of a namespace's topic. Its API
 * has a version of its own.
 */
const NAMESPACE_TOPIC = /\/topics\/[^/]+:publish$/;
const NAMESPACE_API_VERSION = '2024-06-01';

/** The request itself is wrong, and would be wrong the next time too. */
const REFUSED = [400, 413];

interface Failure {
  statusCode?: number;
  code?: string;
  message?: string;
  response?: { headers?: { get(name: string): string | undefined } };
}

/** The client repeats 408, 429 and 5xx itself: at least once is what is promised. */
const retryOptions = { maxRetries: 2, retryDelayInMs: 300, maxRetryDelayInMs: 2_000 };

/**
 * One client for both kinds of topics: `@azure/eventgrid-namespaces` 1.0.0 leaves out the extension attributes of a batch (`sequence`,
 * `traceparent`), seen in its source. `apiVersion` is an option of the client that its types do not name.
 */
async function makeClient(connection: TopicConnection): Promise<EventGridPublisherClient<'CloudEvent'>> {
  const { AzureKeyCredential, EventGridPublisherClient } = await import('./event-grid-sdk.ts');
  const url = new URL(connection.endpoint);
  const options = {
    retryOptions,
    allowInsecureConnection: url.protocol === 'http:',
    ...(NAMESPACE_TOPIC.test(url.pathname) && { apiVersion: NAMESPACE_API_VERSION }),
  };
  const credential = 'key' in connection ? new AzureKeyCredential(connection.key) : connection.credential;
  return new EventGridPublisherClient(connection.endpoint, 'CloudEvent', credential, options);
}

const toInput = ({ id, source, type, subject, time, traceparent, sequence, data }: CloudEvent): SendCloudEventInput<unknown> => ({
  id,
  source,
  type,
  subject,
  time: new Date(time),
  datacontenttype: 'application/json',
  extensionAttributes: { sequence, ...(traceparent !== undefined && { traceparent }) },
  data,
});

function resultOf(error: unknown, now: number): PublishResult {
  const { statusCode, code, message = '', response } = error as Failure;
  const [line = ''] = message.split('\n');
  const reason = `Event Grid: ${[statusCode, code, line].filter(Boolean).join(' ')}`.slice(0, 500);
  if (REFUSED.includes(statusCode ?? 0)) return { kind: 'refused', reason };
  const wait = retryAfterMs(response?.headers?.get('retry-after'), now);
  return { kind: 'unavailable', reason, ...(wait !== undefined && { retryAfterMs: wait }) };
}

export class EventGridPublisher implements EventPublisher {
  readonly #connection: TopicConnection;
  #client: Promise<EventGridPublisherClient<'CloudEvent'>> | undefined;

  constructor(connection: TopicConnection) {
    this.#connection = connection;
  }

  async publish(events: readonly CloudEvent[]): Promise<PublishResult> {
    try {
      this.#client ??= makeClient(this.#connection);
      await (await this.#client).send(events.map(toInput), { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
      return { kind: 'accepted' };
    } catch (error) {
      return resultOf(error, Date.now());
    }
  }
}
