// The settings that use cases go by.
import type { NonProduction } from './accept/redirect.ts';
import type { ResendContent } from './act/kept-content.ts';
import type { LimitRules } from './limits/limit-rules.ts';
import type { GraphRights } from './operations.ts';
import type { RetrySchedule } from './submit/retry-schedule.ts';

export interface Rules {
  graphRights: GraphRights;
  graphTimeoutMs: number;
  alwaysDraftRoute: boolean;
  retry: RetrySchedule;
  sendLifetimeMs: number;
  inDoubtGraceMs: number;
  reportWindowMs: number;
  resendContent: ResendContent;
  /** Of the largest message that the HTTP API takes. */
  maximumMessageSizeBytes: number;
  /** Whether Exchange's message trace is read. */
  messageTrace: boolean;
  ownAccountPauseMs: number;
  /** How long an address stays suppressed. Absent: none is. */
  suppressionExpiryMs: number | undefined;
  /** The domains of this tenant; empty if nobody has said which. */
  acceptedDomains: readonly string[];
  /** How long after an attempt a client's own repeat of it may come. */
  retryAttemptWindowMs: number;
  /** How long every answer must say that a mailbox is not there before its mail is rejected. */
  mailboxMissingAfterMs: number;
  lanesPerMailbox: number;
  logSubjects: boolean;
  nonProduction: NonProduction;
  /** Absent: nothing is counted. */
  limits?: LimitRules | undefined;
}
