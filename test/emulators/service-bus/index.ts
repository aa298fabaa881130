// The Service Bus emulator in this process: for tests, and for main.ts.
import { AmqpServer } from './amqp/amqp-server.ts';
import { type Queues, readConfig } from './config.ts';
import { Broker } from './core/broker.ts';
import type { Clock } from './core/clock.ts';
import { Faults } from './faults.ts';

/** As the official emulator has them. */
const KEY = { name: 'RootManageSharedAccessKey', value: 'SAS_KEY_VALUE' };

export interface ServiceBusEmulatorOptions {
  /** 0 or nothing: any free one. */
  readonly port?: number;
  /** The content of a config.json, or queues as readConfig returns them. */
  readonly config: unknown;
  readonly clock?: Clock;
  readonly countDroppedDeliveries?: boolean;
  readonly log?: (line: string) => void;
}

export interface ServiceBusEmulator {
  readonly url: string;
  readonly connectionString: string;
  readonly port: number;
  /** The pure core. */
  readonly broker: Broker;
  readonly faults: Faults;
  readonly amqp: AmqpServer;
  close(): Promise<void>;
}

export async function startServiceBusEmulator(options: ServiceBusEmulatorOptions): Promise<ServiceBusEmulator> {
  const queues: Queues = readConfig(options.config);
  const log = options.log ?? (() => {});
  const faults = new Faults();
  const broker = new Broker({ queues, clock: options.clock, countDroppedDeliveries: options.countDroppedDeliveries });
  const amqp = new AmqpServer({ broker, faults, key: KEY, log });
  const port = await amqp.listen(options.port ?? 0);
  const url = `sb://localhost:${port}`;
  return {
    url,
    connectionString: `Endpoint=${url};SharedAccessKeyName=${KEY.name};SharedAccessKey=${KEY.value};UseDevelopmentEmulator=true;`,
    port,
    broker,
    faults,
    amqp,
    async close() {
      await amqp.close();
      broker.close();
    },
  };
}
