// Permits at the HTTP API: how many requests are read at a time, of all callers and of one, and how many bytes they hold together.
import { ByteBudget, type Release } from './byte-budget.ts';

export interface PermitLimits {
  requests: number;
  /** One application leaves room for the others. */
  requestsOfOne: number;
}

export const PERMITS: PermitLimits = { requests: 400, requestsOfOne: 250 };

/** Bytes that a request may hold. */
export interface Hold {
  /** Whether it may hold so many in all. */
  extendTo(bytes: number): boolean;
}

/** For bodies that are bounded to little. */
export const SMALL_HOLD: Hold = { extendTo: () => true };

export class Permit implements Hold {
  readonly #budget: ByteBudget;
  readonly #leave: () => void;
  readonly #taken: Release[] = [];
  #bytes = 0;

  constructor(budget: ByteBudget, leave: () => void) {
    this.#budget = budget;
    this.#leave = leave;
  }

  extendTo(bytes: number): boolean {
    const needed = this.#budget.rounded(bytes);
    const more = needed - this.#bytes;
    if (more <= 0) return true;
    const taken = this.#budget.tryTake(more);
    if (!taken) return false;
    this.#taken.push(taken);
    this.#bytes = needed;
    return true;
  }

  leave(): void {
    for (const release of this.#taken.splice(0)) release();
    this.#leave();
  }
}

export class Permits {
  readonly #limits: PermitLimits;
  readonly #budget: ByteBudget;
  readonly #requests = new Map<string, number>();
  #all = 0;

  constructor(limits: PermitLimits = PERMITS, budget = new ByteBudget()) {
    this.#limits = limits;
    this.#budget = budget;
  }

  /** Undefined if no permit is free. The holder must call `leave`. */
  enter(application: string): Permit | undefined {
    const own = this.#requests.get(application) ?? 0;
    if (this.#all >= this.#limits.requests || own >= this.#limits.requestsOfOne) return undefined;
    this.#all++;
    this.#requests.set(application, own + 1);
    return new Permit(this.#budget, () => this.#left(application));
  }

  #left(application: string): void {
    this.#all--;
    const own = (this.#requests.get(application) as number) - 1;
    if (own > 0) this.#requests.set(application, own);
    else this.#requests.delete(application);
  }
}
