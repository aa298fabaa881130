// Proofs that our marks survive in this tenant: until a mail of a format was found by its mark, absence proves nothing.
import type { ContentFormat } from '../domain/log/send-request.ts';

/** Both methods throw StoreUnavailable where the table is out of reach. */
export interface Proofs {
  /** Whether a mail of this format has been found by its mark. Remembered in memory for a while: it costs no read per mail. */
  isProven(format: ContentFormat): Promise<boolean>;
  /** Notes a match; written at most hourly. */
  noteMatch(format: ContentFormat, mark: string): Promise<void>;
}
