// The worker process: loads the app, runs its functions for the host, ends when the host ends.
import type { HostMessage } from '../protocol.ts';
import { createAppContext } from './app-context.ts';
import { sendToHost, toException } from './channel.ts';
import { provideCoreApi } from './core-api.ts';
import { loadEntryPoint } from './entry-point.ts';
import { executeHooks, runInvocation } from './invocation.ts';
import { listenOnLoopback } from './loopback.ts';

listenOnLoopback();
const app = createAppContext();
provideCoreApi(app);

async function load(entryPoint: string): Promise<void> {
  try {
    await loadEntryPoint(entryPoint);
    await executeHooks(app.hooks.get('appStart'), { hookData: app.appLevelOnlyHookData, appHookData: app.appHookData });
    app.hasFinishedStartup = true;
    // Asked for after the entry point has run, as in the real worker: `app.setup` decides here whether HTTP is streamed.
    const capabilities = (await app.programmingModel?.getCapabilities?.({ RawHttpBodyBytes: 'true', RpcHttpBodyOnly: 'true' })) ?? {};
    const functions = [...app.functions.values()].map(({ metadata }) => JSON.parse(JSON.stringify(metadata)));
    sendToHost({ type: 'loaded', functions, capabilities });
  } catch (error) {
    sendToHost({ type: 'loadFailed', error: toException(error) });
  }
}

async function terminate(): Promise<void> {
  await executeHooks(app.hooks.get('appTerminate'), { hookData: app.appLevelOnlyHookData, appHookData: app.appHookData });
  process.exit(0);
}

process.on('message', (message: HostMessage) => {
  if (message.type === 'load') void load(message.entryPoint);
  else if (message.type === 'terminate') void terminate();
  else {
    const { invocationId } = message.request;
    runInvocation(app, message.request).then(
      (response) => sendToHost({ type: 'invoked', invocationId, response }),
      (error) => sendToHost({ type: 'failed', invocationId, error: toException(error) }),
    );
  }
});

// The host is gone: nothing may outlive it.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the host drains first and then asks this process to end.
process.on('SIGINT', () => {});

process.on('uncaughtException', (error) => {
  const message = `Worker encountered an uncaught exception: ${toException(error).stackTrace}`;
  if (process.connected) process.send?.({ type: 'log', level: 'error', category: 'system', message }, () => process.exit(1));
  else process.exit(1);
});
