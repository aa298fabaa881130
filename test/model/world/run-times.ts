// The times and rules of every run.
import type { Rules } from '../../../shared/usecases/context.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export const START = Date.UTC(2026, 0, 15, 8, 0, 0);
/** From then on nothing goes wrong any more. */
export const HEALED = 45 * MINUTE;
/** By then everything must have ended. */
export const END = 6 * HOUR;

export const RULES: Rules = {
  graphRights: 'readWrite',
  graphTimeoutMs: 100 * SECOND,
  alwaysDraftRoute: false,
  retry: { initialIntervalMs: 30 * SECOND, backoffCoefficient: 2, maximumIntervalMs: 10 * MINUTE },
  sendLifetimeMs: 90 * MINUTE,
  inDoubtGraceMs: 5 * MINUTE,
  reportWindowMs: HOUR,
  messageTrace: false,
  ownAccountPauseMs: HOUR,
  retryAttemptWindowMs: HOUR / 4,
  mailboxMissingAfterMs: HOUR / 2,
  lanesPerMailbox: 2,
  logSubjects: true,
  nonProduction: { redirectTo: undefined, allowedDomains: [] },
};
