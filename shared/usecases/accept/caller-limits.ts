// An application's own limits: mails per minute and day over all processes, as the sender policy sets them.
import type { Clock } from '../../ports/clock.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { Usage, UsageCounters } from '../../ports/usage-counters.ts';

/** Processes learn of each other's counts this often: that is how far a limit can be overrun. */
const EXCHANGE_EVERY_MS = 10_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export interface Limits {
  mailsPerMinute?: number | undefined;
  mailsPerDay?: number | undefined;
}

export type Taken = { ok: true } | { ok: false; limit: number; per: 'minute' | 'day'; retryAfter: number };

interface Counted {
  own: Usage;
  others: Usage[];
  exchangedAt: number;
  exchanging?: Promise<void> | undefined;
}

const sum = (usages: readonly Usage[], now: Usage, window: 'minute' | 'day'): number =>
  usages.reduce((total, usage) => total + (usage[window] === now[window] ? usage[`${window}Count`] : 0), 0);

export class CallerLimits {
  readonly #counters: UsageCounters;
  readonly #clock: Clock;
  readonly #counted = new Map<string, Counted>();

  constructor(counters: UsageCounters, clock: Clock) {
    this.#counters = counters;
    this.#clock = clock;
  }

  /** Takes one mail from the application's allowance, or says when there is one again. Costs no storage operation if there is no limit. */
  async take(application: string, limits: Limits): Promise<Taken> {
    if (limits.mailsPerMinute === undefined && limits.mailsPerDay === undefined) return { ok: true };
    await this.#exchange(application);
    // Nothing may be awaited from here on: another mail could take the same place.
    const { minute, day } = this.#left(application, limits);
    const now = this.#clock.now();
    if (day !== undefined && day <= 0) return refused(limits.mailsPerDay as number, 'day', DAY_MS - (now % DAY_MS));
    if (minute !== undefined && minute <= 0) return refused(limits.mailsPerMinute as number, 'minute', MINUTE_MS - (now % MINUTE_MS));
    this.#count(application, 1);
    return { ok: true };
  }

  /** Returns the mail to the allowance if it was not accepted. */
  release(application: string): void {
    if (this.#counted.has(application)) this.#count(application, -1);
  }

  /** What is left of each limit that there is. */
  async left(application: string, limits: Limits): Promise<{ minute?: number; day?: number }> {
    if (limits.mailsPerMinute === undefined && limits.mailsPerDay === undefined) return {};
    await this.#exchange(application);
    return this.#left(application, limits);
  }

  #left(application: string, { mailsPerMinute, mailsPerDay }: Limits): { minute?: number; day?: number } {
    const { own, others } = this.#current(application);
    const left = (limit: number, window: 'minute' | 'day') => limit - sum([own, ...others], own, window);
    return {
      ...(mailsPerMinute !== undefined && { minute: left(mailsPerMinute, 'minute') }),
      ...(mailsPerDay !== undefined && { day: left(mailsPerDay, 'day') }),
    };
  }

  #count(application: string, mails: number): void {
    const { own } = this.#current(application);
    own.minuteCount = Math.max(0, own.minuteCount + mails);
    own.dayCount = Math.max(0, own.dayCount + mails);
  }

  /** The counts of now: those of a window that has passed begin again. */
  #current(application: string): Counted {
    const now = new Date(this.#clock.now()).toISOString();
    const [minute, day] = [now.slice(0, 16), now.slice(0, 10)];
    const counted = this.#counted.get(application) ?? {
      own: { minute, minuteCount: 0, day, dayCount: 0 },
      others: [],
      exchangedAt: Number.NEGATIVE_INFINITY,
    };
    if (counted.own.minute !== minute) Object.assign(counted.own, { minute, minuteCount: 0 });
    if (counted.own.day !== day) Object.assign(counted.own, { day, dayCount: 0 });
    this.#counted.set(application, counted);
    return counted;
  }

  /** While the counters are out of reach each process counts for itself. */
  async #exchange(application: string): Promise<void> {
    const counted = this.#current(application);
    if (this.#clock.now() - counted.exchangedAt < EXCHANGE_EVERY_MS) return;
    counted.exchanging ??= (async () => {
      try {
        counted.others = await this.#counters.exchange(application, { ...counted.own });
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
      } finally {
        counted.exchangedAt = this.#clock.now();
        counted.exchanging = undefined;
      }
    })();
    await counted.exchanging;
  }
}

const refused = (limit: number, per: 'minute' | 'day', waitMs: number): Taken => ({
  ok: false,
  limit,
  per,
  retryAfter: Math.max(1, Math.ceil(waitMs / 1000)),
});
