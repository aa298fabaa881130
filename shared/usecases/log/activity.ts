// Counts in memory what the log writes, and saves the counts at most once a minute. If the process dies, the last minute is not counted.
import { type ActivityCounts, activityCountsOf, addActivity, HOUR_MS, hourOf, noActivity } from '../../domain/log/activity.ts';
import type { ActivityStore } from '../../ports/activity-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Change } from '../../ports/status-log.ts';

const SAVE_EVERY_MS = 60_000;

export interface ActivityContext {
  clock: Clock;
  store: ActivityStore;
  /** Does something after a time. It need not, if the process ends before. */
  later: (ms: number, work: () => void) => void;
}

export class Activity {
  readonly #context: ActivityContext;
  readonly #hours = new Map<number, ActivityCounts>();
  readonly #unsaved = new Set<number>();
  #isPlanned = false;

  constructor(context: ActivityContext) {
    this.#context = context;
  }

  /** A change that the log has written. */
  note({ record, events }: Pick<Change, 'record' | 'events'>): void {
    const counts = activityCountsOf(record.status, events);
    if (Object.values(counts).every((count) => count === 0)) return;
    const hour = hourOf(this.#context.clock.now());
    const sum = this.#hours.get(hour) ?? noActivity();
    addActivity(sum, counts);
    this.#hours.set(hour, sum);
    this.#unsaved.add(hour);
    this.#plan();
  }

  /** Saves what is not saved yet; what cannot be saved is saved a minute later. Throws nothing: counts are not worth a mail. */
  async save(): Promise<void> {
    for (const hour of this.#unsaved) {
      this.#unsaved.delete(hour);
      try {
        await this.#context.store.save(hour, { ...(this.#hours.get(hour) ?? noActivity()) });
      } catch {
        this.#unsaved.add(hour);
        this.#plan();
        return;
      }
    }
    const ended = hourOf(this.#context.clock.now()) - HOUR_MS;
    for (const hour of this.#hours.keys()) if (hour < ended) this.#hours.delete(hour);
  }

  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#context.later(SAVE_EVERY_MS, () => {
      this.#isPlanned = false;
      void this.save();
    });
  }
}
