// Rows older than the retention time are deleted, mailbox by mailbox, within a budget; the next run goes on where rows are left.
import type { ActivityStore } from '../../ports/activity-store.ts';
import type { ChangeFeed } from '../../ports/change-feed.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LogRetention, Purged } from '../../ports/log-retention.ts';
import type { Suppressions } from '../../ports/suppressions.ts';
import type { Telemetry } from '../../ports/telemetry.ts';

/** Well below the host's time-out of a function. */
const BUDGET_MS = 240_000;
const HOUR_MS = 3_600_000;
const WEEK_MS = 168 * HOUR_MS;

/** The run in which whatever points to no request is searched for: one of the week's hourly ones. */
const isSweep = (nowMs: number): boolean => nowMs % WEEK_MS < HOUR_MS;

export interface PurgeContext {
  clock: Clock;
  retention: LogRetention;
  /** Asked in each run: the first one after an upgrade notes since when the order of changes is complete. */
  feed: Pick<ChangeFeed, 'completeFrom'>;
  activity: Pick<ActivityStore, 'purge'>;
  suppressions: Pick<Suppressions, 'purge'>;
  telemetry: Telemetry;
  logRetentionMs: number;
}

export async function purgeLog({ clock, retention, suppressions, feed, activity, telemetry, logRetentionMs }: PurgeContext): Promise<void> {
  await feed.completeFrom();
  await activity.purge(clock.now() - logRetentionMs);
  const started = clock.now();
  const before = new Date(started - logRetentionMs).toISOString();
  const mayGoOn = (): boolean => clock.now() - started < BUDGET_MS;
  const total = { mailboxes: 0, records: 0, rows: 0 };
  let left = 0;
  const run = isSweep(started) ? ([retention.purge, retention.sweep] as const) : ([retention.purge] as const);
  // Mailboxes without old rows cost two reads each, so that every run may begin with the first.
  for (let mailbox = await retention.nextMailbox(''); mailbox !== undefined; mailbox = await retention.nextMailbox(mailbox)) {
    total.mailboxes++;
    let isFinished = true;
    for (const step of run) {
      if (!isFinished) break;
      const purged: Purged = await step.call(retention, mailbox, before, mayGoOn);
      total.records += purged.records;
      total.rows += purged.rows;
      isFinished = purged.finished;
    }
    if (isFinished && mayGoOn()) continue;
    left = 1;
    break;
  }
  total.rows += await suppressions.purge({ endedBefore: new Date(started).toISOString(), liftedBefore: before });
  telemetry.event('logPurged', { ...total, left });
}
