// Timer functions of the sample app: they log what they were given.
import { app, type InvocationContext, type Timer } from '@azure/functions';

const report = (timer: Timer, context: InvocationContext) => context.log(`timer ${JSON.stringify(timer)}`);

app.timer('on-schedule', { schedule: '%SAMPLE_SCHEDULE%', handler: report });
app.timer('once-a-year', { schedule: '0 0 0 1 1 *', handler: report });
app.timer('at-start', { schedule: '0 0 0 1 1 *', runOnStartup: true, handler: report });
app.timer('past-due', { schedule: '0 0 0 1 1 *', handler: report });
