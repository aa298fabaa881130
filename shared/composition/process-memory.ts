// What a process remembers by itself, in no store: another process begins without it.
import { setTimeout as pause } from 'node:timers/promises';
import { InFlight } from '../usecases/accept/in-flight.ts';
import { LaneTurns } from '../usecases/accept/lane-turns.ts';
import { QueueHealth } from '../usecases/accept/queue-health.ts';
import { resendTurns } from '../usecases/act/resend-turns.ts';
import { MailboxCounters } from '../usecases/limits/mailbox-counters.ts';
import { TenantBlocks } from '../usecases/limits/tenant-blocks.ts';
import { RecentIds } from '../usecases/reconcile/recent-ids.ts';
import { AskTurns } from '../usecases/submit/ask-turns.ts';
import { Throttles } from '../usecases/submit/throttles.ts';

export const processMemory = () => ({
  throttles: new Throttles(),
  askTurns: new AskTurns(),
  resendTurns: resendTurns(),
  counters: new MailboxCounters(),
  tenantBlocks: new TenantBlocks(),
  inFlight: new InFlight((ms, signal) => pause(ms, undefined, { signal })),
  queueHealth: new QueueHealth(),
  laneTurns: new LaneTurns(),
  recentReports: new RecentIds(),
  recentTraces: new RecentIds(50_000),
});
