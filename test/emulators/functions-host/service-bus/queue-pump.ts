// Messages of a queue without sessions: maxConcurrentCalls at the same time, each lock renewed while its function runs.
import type { ProcessErrorArgs, ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import { Backoff, createFailureLog, settledWithin } from './backoff.ts';
import { closeQuietly } from './bus-connection.ts';
import { keepLocked } from './lock-renewal.ts';
import { type MessageSource, processMessage } from './process-message.ts';
import type { Pump, PumpOptions } from './pump.ts';
import { SettlementLine } from './settlement-line.ts';

// A receiver with one delivery that was never settled falls silent after 2,048 more: it is replaced long before.
const deliveriesAfterUnsettled = 500;

/** At most `limit` functions at once; what has been prefetched waits here with its lock running. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];
  constructor(limit: number) {
    this.#free = limit;
  }
  async take(): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
  release(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}

export function startQueuePump(pump: PumpOptions): Pump {
  const { target, options, connection, log } = pump;
  const stopping = new AbortController();
  const logFailure = createFailureLog((message) => log.function(target.name, '', 'error', message));
  const backoff = new Backoff(stopping.signal);
  const slots = new Slots(options.maxConcurrentCalls);
  const inFlight = new Set<Promise<unknown>>();

  async function handle(receiver: ServiceBusReceiver, source: MessageSource, message: ServiceBusReceivedMessage): Promise<boolean> {
    await slots.take();
    const stopRenewal = keepLocked({
      lockedUntil: () => message.lockedUntilUtc,
      renew: () => receiver.renewMessageLock(message),
      maxDuration: options.maxAutoLockRenewalDuration,
      onError: (error) =>
        log.function(target.name, '', 'warning', `lock of message ${String(message.messageId)} not renewed: ${error.message}`),
    });
    try {
      return (await processMessage(pump, source, message)).settled;
    } finally {
      stopRenewal();
      slots.release();
    }
  }

  /** One receiver's life: until an error, until it must be replaced, or until the pump stops. */
  async function receive(): Promise<void> {
    const lease = connection.lease();
    const receiver = lease.client.createReceiver(target.queueName, { maxAutoLockRenewalDurationInMs: 0, skipParsingBodyAsJson: true });
    // No 'lost' here: the client settles over its management link once the receiver's own is gone.
    const source = { receiver, line: new SettlementLine(), lost: new Promise(() => {}), stopping: stopping.signal };
    const own = new Set<Promise<unknown>>();
    let deliveries = 0;
    let failure: Error | undefined;
    await new Promise<void>((end) => {
      const subscription = receiver.subscribe(
        {
          async processMessage(message) {
            const running = handle(receiver, source, message);
            own.add(running);
            inFlight.add(running);
            const settled = await running.catch(() => false);
            own.delete(running);
            inFlight.delete(running);
            backoff.reset();
            deliveries += 1;
            if (!settled && deliveries < deliveriesAfterUnsettled) deliveries = deliveriesAfterUnsettled;
            if (deliveries >= 2 * deliveriesAfterUnsettled) stopReceiving();
          },
          async processError(args: ProcessErrorArgs) {
            failure = args.error;
            stopReceiving();
          },
        },
        { autoCompleteMessages: false, maxConcurrentCalls: options.maxConcurrentCalls + options.prefetchCount },
      );
      const stopReceiving = () => {
        stopping.signal.removeEventListener('abort', stopReceiving);
        const drained = subscription.close().then(
          () => end(),
          () => end(),
        );
        // Draining needs a living link; on a dead one it must not hold up the new receiver.
        if (failure) end();
        else void drained;
      };
      stopping.signal.addEventListener('abort', stopReceiving);
    });
    if (failure) {
      logFailure(failure);
      lease.fail();
    }
    // What still runs settles over the old receiver, beside the new one.
    const finished = Promise.allSettled([...own])
      .then(() => closeQuietly(receiver))
      .then(() => lease.end());
    if (!failure) await finished;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await receive().catch(logFailure);
      if (!stopping.signal.aborted) await backoff.wait();
    }
  }

  const running = run();
  return {
    async stop(drainTime) {
      stopping.abort();
      await settledWithin([running, ...inFlight], drainTime);
      await connection.close();
    },
  };
}
