// A large base64 string of a JSON text, known by its place in the text's bytes: it is never decoded to text, and never searched for.

export class LargeString {
  /** The base64 as it stands between its quotes: the standard alphabet, whole groups of four, no white space. */
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** Shorter strings are text like any other. */
export const LARGE_BYTES = 64 * 1024;
