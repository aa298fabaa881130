// Timer: compares the mailboxes that have open requests with the status log.
import { app } from '@azure/functions';
import { services } from '../shared/composition-root.ts';
import { reconcileMailboxes } from '../shared/usecases/reconcile/reconcile-mailboxes.ts';

app.timer('reconcile-mailboxes', {
  schedule: '%RECONCILE_SCHEDULE%',
  handler: async () => {
    await reconcileMailboxes(services().context);
  },
});
