// When the paused mails of this process ask whether their pause is over: a limited number per second, for any number of mails.
import { nextAsk } from '../../domain/act/pauses.ts';

/** Kept in memory: a process that starts anew begins with the first turn. */
export class AskTurns {
  #taken = 0;

  /** Takes the next turn. Milliseconds until then. */
  take(now: number): number {
    this.#taken = nextAsk(this.#taken, now);
    return this.#taken - now;
  }
}
