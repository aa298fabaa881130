// The queue as a process sees it: what it enqueues may arrive or not, and the answer may be lost.
import type { QueueMessage } from '../../../shared/domain/submit/queue-message.ts';
import type { EnqueueResult, SubmissionQueue } from '../../../shared/ports/submission-queue.ts';
import type { Broker } from './broker.ts';
import type { Faults } from './faults.ts';
import { passed } from './gate.ts';
import type { HostProcess } from './host-process.ts';
import type { Simulation } from './simulation.ts';

export class SimulatedQueue implements SubmissionQueue {
  /** Small, so that some contents need a claim check. */
  readonly maximumInlineBytes = 2_000;
  readonly #simulation: Simulation;
  readonly #broker: Broker;
  readonly #faults: Faults;
  readonly #process: HostProcess;

  constructor(simulation: Simulation, broker: Broker, faults: Faults, process: HostProcess) {
    this.#simulation = simulation;
    this.#broker = broker;
    this.#faults = faults;
    this.#process = process;
  }

  async enqueue(message: QueueMessage, notBefore?: string): Promise<EnqueueResult> {
    this.#simulation.activity++;
    if (!this.#process.alive) await this.#process.never();
    const { before, after, stall, crash, fail } = this.#faults.store('queue', 'enqueue');
    await passed(this.#process, before, crash === 'before');
    // The adapter tries twice before it gives up.
    const giveUp = () => this.#process.pause(this.#faults.pick([0, 400, 4_000]));
    if (fail === 'before') {
      await giveUp();
      const reason = 'out of reach';
      return this.#faults.pick<EnqueueResult>([
        { kind: 'notEnqueued', reason },
        { kind: 'unknown', reason },
      ]);
    }
    this.#broker.enqueue(message, notBefore);
    if (stall > 0) this.#process.freeze(stall);
    await passed(this.#process, after + stall, crash === 'after');
    if (fail !== 'after') return { kind: 'enqueued' };
    await giveUp();
    return { kind: 'unknown', reason: 'no answer' };
  }

  async check(): Promise<void> {}
}
