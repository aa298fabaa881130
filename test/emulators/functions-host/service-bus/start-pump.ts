// Chooses the pump for a Service Bus function and connects it.
import type { ServiceBusFunction } from '../function-table.ts';
import type { ServiceBusOptions } from '../host-json.ts';
import type { Invoker } from '../invoker.ts';
import type { Log } from '../log.ts';
import type { Settings } from '../settings.ts';
import { BusConnection, clientFactory } from './bus-connection.ts';
import type { Pump } from './pump.ts';
import { startQueuePump } from './queue-pump.ts';
import { startSessionPump } from './session-pump.ts';
import type { RunningMessages } from './settlement-service.ts';

export interface StartPumpOptions {
  target: ServiceBusFunction;
  settings: Settings;
  options: ServiceBusOptions;
  invoker: Invoker;
  log: Log;
  messages: RunningMessages;
}

/** Rejects if the connection's settings are missing: the function is then in error. */
export async function startPump({ settings, ...rest }: StartPumpOptions): Promise<Pump> {
  const connection = new BusConnection(await clientFactory(rest.target.connection, settings, rest.options));
  return rest.target.isSessionsEnabled ? startSessionPump({ ...rest, connection }) : startQueuePump({ ...rest, connection });
}
