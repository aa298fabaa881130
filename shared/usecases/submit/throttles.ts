// Which mailboxes Graph is throttling, as far as this process knows, and when their next mails may go.
import { extend, SPACING_MS, type Throttle, takeTurn } from '../../domain/submit/throttle.ts';

/** Kept in memory: another instance learns of the throttling from its own first refusal. */
export class Throttles {
  readonly #throttles = new Map<string, Throttle>();
  readonly #probes = new Map<string, number>();
  readonly #slots = new Map<string, number>();

  /** No mail of this mailbox before `until`, in milliseconds since 1970. */
  throttle(mailbox: string, until: number): void {
    this.#throttles.set(mailbox, extend(this.#throttles.get(mailbox), until));
  }

  /** When the next mail of this mailbox may go, in milliseconds since 1970. Undefined if the mailbox is not throttled. */
  turn(mailbox: string, now: number): number | undefined {
    const throttle = this.#throttles.get(mailbox);
    if (!throttle) return undefined;
    if (throttle.until <= now) {
      this.#throttles.delete(mailbox);
      return undefined;
    }
    const taken = takeTurn(throttle);
    this.#throttles.set(mailbox, taken.throttle);
    return taken.at;
  }

  /** When the next mail of a paused account asks again: not before `earliest`, and after those that have a turn already. */
  slot(mailbox: string, earliest: number): number {
    const at = Math.max(earliest, (this.#slots.get(mailbox) ?? 0) + SPACING_MS);
    this.#slots.set(mailbox, at);
    return at;
  }

  /** Whether a mail of this mailbox is the one that comes back for the probe at that time: the first that asks this process. */
  comesForProbe(mailbox: string, at: number): boolean {
    if (this.#probes.get(mailbox) === at) return false;
    this.#probes.set(mailbox, at);
    return true;
  }
}
