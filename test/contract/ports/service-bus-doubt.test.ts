// The submission queue over a broker that drops connections and stays silent: what went through is said, and what isn't known too.
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { ServiceBusQueue } from '../../../shared/adapters/service-bus/service-bus-queue.ts';
import type { Fault } from '../../emulators/service-bus/faults.ts';
import { type ServiceBusEmulator, startServiceBusEmulator } from '../../emulators/service-bus/index.ts';
import { newMailbox, queueMessage } from '../../support/samples.ts';
import { queuesConfig } from '../../support/service-bus.ts';

/** Long enough to connect on a busy machine: a try that meets silence takes as long. */
const TRY_TIMEOUT_MS = 2_000;
const ACTIONS = ['dropBefore', 'dropAfter', 'noAnswer'] as const;
const names = Array.from({ length: 10 }, (_, index) => `queue-${index}`);

describe.concurrent('submission queue in doubt', () => {
  let emulator: ServiceBusEmulator;
  let browser: ServiceBusClient;
  const queues = [...names];
  beforeAll(async () => {
    emulator = await startServiceBusEmulator({ config: queuesConfig(names) });
    browser = new ServiceBusClient(emulator.connectionString);
  });
  afterAll(async () => {
    await browser.close();
    await emulator.close();
  });

  /** Sends one message to a queue of its own that meets the faults. */
  const send = async (...faults: Omit<Fault, 'entity' | 'point'>[]) => {
    const entity = queues.pop() ?? '';
    for (const fault of faults) emulator.faults.arm({ point: 'send', entity, ...fault });
    const queue = new ServiceBusQueue({
      connection: emulator,
      queue: entity,
      clock: { now: () => 0 },
      tryTimeoutMs: TRY_TIMEOUT_MS,
      busyDelayMs: 1,
    });
    const { kind } = await queue.enqueue(queueMessage(newMailbox()));
    await queue.close();
    const receiver = browser.createReceiver(entity);
    const { length } = await receiver.peekMessages(10);
    await receiver.close();
    return { kind, length };
  };

  it.for(ACTIONS)('one send that meets %s is repeated and ends enqueued once', async (action, { expect }) => {
    expect(await send({ action })).toEqual({ kind: 'enqueued', length: 1 });
  });

  it.for(ACTIONS)('sends that keep meeting %s are unknown', async (action, { expect }) => {
    expect(await send({ action, count: 2 })).toEqual({ kind: 'unknown', length: action === 'dropBefore' ? 0 : 1 });
  });

  it('an unknown answer stays unknown when the second try is refused', async ({ expect }) => {
    expect(await send({ action: 'dropAfter' }, { action: 'error' })).toEqual({ kind: 'unknown', length: 1 });
  });
});
