// When mails under a pause ask whether it is over, as far as this process holds them: so many a second, however many there are.
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
