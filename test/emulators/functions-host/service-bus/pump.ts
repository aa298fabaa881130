// What every Service Bus pump offers to the host.

export interface Pump {
  /** Takes no more messages, lets running invocations finish for the time given (ms), disconnects. */
  stop(drainTime: number): Promise<void>;
}
