// Random connection drops with a fixed seed: nothing is lost, nothing is settled twice.
import { setMaxListeners } from 'node:events';
import type { ServiceBusClient } from '@azure/service-bus';
import { expect, test } from 'vitest';
import { ManualClock } from '../../emulators/service-bus/core/manual-clock.ts';
import type { ServiceBusEmulator } from '../../emulators/service-bus/index.ts';
import { newClientFor, startStack, until } from './support.ts';

const MESSAGES = 400;
const BATCH = 10;
const SESSIONS = 12;
const WORKERS = 4;
const DROPS = 25;

/** Park and Miller's minimal standard generator. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

class Soak {
  readonly emulator: ServiceBusEmulator;
  readonly clock: ManualClock;
  readonly queue: string;
  crashes = 0;
  readonly acknowledged: unknown[] = [];
  readonly #random = random(42);
  #sent = 0;
  #crash: () => void = () => {};
  #crashed: Promise<void> = Promise.resolve();

  constructor(emulator: ServiceBusEmulator, clock: ManualClock, queue: string) {
    this.emulator = emulator;
    this.clock = clock;
    this.queue = queue;
    this.#newLife();
  }

  async run(): Promise<void> {
    await Promise.all([
      this.#drops(),
      this.#lives((client) => this.#send(client)),
      ...Array.from({ length: WORKERS }, () => this.#lives((client, abortSignal) => this.#work(client, abortSignal))),
    ]);
  }

  get #ended(): boolean {
    return this.#sent === MESSAGES && this.emulator.broker.queue(this.queue)!.store.size === 0;
  }

  /** Arms one drop after the other, each somewhere in the next operations; everybody crashes with it. */
  async #drops(): Promise<void> {
    const { faults } = this.emulator;
    for (let i = 0; !this.#ended; i++) {
      const point = (['send', 'delivery', 'disposition'] as const)[this.#random(3)]!;
      const action = this.#random(2) ? 'dropAfter' : 'dropBefore';
      const inVain = () => i >= DROPS || (point === 'send' && this.#sent === MESSAGES);
      const skip = this.#random(point === 'send' ? 2 : 12);
      if (!inVain()) faults.arm({ point, action, skip, entity: this.queue });
      await until(() => (i < DROPS && (faults.list().length === 0 || inVain())) || this.#ended, `drop ${i} or the end`);
      faults.clear();
      this.crashes++;
      this.#crash();
      this.#newLife();
    }
  }

  #newLife(): void {
    this.#crashed = new Promise((resolve) => {
      this.#crash = resolve;
    });
  }

  /** As processes that crash: what is under way is left behind, and a new client starts over. */
  async #lives(work: (client: ServiceBusClient, abortSignal: AbortSignal) => Promise<void>): Promise<void> {
    while (!this.#ended) {
      const client = newClientFor(this.emulator.connectionString, 0, 1000);
      const crashes = this.crashes;
      const crash = new AbortController();
      setMaxListeners(0, crash.signal);
      const life = async () => {
        while (crashes === this.crashes && !this.#ended) await work(client, crash.signal);
      };
      await Promise.race([life().catch(() => {}), this.#crashed]);
      crash.abort();
      // Not waited for: a settlement on a dead connection takes the client a minute.
      client.close().catch(() => {});
    }
  }

  async #send(client: ServiceBusClient): Promise<void> {
    if (this.#sent === MESSAGES) return this.#crashed;
    const first = this.#sent;
    const batch = Array.from({ length: BATCH }, (_, i) => ({
      body: i,
      messageId: `m${first + i}`,
      sessionId: `s${(first + i) % SESSIONS}`,
    }));
    await client.createSender(this.queue).sendMessages(batch);
    // A life that was left behind may still get here.
    if (this.#sent === first) this.#sent += BATCH;
  }

  async #work(client: ServiceBusClient, abortSignal: AbortSignal): Promise<void> {
    const options = { abortSignal, maxAutoLockRenewalDurationInMs: 0 };
    const sessions = this.emulator.broker.queue(this.queue)!.properties.requiresSession;
    const receiver = sessions ? await client.acceptNextSession(this.queue, options) : client.createReceiver(this.queue, options);
    for (let i = 0; i < 5; i++) {
      const [message] = await receiver.receiveMessages(1, { abortSignal, maxWaitTimeInMs: 20 });
      if (!message) break;
      if (this.#random(20) === 0) {
        await receiver.abandonMessage(message);
        continue;
      }
      await receiver.completeMessage(message);
      this.acknowledged.push(message.messageId);
    }
    await receiver.close();
    // What a crashed plain receiver held comes back when its lock expires.
    if (!sessions && this.#sent === MESSAGES) this.clock.advance(5_000);
  }
}

test.each(['sessions', 'plain'])('under random connection drops all messages of a queue (%s) are settled, each once', async (queue) => {
  const settings = { RequiresDuplicateDetection: true, MaxDeliveryCount: 1000, LockDuration: 'PT5S' };
  const clock = new ManualClock(Date.now());
  const { emulator, close } = await startStack({ sessions: { ...settings, RequiresSession: true }, plain: settings }, { clock });
  const soak = new Soak(emulator, clock, queue);
  await soak.run();
  expect(soak.crashes).toBeGreaterThan(DROPS / 2);
  const { counters } = emulator.broker.queue(queue)!;
  expect(counters.sends - counters.duplicatesDropped).toBe(MESSAGES);
  expect(counters.completes).toBe(MESSAGES);
  expect(new Set(soak.acknowledged).size).toBe(soak.acknowledged.length);
  await close();
});
