// Rows older than the retention time are deleted, mailbox by mailbox, within a budget; the next run goes on where rows are left.
import type { Clock } from '../../ports/clock.ts';
import type { LogRetention } from '../../ports/log-retention.ts';
import type { Telemetry } from '../../ports/telemetry.ts';

/** Well below the host's time-out of a function. */
const BUDGET_MS = 240_000;

export interface PurgeContext {
  clock: Clock;
  retention: LogRetention;
  telemetry: Telemetry;
  logRetentionMs: number;
}

export async function purgeLog({ clock, retention, telemetry, logRetentionMs }: PurgeContext): Promise<void> {
  const started = clock.now();
  const before = new Date(started - logRetentionMs).toISOString();
  const mayGoOn = (): boolean => clock.now() - started < BUDGET_MS;
  const total = { mailboxes: 0, records: 0, rows: 0 };
  let left = 0;
  // Mailboxes without old rows cost two or three reads each, so that every run may begin with the first.
  for (let mailbox = await retention.nextMailbox(''); mailbox !== undefined; mailbox = await retention.nextMailbox(mailbox)) {
    const { records, rows, finished } = await retention.purge(mailbox, before, mayGoOn);
    total.mailboxes++;
    total.records += records;
    total.rows += rows;
    if (finished && mayGoOn()) continue;
    left = 1;
    break;
  }
  telemetry.event('logPurged', { ...total, left });
}
