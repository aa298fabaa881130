// All pending deadlines of a broker (locks, schedules, lifetimes) behind one timer of the clock.
import type { Clock } from './clock.ts';
import { Heap } from './heap.ts';

/** setTimeout's limit; a later deadline re-arms the timer. */
const LONGEST_TIMER = 2 ** 31 - 1;

export interface Deadline {
  readonly at: number;
  cancel(): void;
}

interface Entry extends Deadline {
  run: (() => void) | undefined;
}

export class Deadlines {
  readonly #clock: Clock;
  readonly #afterRun: () => void;
  readonly #heap = new Heap<Entry>((a, b) => a.at < b.at);
  #cancelled = 0;
  #armedFor = Number.POSITIVE_INFINITY;
  #disarm: () => void = () => {};
  #running = false;

  constructor(clock: Clock, afterRun: () => void) {
    this.#clock = clock;
    this.#afterRun = afterRun;
  }

  at(time: number, run: () => void): Deadline {
    const entry: Entry = { at: time, run, cancel: () => this.#cancel(entry) };
    this.#heap.push(entry);
    if (time < this.#armedFor) this.#arm();
    return entry;
  }

  /** Runs everything due; called before each operation too, so that a late timer never changes a result. */
  runDue(): void {
    if (this.#running) return;
    const now = this.#clock.now();
    const first = this.#heap.peek();
    if (!first || first.at > now) return;
    this.#running = true;
    try {
      for (let top = this.#heap.peek(); top && top.at <= now; top = this.#heap.peek()) {
        this.#heap.pop();
        const run = top.run;
        top.run = undefined;
        if (run) run();
        else this.#cancelled--;
      }
    } finally {
      this.#running = false;
      this.#arm();
      this.#afterRun();
    }
  }

  close(): void {
    this.#disarm();
    this.#heap.retain(() => false);
  }

  #cancel(entry: Entry): void {
    if (!entry.run) return;
    entry.run = undefined;
    this.#cancelled++;
    if (this.#cancelled > 1000 && this.#cancelled > this.#heap.size / 2) {
      this.#heap.retain((candidate) => candidate.run !== undefined);
      this.#cancelled = 0;
    }
  }

  #arm(): void {
    if (this.#running) return;
    this.#disarm();
    const next = this.#heap.peek();
    this.#armedFor = next?.at ?? Number.POSITIVE_INFINITY;
    if (!next) return;
    const delay = Math.min(Math.max(next.at - this.#clock.now(), 0), LONGEST_TIMER);
    this.#disarm = this.#clock.setTimer(delay, () => {
      this.#armedFor = Number.POSITIVE_INFINITY;
      this.runDue();
      this.#arm();
    });
  }
}
