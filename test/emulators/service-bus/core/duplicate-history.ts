// Duplicate detection: a MessageId counts for a fixed window from its first sighting, consumed or not.
// (Azure/azure-service-bus issue 243: neither sliding nor cleared by consumption.)

export class DuplicateHistory {
  readonly #windowMs: number;
  /** In order of sighting. */
  readonly #seen = new Map<string, number>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** True when the id is known within the window. */
  has(messageId: string, now: number): boolean {
    this.#forgetBefore(now);
    return this.#seen.has(messageId);
  }

  add(messageId: string, at: number): void {
    this.#seen.set(messageId, at);
  }

  entries(): IterableIterator<[string, number]> {
    return this.#seen.entries();
  }

  #forgetBefore(now: number): void {
    for (const [messageId, at] of this.#seen) {
      if (now - at < this.#windowMs) return;
      this.#seen.delete(messageId);
    }
  }
}
