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

/** A body that is not announced takes room as it comes, up to this. */
const UNANNOUNCED_BYTES = 4 * 1024 * 1024;

/**
 * Retry-After of the first that there was no room for, and how much later the others come: by this for each whole budget that was refused
 * and is still being hashed. Came all at once, most would be read to their end again for another refusal.
 */
const RETRY_AFTER_S = 5;
const RETRY_STEP_S = 3;

export const PERMITS: PermitLimits = { requests: 400, requestsOfOne: 250 };

/** Bytes that a request may hold. */
export interface Hold {
  /** Whether it may hold so many in all. */
  extendTo(bytes: number): boolean;
  /** The same for a body that is announced: it waits for room, in order and for some seconds. */
  awaitRoom(bytes: number): Promise<boolean>;
  /**
   * The same for a body that is not announced: `bytes` have come, and no more than `most` will. If it is large, or there is no room, it gives
   * back what it holds and waits for room for `most`. If each of several held a part, none of them would ever have all of it.
   */
  growTo(bytes: number, most: number): Promise<boolean>;
  /** Gives back what is more than so many bytes. */
  shrinkTo(bytes: number): void;
  /** When to come again if there was no room. Seconds. */
  readonly retryAfter: number;
}

/** For bodies that are bounded to little. */
export const SMALL_HOLD: Hold = {
  extendTo: () => true,
  awaitRoom: async () => true,
  growTo: async () => true,
  shrinkTo: () => {},
  retryAfter: RETRY_AFTER_S,
};

/** What all permits have in common. */
interface Room {
  budget: ByteBudget;
  waitMs: number;
  /** Bytes of those that were refused for want of room, and have not left. */
  refused: number;
}

export class Permit implements Hold {
  readonly #room: Room;
  readonly #leave: () => void;
  readonly #taken: Release[] = [];
  #bytes = 0;
  #refused = 0;
  #retryAfter = RETRY_AFTER_S;

  constructor(room: Room, leave: () => void) {
    this.#room = room;
    this.#leave = leave;
  }

  get retryAfter(): number {
    return this.#retryAfter;
  }

  extendTo(bytes: number): boolean {
    const more = this.#missing(bytes);
    return more <= 0 || this.#keep(more, this.#room.budget.tryTake(more));
  }

  async awaitRoom(bytes: number): Promise<boolean> {
    const more = this.#missing(bytes);
    if (more <= 0) return true;
    const { budget, waitMs } = this.#room;
    const atOnce = bytes <= SMALL_BYTES ? budget.tryTake(more) : undefined;
    return this.#keep(more, atOnce ?? (await budget.take(more, waitMs)));
  }

  async growTo(bytes: number, most: number): Promise<boolean> {
    const more = this.#missing(bytes);
    if (more <= 0) return true;
    const { budget, waitMs } = this.#room;
    const atOnce = bytes <= UNANNOUNCED_BYTES ? budget.tryTake(more) : undefined;
    if (atOnce) return this.#keep(more, atOnce);
    this.#giveBack();
    return this.#keep(budget.rounded(most), await budget.take(most, waitMs));
  }

  shrinkTo(bytes: number): void {
    const [only, ...others] = this.#taken;
    const kept = this.#room.budget.rounded(bytes);
    // What has come in parts was no more than it needed.
    if (!only || others.length > 0 || kept >= this.#bytes) return;
    only(kept);
    this.#bytes = kept;
  }

  #giveBack(): void {
    for (const release of this.#taken.splice(0)) release();
    this.#bytes = 0;
  }

  #missing(bytes: number): number {
    return this.#room.budget.rounded(bytes) - this.#bytes;
  }

  #keep(bytes: number, taken: Release | undefined): boolean {
    if (!taken) {
      this.#retryAfter = RETRY_AFTER_S + RETRY_STEP_S * this.#room.budget.times(this.#room.refused);
      this.#refused += bytes;
      this.#room.refused += bytes;
      return false;
    }
    this.#taken.push(taken);
    this.#bytes += bytes;
    return true;
  }

  leave(): void {
    this.#giveBack();
    this.#room.refused -= this.#refused;
    this.#leave();
  }
}

export class Permits {
  readonly #limits: PermitLimits;
  readonly #room: Room;
  readonly #requests = new Map<string, number>();
  #all = 0;

  constructor(limits: PermitLimits = PERMITS, budget = new ByteBudget(), roomWaitMs = ROOM_WAIT_MS) {
    this.#limits = limits;
    this.#room = { budget, waitMs: roomWaitMs, refused: 0 };
  }

  /** Undefined if no permit is free. The holder must call `leave`. */
  enter(application: string): Permit | undefined {
    const own = this.#requests.get(application) ?? 0;
    if (this.#all >= this.#limits.requests || own >= this.#limits.requestsOfOne) return undefined;
    this.#all++;
    this.#requests.set(application, own + 1);
    return new Permit(this.#room, () => this.#left(application));
  }

  #left(application: string): void {
    this.#all--;
    const own = (this.#requests.get(application) as number) - 1;
    if (own > 0) this.#requests.set(application, own);
    else this.#requests.delete(application);
  }
}
