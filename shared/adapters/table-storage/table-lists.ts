// The adapters behind lists, the change feed and the overview, which share since when their index rows are complete.
import type { ActivityStore } from '../../ports/activity-store.ts';
import type { ChangeFeed } from '../../ports/change-feed.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OverviewSource } from '../../ports/overview-source.ts';
import type { SendRequestList } from '../../ports/send-request-list.ts';
import { IndexStart } from './index-start.ts';
import type { Table } from './table.ts';
import { TableActivityStore } from './table-activity-store.ts';
import { TableChangeFeed } from './table-change-feed.ts';
import { TableOverviewSource } from './table-overview-source.ts';
import { TableSendRequestList } from './table-send-request-list.ts';

export interface TableLists {
  list: SendRequestList;
  feed: ChangeFeed;
  activityStore: ActivityStore;
  overviewSource: OverviewSource;
}

/** `process`: this process' own name, unlike any other's. */
export function tableLists(table: Table, clock: Clock, process: string): TableLists {
  const indexStart = new IndexStart(table, clock);
  const list = new TableSendRequestList(table, indexStart);
  return {
    list,
    feed: new TableChangeFeed(table, list, indexStart),
    activityStore: new TableActivityStore(table, process),
    overviewSource: new TableOverviewSource(table),
  };
}
