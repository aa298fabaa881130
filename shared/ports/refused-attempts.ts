// Attempts that the HTTP API answered with 429 or 503: the client repeats them by itself, and that repeat is the mail.
import type { AttemptName, RefusedAttempt } from '../domain/accept/retry-chain.ts';

/** One remembered attempt. */
export interface RememberedAttempt extends RefusedAttempt {
  /** Opaque: names the stored row. */
  key: string;
}

export interface RefusedAttempts {
  /** Remembers it for the window. Never throws: what cannot be written is remembered by this process alone. */
  remember(attempt: RefusedAttempt): Promise<void>;
  /** Those of a mailbox, an application and a content that are not older than the window, in no order. Throws StoreUnavailable. */
  of(attempt: AttemptName): Promise<RememberedAttempt[]>;
  /** Forgets it: true for one caller only, however many ask. Throws StoreUnavailable. */
  take(remembered: RememberedAttempt): Promise<boolean>;
}
