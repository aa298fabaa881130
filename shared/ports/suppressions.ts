// Addresses that Exchange has called non-existent.
import type { Suppression } from '../domain/accept/suppression.ts';

export interface SuppressionPage {
  suppressions: Suppression[];
  /** Where the next page begins; absent on the last one. */
  next?: string;
}

/** An address is found in every spelling (`addressKey`). All methods throw StoreUnavailable if the table is out of reach. */
export interface Suppressions {
  /** Suppresses an address. False, and nothing written, if the report changes nothing. Two writers at once are safe. */
  suppress(reported: Omit<Suppression, 'expirationDateTime'>, expiryMs: number): Promise<boolean>;
  /** Which of these addresses are suppressed now: one read for each of them, a bounded number at a time. */
  find(addresses: readonly string[]): Promise<Suppression[]>;
  /** What is suppressed now, in the order of the keys, at most `top` in a page. */
  page(query: { top: number; after?: string }): Promise<SuppressionPage>;
  /** Ends it now; reports received before don't bring it back. False if the address is not suppressed. */
  lift(address: string): Promise<boolean>;
  /** Deletes what had ended, and was not lifted after `liftedBefore` (RFC 3339): a bounded number. Returns how many. */
  purge(times: { endedBefore: string; liftedBefore: string }): Promise<number>;
}
