// HTTP streaming: bodies come over the worker's own endpoint, so that a chunked one arrives, and a large one isn't copied on its way.
// The guard ends invocations that would otherwise wait until the host restarts the whole worker.
import { app } from '@azure/functions';
import { guardInvocations } from '../shared/adapters/http/guard.ts';
import { READ_METADATA } from '../shared/adapters/service-bus/message-properties-codec.ts';
import { loadClients, services, startFault } from '../shared/composition/composition-root.ts';

// Comes before every registration: the library locks its set-up with the first one.
app.setup({ enableHttpStream: true });
// When the app has been loaded the library's programming model is in place, and its HTTP endpoint is not yet.
app.hook.appStart(() => guardInvocations(READ_METADATA));
// Not before the host has its answer that the app has been loaded.
app.hook.appStart(() => void setImmediate(loadClients));
// What this process has counted since it saved last. If it is killed, this does not run.
app.hook.appTerminate(async () => {
  if (!startFault()) await services().activity.save();
});
