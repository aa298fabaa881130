// What every use case is given: the ports, and the rules that come from the settings.
import type { Rules } from '../domain/rules.ts';
import type { AccountPauses } from '../ports/account-pauses.ts';
import type { Chance, Clock } from '../ports/clock.ts';
import type { ContentStore } from '../ports/content-store.ts';
import type { GraphMail } from '../ports/graph-mail.ts';
import type { MailWork } from '../ports/mail-work.ts';
import type { MailboxRegistry } from '../ports/mailbox-registry.ts';
import type { MessageTrace } from '../ports/message-trace.ts';
import type { Pauses } from '../ports/pauses.ts';
import type { Proofs } from '../ports/proofs.ts';
import type { RefusedAttempts } from '../ports/refused-attempts.ts';
import type { StatusLog } from '../ports/status-log.ts';
import type { SubmissionQueue } from '../ports/submission-queue.ts';
import type { Suppressions } from '../ports/suppressions.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { TenantCounter } from '../ports/tenant-counter.ts';
import type { CurrentPolicy } from './accept/current-policy.ts';
import type { InFlight } from './accept/in-flight.ts';
import type { LaneTurns } from './accept/lane-turns.ts';
import type { QueueHealth } from './accept/queue-health.ts';
import type { ResendTurns } from './act/resend-turns.ts';
import type { MailboxCounters } from './limits/mailbox-counters.ts';
import type { TenantBlocks } from './limits/tenant-blocks.ts';
import type { RecentIds } from './reconcile/recent-ids.ts';
import type { AskTurns } from './submit/ask-turns.ts';
import type { Throttles } from './submit/throttles.ts';

export interface Context {
  clock: Clock;
  chance: Chance;
  queue: SubmissionQueue;
  contents: ContentStore;
  log: StatusLog;
  registry: MailboxRegistry;
  proofs: Proofs;
  graph: GraphMail;
  /** Asked only if the rules say so. */
  messageTrace: MessageTrace;
  telemetry: Telemetry;
  mailWork: MailWork;
  throttles: Throttles;
  askTurns: AskTurns;
  accountPauses: AccountPauses;
  pauses: Pauses;
  suppressions: Suppressions;
  refusedAttempts: RefusedAttempts;
  /** Content that is sent again is in memory: a few mails at a time. */
  resendTurns: ResendTurns;
  tenantCounter: TenantCounter;
  /** What this process remembers of the limits. */
  counters: MailboxCounters;
  tenantBlocks: TenantBlocks;
  /** What this process is accepting right now. */
  inFlight: InFlight;
  queueHealth: QueueHealth;
  laneTurns: LaneTurns;
  /** The sender policy, for what is known only when the mail goes out. Absent: everything is allowed. */
  policy?: Pick<CurrentPolicy, 'get'> | undefined;
  /** Reports that this process has read already: the overlap of two runs need not be read twice. */
  recentReports: RecentIds;
  /** Rows of the message trace, likewise. */
  recentTraces: RecentIds;
  rules: Rules;
}

export const nowOf = (context: Pick<Context, 'clock'>): string => new Date(context.clock.now()).toISOString();

/** 128 bits of randomness as hexadecimal: nonces and Graph's client-request-id. */
export function nonceOf(context: Pick<Context, 'chance'>): string {
  return Buffer.from(context.chance.bytes(16)).toString('hex');
}

/** Graph's client-request-id for a call about one mail: its trace id as a GUID, so that Exchange's logs know it by the same name. */
export function callIdOf(context: Pick<Context, 'chance'>, { traceparent }: { traceparent?: string }): string {
  const trace = /^00-([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})-/.exec(traceparent ?? '');
  return trace ? trace.slice(1).join('-') : guidOf(context);
}

/** A GUID, as Graph expects for client-request-id. */
export function guidOf(context: Pick<Context, 'chance'>): string {
  return nonceOf(context).replace(/^(.{8})(.{4}).(.{3})(.{4})(.{12})$/, '$1-$2-4$3-$4-$5');
}
