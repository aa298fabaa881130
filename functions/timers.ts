// The timers: reconciliation, the purge of the status log, and events that could not be published at once.
import { app } from '@azure/functions';
import { services } from '../shared/composition/composition-root.ts';
import { publishOutbox } from '../shared/usecases/events/publish-outbox.ts';
import { reconcileMailboxes } from '../shared/usecases/reconcile/reconcile-mailboxes.ts';

export function registerTimers(): void {
  /** Compares the mailboxes that have open requests with the status log. */
  app.timer('reconcile-mailboxes', {
    schedule: '%RECONCILE_SCHEDULE%',
    handler: async () => {
      await reconcileMailboxes(services().context);
    },
  });

  /** Deletes old rows of the status log. Hourly, so that each run has little to do. */
  app.timer('purge-log', {
    schedule: '0 23 * * * *',
    handler: async () => {
      await services().purge();
    },
  });

  const { events } = services();
  if (!events) return;
  /** Publishes what is left in the outbox. */
  app.timer('publish-events', {
    schedule: '*/30 * * * * *',
    handler: async () => {
      await publishOutbox(events);
    },
  });
}
