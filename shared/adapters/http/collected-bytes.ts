// Collects the chunks of a body in one buffer, so that a large body is never in memory twice.

export class CollectedBytes {
  #bytes: Buffer;
  #length = 0;

  /** `said`: how many are announced. */
  constructor(said: number) {
    this.#bytes = Buffer.alloc(said);
  }

  get length(): number {
    return this.#length;
  }

  add(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(length, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = length;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
