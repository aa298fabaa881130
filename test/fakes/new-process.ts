// What belongs to one process, of a process that has just started: it remembers nothing, and does its work in its own thread.
import { InFlight } from '../../shared/usecases/accept/in-flight.ts';
import { QueueHealth } from '../../shared/usecases/accept/queue-health.ts';
import { resendTurns } from '../../shared/usecases/act/resend-turns.ts';
import { MailboxCounters } from '../../shared/usecases/limits/mailbox-counters.ts';
import { TenantBlocks } from '../../shared/usecases/limits/tenant-blocks.ts';
import { RecentIds } from '../../shared/usecases/reconcile/recent-ids.ts';
import { AskTurns } from '../../shared/usecases/submit/ask-turns.ts';
import { Throttles } from '../../shared/usecases/submit/throttles.ts';
import { inProcessMailWork } from './in-process-mail-work.ts';

export const newProcess = () => ({
  mailWork: inProcessMailWork,
  throttles: new Throttles(),
  resendTurns: resendTurns(),
  askTurns: new AskTurns(),
  inFlight: new InFlight(() => new Promise(() => undefined)),
  queueHealth: new QueueHealth(),
  recentReports: new RecentIds(),
  recentTraces: new RecentIds(),
  counters: new MailboxCounters(),
  tenantBlocks: new TenantBlocks(),
});
