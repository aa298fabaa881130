// The Event Grid emulator as a process: flags in, one line of JSON out when it is ready.
import { parseArgs } from 'node:util';
import { startEventGridEmulator } from './index.ts';

try {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '8026' } } });
  if (!/^\d{1,5}$/.test(values.port)) throw new Error(`'${values.port}' is no port`);
  const { url, topicEndpoint, namespaceTopicEndpoint, key, close } = await startEventGridEmulator({ port: Number(values.port) });
  const stop = () => void close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Started by another process: an orphan would keep the port.
  if (process.send) process.once('disconnect', stop);
  console.log(JSON.stringify({ ready: true, url, topicEndpoint, namespaceTopicEndpoint, key }));
} catch (error) {
  console.error(`event-grid emulator: ${(error as Error).message}`);
  process.exit(1);
}
