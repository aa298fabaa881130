// The timers: reconciliation and the purge of the status log.
import { app } from '@azure/functions';
import { services } from '../shared/composition-root.ts';
import { purgeLog } from '../shared/usecases/log/purge-log.ts';
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
      await purgeLog(services().purgeContext);
    },
  });
}
