// What operators have paused.
import type { Pause } from '../domain/act/pauses.ts';

/** All methods throw StoreUnavailable if the table is out of reach. */
export interface Pauses {
  /** What is paused. Remembered in memory for seconds: it costs no read per mail. */
  current(): Promise<readonly Pause[]>;
  /** The same, as it is now. */
  list(): Promise<readonly Pause[]>;
  /** Sets it; once more for the same scope and name only changes who and why. */
  set(pause: Pause): Promise<void>;
  /** False if there was none. */
  lift(id: string): Promise<boolean>;
}
