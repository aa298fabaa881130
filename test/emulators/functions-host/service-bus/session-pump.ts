// Messages of a queue with sessions: maxConcurrentSessions slots, each of which takes the next free session again and again.
import { setMaxListeners } from 'node:events';
import type { ServiceBusSessionReceiver } from '@azure/service-bus';
import { Backoff, createFailureLog, settledWithin, unlessAborted } from './backoff.ts';
import { atMost, type Lease } from './bus-connection.ts';
import type { Pump, PumpOptions } from './pump.ts';
import { runSession } from './session.ts';

// The client gives up by itself after tryTimeout; this is for the case that it doesn't.
const acceptGrace = 5000;
const shortest = 50;

export function startSessionPump(pump: PumpOptions): Pump {
  const { target, options, connection, log } = pump;
  const logFailure = createFailureLog((message) => log.function(target.name, '', 'error', message));
  const stopping = new AbortController();
  // Every slot listens to it.
  setMaxListeners(0, stopping.signal);

  async function acceptNext(lease: Lease): Promise<ServiceBusSessionReceiver | undefined> {
    try {
      const accepting = lease.client.acceptNextSession(target.queueName, {
        maxAutoLockRenewalDurationInMs: 0,
        skipParsingBodyAsJson: true,
      });
      // The client looks at an abort signal only before and after; closing it is what ends a long poll.
      return await unlessAborted(
        atMost(accepting, options.clientRetryOptions.tryTimeout + acceptGrace, 'accepting a session'),
        stopping.signal,
      );
    } catch (error) {
      // No session has messages: the normal end of a long poll.
      if ((error as { code?: string }).code === 'ServiceTimeout') return undefined;
      if (!stopping.signal.aborted) logFailure(error as Error);
      throw error;
    }
  }

  async function runSlot(): Promise<void> {
    const backoff = new Backoff(stopping.signal);
    while (!stopping.signal.aborted) {
      const lease = connection.lease();
      const asked = Date.now();
      try {
        const receiver = await acceptNext(lease);
        const handled = receiver ? await runSession(pump, receiver, stopping.signal) : 0;
        // A long poll that ends at once, or a session without a message that does, must not become a busy loop.
        if (handled === 0 && Date.now() - asked < shortest) await backoff.wait();
        else backoff.reset();
      } catch {
        lease.fail();
        await backoff.wait();
      } finally {
        lease.end();
      }
    }
  }

  const slots = Array.from({ length: options.maxConcurrentSessions }, runSlot);
  return {
    async stop(drainTime) {
      stopping.abort();
      await settledWithin(slots, drainTime);
      await connection.close();
    },
  };
}
