// What operators have paused.
import type { Stop } from '../domain/act/stops.ts';

/** All methods throw StoreUnavailable where the table is out of reach. */
export interface StopSwitch {
  /** What is paused. Remembered in memory for seconds: it costs no read per mail. */
  current(): Promise<readonly Stop[]>;
  /** The same, as it is now. */
  list(): Promise<readonly Stop[]>;
  /** Sets it; once more for the same scope and name only changes who and why. */
  set(stop: Stop): Promise<void>;
  /** False where there was none. */
  lift(id: string): Promise<boolean>;
}
