// The rules that tests go by, if they set no others.
import type { Rules } from '../../shared/domain/rules.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const RULES: Rules = {
  graphRights: 'readWrite',
  graphTimeoutMs: 100_000,
  alwaysDraftRoute: false,
  retry: { initialIntervalMs: 30_000, backoffCoefficient: 2, maximumIntervalMs: HOUR },
  sendLifetimeMs: 48 * HOUR,
  inDoubtGraceMs: 5 * MINUTE,
  reportWindowMs: 72 * HOUR,
  resendContent: 'copy',
  maximumMessageSizeBytes: 35 * 1024 * 1024,
  messageTrace: false,
  ownAccountPauseMs: HOUR,
  acceptedDomains: [],
  suppressionExpiryMs: undefined,
  retryAttemptWindowMs: HOUR / 4,
  mailboxMissingAfterMs: HOUR / 2,
  lanesPerMailbox: 2,
  logSubjects: true,
  nonProduction: { redirectTo: undefined, allowedDomains: [] },
};
