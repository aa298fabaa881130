// The Service Bus emulator in this process: for tests, and for main.ts.
import { AmqpServer } from './amqp/amqp-server.ts';
import { readConfig } from './config.ts';
import { type ControlServer, startControlServer } from './control/control-server.ts';
import { Broker } from './core/broker.ts';
import type { Clock } from './core/clock.ts';
import { Faults } from './faults.ts';
import { FileJournal } from './storage/file-journal.ts';

/** As the official emulator has them. */
const KEY = { name: 'RootManageSharedAccessKey', value: 'SAS_KEY_VALUE' };

export interface ServiceBusEmulatorOptions {
  /** 0 or nothing: any free one. */
  readonly port?: number | undefined;
  /** Where to listen; this machine only unless told otherwise. */
  readonly host?: string | undefined;
  /** The content of a config.json. */
  readonly config: unknown;
  readonly clock?: Clock | undefined;
  /** 0: any free one; nothing: no control API. */
  readonly controlPort?: number | undefined;
  readonly countDroppedDeliveries?: boolean | undefined;
  /** Keeps what the queues hold over the end of the process. */
  readonly stateFile?: string | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

export interface ServiceBusEmulator {
  readonly url: string;
  readonly connectionString: string;
  readonly port: number;
  readonly controlUrl: string | undefined;
  /** The pure core. */
  readonly broker: Broker;
  readonly faults: Faults;
  readonly amqp: AmqpServer;
  close(): Promise<void>;
}

export async function startServiceBusEmulator(options: ServiceBusEmulatorOptions): Promise<ServiceBusEmulator> {
  const queues = readConfig(options.config);
  const faults = new Faults();
  const journal = options.stateFile === undefined ? undefined : new FileJournal(options.stateFile);
  const { clock, countDroppedDeliveries } = options;
  const broker = new Broker({ queues, clock, countDroppedDeliveries, journal, restore: journal?.records() });
  const amqp = new AmqpServer({ broker, faults, key: KEY, log: options.log ?? (() => {}) });
  const port = await amqp.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  let control: ControlServer | undefined;
  const close = async () => {
    await control?.close();
    await amqp.close();
    broker.close();
    journal?.close();
  };
  try {
    if (options.controlPort !== undefined) control = await startControlServer({ broker, amqp, faults }, options.controlPort);
  } catch (error) {
    await close();
    throw error;
  }
  const url = `sb://localhost:${port}`;
  const connectionString = `Endpoint=${url};SharedAccessKeyName=${KEY.name};SharedAccessKey=${KEY.value};UseDevelopmentEmulator=true;`;
  return { url, connectionString, port, controlUrl: control?.url, broker, faults, amqp, close };
}
