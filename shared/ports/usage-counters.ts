// How many mails each application was let through, shared between the processes that count them.

/** What one process has let through in the current minute and day of UTC; a window that has passed counts nothing. */
export interface Usage {
  /** Such as `2026-01-15T08:05`. */
  minute: string;
  minuteCount: number;
  /** Such as `2026-01-15`. */
  day: string;
  dayCount: number;
}

export interface UsageCounters {
  /** Notes what this process has let through, and tells what all others have. Throws StoreUnavailable. */
  exchange(application: string, own: Usage): Promise<Usage[]>;
}
