// Counters of operations per queue, for tests that count what a mail costs.

export interface Counters {
  sends: number;
  scheduled: number;
  cancelled: number;
  duplicatesDropped: number;
  deliveries: number;
  completes: number;
  abandons: number;
  deferrals: number;
  deadLetters: number;
  expirations: number;
  lockExpirations: number;
  lockRenewals: number;
  sessionAccepts: number;
  sessionLockRenewals: number;
  sessionLockExpirations: number;
  peeks: number;
}

export function newCounters(): Counters {
  return {
    sends: 0,
    scheduled: 0,
    cancelled: 0,
    duplicatesDropped: 0,
    deliveries: 0,
    completes: 0,
    abandons: 0,
    deferrals: 0,
    deadLetters: 0,
    expirations: 0,
    lockExpirations: 0,
    lockRenewals: 0,
    sessionAccepts: 0,
    sessionLockRenewals: 0,
    sessionLockExpirations: 0,
    peeks: 0,
  };
}
