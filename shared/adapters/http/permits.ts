// Permits at the HTTP API: how many requests are read at a time, of all callers and of one, and how many bytes they hold together.
import { ByteBudget, type Release } from './byte-budget.ts';

export interface PermitLimits {
  requests: number;
  /** One application leaves room for the others. */
  requestsOfOne: number;
}

/**
 * How long an announced body waits for room, unread. Clients give up on a body that nobody reads: httpx after 5 s of it
 * (https://www.python-httpx.org/advanced/timeouts), OkHttp, on which Microsoft's Java SDK is built, after 10 s (OkHttpClient.Builder.writeTimeout).
 */
const ROOM_WAIT_MS = 4_000;

/** What is no larger takes what room there is, and does not stand behind large bodies that wait. */
const SMALL_BYTES = 1024 * 1024;

export const PERMITS: PermitLimits = { requests: 400, requestsOfOne: 250 };

/** Bytes that a request may hold. */
export interface Hold {
  /** Whether it may hold so many in all. */
  extendTo(bytes: number): boolean;
  /** The same for a body that is announced: it waits for room, in order and for some seconds. */
  awaitRoom(bytes: number): Promise<boolean>;
}

/** For bodies that are bounded to little. */
export const SMALL_HOLD: Hold = { extendTo: () => true, awaitRoom: async () => true };

export class Permit implements Hold {
  readonly #budget: ByteBudget;
  readonly #leave: () => void;
  readonly #roomWaitMs: number;
  readonly #taken: Release[] = [];
  #bytes = 0;

  constructor(budget: ByteBudget, roomWaitMs: number, leave: () => void) {
    this.#budget = budget;
    this.#roomWaitMs = roomWaitMs;
    this.#leave = leave;
  }

  extendTo(bytes: number): boolean {
    const more = this.#missing(bytes);
    return more <= 0 || this.#keep(more, this.#budget.tryTake(more));
  }

  async awaitRoom(bytes: number): Promise<boolean> {
    if (bytes <= SMALL_BYTES && this.extendTo(bytes)) return true;
    const more = this.#missing(bytes);
    return more <= 0 || this.#keep(more, await this.#budget.take(more, this.#roomWaitMs));
  }

  #missing(bytes: number): number {
    return this.#budget.rounded(bytes) - this.#bytes;
  }

  #keep(bytes: number, taken: Release | undefined): boolean {
    if (!taken) return false;
    this.#taken.push(taken);
    this.#bytes += bytes;
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
  readonly #roomWaitMs: number;
  readonly #requests = new Map<string, number>();
  #all = 0;

  constructor(limits: PermitLimits = PERMITS, budget = new ByteBudget(), roomWaitMs = ROOM_WAIT_MS) {
    this.#limits = limits;
    this.#budget = budget;
    this.#roomWaitMs = roomWaitMs;
  }

  /** Undefined if there is none now. Whoever has one must leave it. */
  enter(application: string): Permit | undefined {
    const own = this.#requests.get(application) ?? 0;
    if (this.#all >= this.#limits.requests || own >= this.#limits.requestsOfOne) return undefined;
    this.#all++;
    this.#requests.set(application, own + 1);
    return new Permit(this.#budget, this.#roomWaitMs, () => this.#left(application));
  }

  #left(application: string): void {
    this.#all--;
    const own = (this.#requests.get(application) as number) - 1;
    if (own > 0) this.#requests.set(application, own);
    else this.#requests.delete(application);
  }
}
