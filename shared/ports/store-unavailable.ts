// A store is out of reach: the one error that all stores throw for it, and the one way to go on without the store.

/** A store (tables or blobs) is out of reach, or answered that it is overloaded: time heals it. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
}

/** What `work` returns, or `otherwise` if a store is out of reach. Every other error goes on. */
export async function unlessOutOfReach<T, U>(
  work: () => Promise<T>,
  otherwise: (error: StoreUnavailable) => U | Promise<U>,
): Promise<T | U> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return otherwise(error);
  }
}
