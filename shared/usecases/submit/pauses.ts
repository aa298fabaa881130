// Which mailboxes this process holds back, and the slots given out after each pause.
import { extend, type Pause, takeSlot } from '../../domain/submit/pacing.ts';

/** Kept in memory: another instance learns of the throttling from its own first refusal. */
export class Pauses {
  readonly #pauses = new Map<string, Pause>();

  hold(mailbox: string, until: number): void {
    this.#pauses.set(mailbox, extend(this.#pauses.get(mailbox), until));
  }

  /** The slot of the next mail of this mailbox in milliseconds since 1970, or undefined where it isn't held. */
  slot(mailbox: string, now: number): number | undefined {
    const pause = this.#pauses.get(mailbox);
    if (!pause) return undefined;
    if (pause.until <= now) {
      this.#pauses.delete(mailbox);
      return undefined;
    }
    const taken = takeSlot(pause);
    this.#pauses.set(mailbox, taken.pause);
    return taken.at;
  }
}
