// Refused attempts in memory.
import type { AttemptName, RefusedAttempt } from '../../shared/domain/accept/retry-chain.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { RefusedAttempts, RememberedAttempt } from '../../shared/ports/refused-attempts.ts';
import { StoreUnavailable } from '../../shared/ports/store-unavailable.ts';

export class InMemoryRefusedAttempts implements RefusedAttempts {
  down = false;
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #rows = new Map<string, RememberedAttempt>();
  #count = 0;

  constructor(clock: Clock, windowMs: number) {
    this.#clock = clock;
    this.#windowMs = windowMs;
  }

  async remember(attempt: RefusedAttempt): Promise<void> {
    const key = String(this.#count++);
    this.#rows.set(key, { ...attempt, key });
  }

  async of({ mailbox, application, contentHash }: AttemptName): Promise<RememberedAttempt[]> {
    this.#check();
    const earliest = this.#clock.now() - this.#windowMs;
    return [...this.#rows.values()].filter(
      (one) =>
        one.mailbox === mailbox &&
        one.application === application &&
        one.contentHash === contentHash &&
        Date.parse(one.dateTime) >= earliest,
    );
  }

  async take({ key }: RememberedAttempt): Promise<boolean> {
    this.#check();
    return this.#rows.delete(key);
  }

  #check(): void {
    if (this.down) throw new StoreUnavailable('down');
  }
}
