// Timer: deletes what the status log need not keep any longer. Hourly, so that each run has little to do.
import { app } from '@azure/functions';
import { services } from '../shared/composition-root.ts';
import { purgeLog } from '../shared/usecases/log/purge-log.ts';

app.timer('purge-log', {
  schedule: '0 23 * * * *',
  handler: async () => {
    const { clock, telemetry, retention, config } = services();
    await purgeLog({ clock, telemetry, retention, logRetentionMs: config.logRetentionMs });
  },
});
