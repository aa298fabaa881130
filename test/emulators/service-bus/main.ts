// The Service Bus emulator as a process: flags in, one line of JSON out when it is ready.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startServiceBusEmulator } from './index.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '5672' },
    config: { type: 'string', default: new URL('config.json', import.meta.url).pathname },
    'count-dropped-deliveries': { type: 'string', default: 'false' },
  },
});

try {
  const emulator = await startServiceBusEmulator({
    port: Number(values.port),
    config: JSON.parse(readFileSync(values.config, 'utf8')),
    countDroppedDeliveries: values['count-dropped-deliveries'] === 'true',
    log: (line) => console.error(line),
  });
  const stop = () => emulator.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Started by another process: an orphan would keep the port.
  if (process.send) process.once('disconnect', stop);
  console.log(JSON.stringify({ ready: true, url: emulator.url, connectionString: emulator.connectionString }));
} catch (error) {
  console.error(`service-bus emulator: ${(error as Error).message}`);
  process.exit(1);
}
