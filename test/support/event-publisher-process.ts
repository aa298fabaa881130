// A process of its own that publishes with the managed identity over https: it trusts the certificate of the test by NODE_EXTRA_CA_CERTS.
import { EventGridPublisher } from '../../shared/adapters/event-grid/event-grid-publisher.ts';
import { managedIdentity } from '../../shared/adapters/graph/graph-credential.ts';
import type { CloudEvent } from '../../shared/domain/log/cloud-event.ts';

export interface PublishOrder {
  endpoint: string;
  events: CloudEvent[];
}

process.on('message', async ({ endpoint, events }: PublishOrder) => {
  const publisher = new EventGridPublisher({ endpoint, credential: managedIdentity(undefined) });
  process.send?.(await publisher.publish(events));
});
