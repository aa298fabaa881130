// A clock that only tests move.
import type { Clock } from '../../shared/ports/clock.ts';

export class ManualClock implements Clock {
  #now: number;

  constructor(start: string = '2026-01-15T08:00:00.000Z') {
    this.#now = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  /** Never backwards. */
  advanceTo(dateTime: string): void {
    this.#now = Math.max(this.#now, Date.parse(dateTime));
  }
}
