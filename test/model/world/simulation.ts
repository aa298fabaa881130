// Discrete events in simulated time: everything that waits is an event, and one event runs to its end before the next begins.
import type { Clock } from '../../../shared/ports/clock.ts';

interface SimulatedEvent {
  at: number;
  order: number;
  act: () => void;
  /** What it wakes may need more than microtasks before it calls the world again, such as a parser that reads blobs. */
  slow: boolean;
}

/** Turns of the event loop that a slow event may take. */
const PATIENCE = 10_000;

export class Simulation implements Clock {
  /** Rises with every call into the world: tells that a slow event has come to its next call. */
  activity = 0;
  readonly #events: SimulatedEvent[] = [];
  #now: number;
  #order = 0;

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  iso(): string {
    return new Date(this.#now).toISOString();
  }

  after(ms: number, act: () => void, slow = false): void {
    this.#push({ at: this.#now + Math.max(0, ms), order: this.#order++, act, slow });
  }

  /** Runs events until `end`, or until `done` says that nothing more is to be seen. */
  async run(end: number, done: () => boolean): Promise<void> {
    for (let event = this.#pop(end); event; event = this.#pop(end)) {
      this.#now = event.at;
      const before = this.activity;
      event.act();
      await settled();
      for (let turns = 0; event.slow && this.activity === before && turns < PATIENCE; turns++) await settled();
      if (done()) return;
    }
    this.#now = end;
  }

  /** A binary heap by time, then by order of arrival. */
  #push(event: SimulatedEvent): void {
    const heap = this.#events;
    let child = heap.push(event) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (earlier(heap[parent] as SimulatedEvent, event)) break;
      heap[child] = heap[parent] as SimulatedEvent;
      child = parent;
    }
    heap[child] = event;
  }

  #pop(end: number): SimulatedEvent | undefined {
    const heap = this.#events;
    const first = heap[0];
    if (!first || first.at > end) return undefined;
    const last = heap.pop() as SimulatedEvent;
    if (heap.length === 0) return first;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right && earlier(right, heap[child] as SimulatedEvent)) child++;
      if (earlier(last, heap[child] as SimulatedEvent)) break;
      heap[parent] = heap[child] as SimulatedEvent;
      parent = child;
    }
    heap[parent] = last;
    return first;
  }
}

const earlier = (a: SimulatedEvent, b: SimulatedEvent): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** All microtasks have run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
