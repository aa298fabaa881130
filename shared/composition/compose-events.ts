// The part of the composition root that is about events: nothing of it is made if they are off.
import { EventGridPublisher } from '../adapters/event-grid/event-grid-publisher.ts';
import { managedIdentity } from '../adapters/graph/graph-credential.ts';
import { locationOf, toSendRequestJson } from '../adapters/http/send-request-json.ts';
import type { Table } from '../adapters/table-storage/table.ts';
import { TableOutbox } from '../adapters/table-storage/table-outbox.ts';
import type { Telling } from '../adapters/table-storage/table-status-log.ts';
import type { CloudEventForm } from '../domain/log/cloud-event.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { EventsConfig } from '../settings/events-config.ts';
import { BackgroundPublisher } from '../usecases/events/background-publisher.ts';
import type { EventsContext } from '../usecases/events/publish-mailbox.ts';
import { TopicHealth } from '../usecases/events/topic-health.ts';

/** The data of an event is what GET returns. */
export const formOf = ({ source, data }: Pick<EventsConfig, 'source' | 'data'>): CloudEventForm => ({
  source,
  data,
  path: locationOf,
  render: (record) => toSendRequestJson(record, [], []),
});

/** What the timer of the outbox needs, and how the status log tells of changes; undefined if events are off. */
export function composeEvents(
  config: EventsConfig | undefined,
  { table, clock, telemetry }: { table: Table; clock: Clock; telemetry: Telemetry },
): { context: EventsContext; telling: Telling } | undefined {
  if (!config) return undefined;
  const { endpoint, key, clientId } = config;
  const publisher = new EventGridPublisher(key === undefined ? { endpoint, credential: managedIdentity(clientId) } : { endpoint, key });
  const outbox = new TableOutbox(table, clock);
  const context: EventsContext = { clock, outbox, telemetry, topic: new TopicHealth(clock, publisher) };
  const background = new BackgroundPublisher(context);
  const told = (mailbox: string): void => background.nudge(mailbox);
  const failed = (error: unknown): void =>
    telemetry.event('unexpectedError', { error: error instanceof Error ? error.stack : String(error) });
  return { context, telling: { form: formOf(config), outbox, told, failed } };
}
