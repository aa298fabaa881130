// One session: its messages in order, its lock renewed from its start on, until it is idle, lost, or told to end.
import type { ServiceBusReceivedMessage, ServiceBusSessionReceiver } from '@azure/service-bus';
import { closeQuietly } from './bus-connection.ts';
import { keepLocked } from './lock-renewal.ts';
import { processMessage } from './process-message.ts';
import type { PumpOptions } from './pump.ts';
import { SettlementLine } from './settlement-line.ts';

/** Resolves when the session has been let go, with the number of messages that it had. */
export async function runSession(pump: PumpOptions, receiver: ServiceBusSessionReceiver, stopping: AbortSignal): Promise<number> {
  const { target, options, log } = pump;
  const inFlight = new Set<Promise<unknown>>();
  let handled = 0;
  let lost = false;
  let released = false;
  let tellLost = () => {};
  const whenLost = new Promise<void>((resolve) => {
    tellLost = resolve;
  });
  const source = { receiver, line: new SettlementLine(), lost: whenLost, stopping };
  // The renewal time counts from here for the whole session, not for each message (azure-sdk-for-net#35267).
  const stopRenewal = keepLocked({
    lockedUntil: () => receiver.sessionLockedUntilUtc,
    renew: () => receiver.renewSessionLock(),
    maxDuration: options.maxAutoLockRenewalDuration,
    onError: (error) => log.function(target.name, '', 'warning', `lock of session '${receiver.sessionId}' not renewed: ${error.message}`),
  });

  await new Promise<void>((end) => {
    let idle: NodeJS.Timeout | undefined;
    const stopReceiving = () => {
      clearTimeout(idle);
      stopping.removeEventListener('abort', stopReceiving);
      if (lost) stopRenewal();
      if (lost) end();
      else
        void subscription.close().then(
          () => end(),
          () => end(),
        );
    };
    // The wait for the next message starts when a message is done, as the processor's next receive does.
    const waitForNext = () => {
      clearTimeout(idle);
      idle = setTimeout(stopReceiving, options.sessionIdleTimeout);
    };
    const handle = async (message: ServiceBusReceivedMessage) => {
      handled += 1;
      const outcome = await processMessage(pump, source, message);
      // ReleaseSession: nothing more is received; what runs beside it may end.
      if (outcome.settled && outcome.released && !released) {
        released = true;
        stopReceiving();
      }
      if (outcome.settled) return;
      // Nothing more can be settled here: the lock or the connection is gone, or nothing completes messages at all.
      lost = true;
      stopReceiving();
    };
    const subscription = receiver.subscribe(
      {
        async processMessage(message) {
          clearTimeout(idle);
          const running = handle(message);
          inFlight.add(running);
          await running.catch(() => {});
          inFlight.delete(running);
          if (inFlight.size === 0 && !lost && !released && !stopping.aborted) waitForNext();
        },
        async processError({ error }) {
          if (lost) return;
          lost = true;
          tellLost();
          log.function(target.name, '', 'warning', `session '${receiver.sessionId}' ended: ${error.message}`);
          stopReceiving();
        },
      },
      { autoCompleteMessages: false, maxConcurrentCalls: options.maxConcurrentCallsPerSession },
    );
    stopping.addEventListener('abort', stopReceiving);
    if (stopping.aborted) stopReceiving();
    else waitForNext();
  });

  await Promise.allSettled([...inFlight]);
  stopRenewal();
  await closeQuietly(receiver);
  return handled;
}
