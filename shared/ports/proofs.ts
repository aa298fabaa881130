// What was shown of this tenant: that our marks survive (until a mail of a format was found by its mark, absence proves nothing), and
// that Exchange's own reports can be told from a stranger's.
import type { ContentFormat } from '../domain/operations.ts';

/** A format whose marks survive, or `reports`: `npx graph-mail-queue verify` has seen a report that only the own organization's Exchange can have made. */
export type Provable = ContentFormat | 'reports';

/** Both methods throw StoreUnavailable if the table is out of reach. */
export interface Proofs {
  /** Whether a mail of this format has been found by its mark, or such a report was seen. Remembered in memory for a while: it costs no read per mail. */
  isProven(what: Provable): Promise<boolean>;
  /** Notes a match; written at most hourly. */
  noteMatch(what: Provable, mark: string): Promise<void>;
}
