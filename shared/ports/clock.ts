// Time and chance, so that every decision can be replayed in a test.

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
}

export interface Chance {
  /** Uniform in [0, 1). */
  number(): number;
  /** `length` random bytes, unpredictable. */
  bytes(length: number): Uint8Array;
}
