// The Service Bus emulator as a process: flags in, one line of JSON out when it is ready.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ManualClock } from './core/manual-clock.ts';
import { startServiceBusEmulator } from './index.ts';

try {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '5672' },
      config: { type: 'string', default: fileURLToPath(new URL('config.json', import.meta.url)) },
      'control-port': { type: 'string' },
      state: { type: 'string' },
      clock: { type: 'string', default: 'system' },
      'count-dropped-deliveries': { type: 'string', default: 'false' },
      host: { type: 'string', default: '127.0.0.1' },
    },
  });
  const controlPort = values['control-port'];
  const emulator = await startServiceBusEmulator({
    port: portNumber(values.port),
    config: JSON.parse(readFileSync(values.config, 'utf8')),
    host: values.host,
    clock: oneOf(values.clock, ['system', 'manual']) === 'manual' ? new ManualClock(Date.now()) : undefined,
    controlPort: controlPort === undefined ? undefined : portNumber(controlPort),
    countDroppedDeliveries: oneOf(values['count-dropped-deliveries'], ['true', 'false']) === 'true',
    stateFile: values.state,
    log: (line) => console.error(line),
  });
  const stop = () => void emulator.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Started by another process: an orphan would keep the port.
  if (process.send) process.once('disconnect', stop);
  const { url, connectionString, controlUrl } = emulator;
  console.log(JSON.stringify({ ready: true, url, connectionString, controlUrl }));
} catch (error) {
  console.error(`service-bus emulator: ${(error as Error).message}`);
  process.exit(1);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`'${text}' is no port`);
}

function oneOf(text: string, values: readonly string[]): string {
  if (values.includes(text)) return text;
  throw new Error(`'${text}' is none of ${values.join(', ')}`);
}
