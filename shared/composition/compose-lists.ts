// The part of the composition root that is about lists, the change feed, and what operators see of the whole.
import { randomUUID } from 'node:crypto';
import type { OverviewDependencies } from '../adapters/http/overview-handlers.ts';
import type { Table } from '../adapters/table-storage/table.ts';
import { tableLists } from '../adapters/table-storage/table-lists.ts';
import { TableLogRetention } from '../adapters/table-storage/table-log-retention.ts';
import type { ChangeFeed } from '../ports/change-feed.ts';
import type { Clock } from '../ports/clock.ts';
import type { MailboxRegistry } from '../ports/mailbox-registry.ts';
import type { SendRequestList } from '../ports/send-request-list.ts';
import type { Suppressions } from '../ports/suppressions.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Config } from '../settings/config.ts';
import { Activity } from '../usecases/log/activity.ts';
import { overview } from '../usecases/log/overview.ts';
import { type PurgeContext, purgeLog } from '../usecases/log/purge-log.ts';

export interface ListParts {
  table: Table;
  clock: Clock;
  telemetry: Telemetry;
  registry: MailboxRegistry;
  suppressions: Suppressions;
}

export interface Lists {
  list: SendRequestList;
  /** Counts what this process writes. */
  activity: Activity;
  /** Deletes old rows. */
  purge: () => Promise<void>;
  /** What the HTTP handlers need of it. */
  http: Pick<OverviewDependencies, 'activity' | 'overview'> & {
    list: SendRequestList;
    feed: ChangeFeed;
    logRetentionMs: number;
    logSubjects: boolean;
  };
}

export function composeLists({ logRetentionMs, logSubjects }: Pick<Config, 'logRetentionMs' | 'logSubjects'>, parts: ListParts): Lists {
  const { table, clock, telemetry, registry, suppressions } = parts;
  const { list, feed, activityStore, overviewSource } = tableLists(table, clock, randomUUID());
  const purging: PurgeContext = {
    clock,
    telemetry,
    retention: new TableLogRetention(table),
    feed,
    activity: activityStore,
    suppressions,
    logRetentionMs,
  };
  return {
    list,
    activity: new Activity({ clock, store: activityStore, later: (ms, work) => void setTimeout(work, ms).unref() }),
    purge: () => purgeLog(purging),
    http: {
      list,
      feed,
      logRetentionMs,
      logSubjects,
      activity: (from, until) => activityStore.read(from, until),
      overview: () => overview({ clock, registry, list, source: overviewSource }),
    },
  };
}
