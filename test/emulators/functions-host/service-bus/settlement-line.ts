// Lets the settlements of one receiver go out one after the other, each in a turn of the event loop of its own.

/**
 * rhea 3.0.5 writes neighbouring deliveries that are settled in the same turn as one disposition, and for the first two of them
 * doesn't look whether their outcomes are the same (write_dispositions in its session.js): a message that should be abandoned
 * beside one that is completed would be completed, and so lost.
 */
export class SettlementLine {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves when it is the caller's turn. */
  turn(): Promise<unknown> {
    const mine = this.#last;
    this.#last = mine.then(() => new Promise((resolve) => setImmediate(resolve)));
    return mine;
  }
}
