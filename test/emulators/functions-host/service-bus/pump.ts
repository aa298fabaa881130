// What every Service Bus pump offers to the host, and what it is made from.
import type { ServiceBusFunction } from '../function-table.ts';
import type { ServiceBusOptions } from '../host-json.ts';
import type { Invoker } from '../invoker.ts';
import type { Log } from '../log.ts';
import type { BusConnection } from './bus-connection.ts';
import type { RunningMessages } from './settlement-service.ts';

export interface Pump {
  /** Takes no more messages, lets running invocations finish for the time given (ms), disconnects. */
  stop(drainTime: number): Promise<void>;
}

export interface PumpOptions {
  target: ServiceBusFunction;
  options: ServiceBusOptions;
  connection: BusConnection;
  invoker: Invoker;
  log: Log;
  /** Those that functions are working on, for the settlement service. */
  messages: RunningMessages;
}
