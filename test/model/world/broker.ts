// The broker in simulated time: sessions, locks that can be lost, duplicate detection, scheduled messages, dead letters.
import { sessionIdOf } from '../../../shared/domain/submit/lanes.ts';
import { messageIdOf, type QueueMessage } from '../../../shared/domain/submit/queue-message.ts';
import type { Simulation } from './simulation.ts';

const MAXIMUM_DELIVERIES = 10;

interface Queued {
  message: QueueMessage;
  sessionId: string;
  visibleAt: number;
  order: number;
  deliveries: number;
}

export interface Delivery {
  queued: Queued;
  /** Settles only while it holds the lock. */
  locked: boolean;
}

export class Broker {
  readonly deadLetters: QueueMessage[] = [];
  /** What a handler is given; it must end in `complete` or `abandon`. */
  deliver: (delivery: Delivery) => void = () => undefined;
  onEnqueue: (message: QueueMessage, notBefore: string | undefined, taken: boolean) => void = () => undefined;
  onDeadLetter: (message: QueueMessage) => void = () => undefined;
  /** While false nothing is delivered. */
  up = true;
  /** Whether a lost lock counts as a delivery: Azure's answer is not known. */
  readonly countsLostLocks: boolean;
  readonly #simulation: Simulation;
  readonly #seen = new Set<string>();
  readonly #queued: Queued[] = [];
  readonly #sessions = new Map<string, Delivery>();
  #order = 0;

  constructor(simulation: Simulation, countsLostLocks: boolean) {
    this.#simulation = simulation;
    this.countsLostLocks = countsLostLocks;
  }

  get idle(): boolean {
    return this.#queued.length === 0 && this.deadLetters.length === 0;
  }

  enqueue(message: QueueMessage, notBefore?: string): void {
    const messageId = messageIdOf(message.id, message.step);
    const taken = !this.#seen.has(messageId);
    this.onEnqueue(message, notBefore, taken);
    if (!taken) return;
    this.#seen.add(messageId);
    const visibleAt = Math.max(this.#simulation.now(), notBefore === undefined ? 0 : Date.parse(notBefore));
    const sessionId = sessionIdOf(message.mailbox, message.lane);
    this.#queued.push({ message: structuredClone(message), sessionId, visibleAt, order: this.#order++, deliveries: 0 });
    this.#wake(visibleAt - this.#simulation.now());
  }

  /** False if the lock was lost meanwhile: then the message comes again. */
  complete(delivery: Delivery): boolean {
    if (!this.#unlock(delivery)) return false;
    this.#queued.splice(this.#queued.indexOf(delivery.queued), 1);
    return true;
  }

  abandon(delivery: Delivery): void {
    if (this.#unlock(delivery)) this.#comesBack(delivery.queued, true);
  }

  loseLock(delivery: Delivery): void {
    if (this.#unlock(delivery)) this.#comesBack(delivery.queued, this.countsLostLocks);
  }

  setUp(up: boolean): void {
    this.up = up;
    if (up) this.#wake(0);
  }

  #comesBack(queued: Queued, counts: boolean): void {
    if (counts) queued.deliveries++;
    if (queued.deliveries < MAXIMUM_DELIVERIES) return;
    this.#queued.splice(this.#queued.indexOf(queued), 1);
    this.deadLetters.push(queued.message);
    this.onDeadLetter(queued.message);
  }

  #unlock(delivery: Delivery): boolean {
    if (!delivery.locked) return false;
    delivery.locked = false;
    this.#sessions.delete(delivery.queued.sessionId);
    this.#wake(1);
    return true;
  }

  #wake(ms: number): void {
    this.#simulation.after(ms, () => this.#pump());
  }

  #pump(): void {
    if (!this.up) return;
    const now = this.#simulation.now();
    const visible = this.#queued.filter((queued) => queued.visibleAt <= now).sort((a, b) => a.order - b.order);
    for (const queued of visible) {
      if (this.#sessions.has(queued.sessionId)) continue;
      const delivery: Delivery = { queued, locked: true };
      this.#sessions.set(queued.sessionId, delivery);
      this.deliver(delivery);
    }
  }
}
