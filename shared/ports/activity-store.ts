// How much happened per hour, as each process has counted it.
import type { ActivityCounts, ActivityHour } from '../domain/log/activity.ts';

/** All methods throw StoreUnavailable if the table is out of reach. */
export interface ActivityStore {
  /** This process' counts of an hour (its beginning, milliseconds since 1970): they replace those that it saved before. One operation. */
  save(hour: number, counts: ActivityCounts): Promise<void>;
  /** What all processes saved of these hours; `until` is exclusive. One operation per thousand hours and processes. */
  read(from: number, until: number): Promise<ActivityHour[]>;
  /** Deletes what is older. */
  purge(before: number): Promise<void>;
}
