// The order in which the log was last written for its send requests, at a cost that grows with the changes and not with the log.
import type { SendRequestRecord } from '../domain/log/send-request.ts';
import type { KnownMailbox, ListPage, ListQuery } from './send-request-list.ts';

export interface ChangeQuery {
  /** Milliseconds since 1970; `from` is inclusive, `until` is exclusive. */
  from: number;
  until: number;
  /** Key of the last one seen. */
  after?: string;
  top: number;
}

/** The last write of a send request. It is gone as soon as there is a later one. */
export interface ChangeRow {
  /** feedKey of its time and its send request. */
  key: string;
  mailbox: string;
  id: string;
  application: string;
}

/** All methods throw StoreUnavailable if the table is out of reach. */
export interface ChangeFeed {
  /** The first changes of a mailbox in that time, in their order. One operation. */
  changes(mailbox: string, query: ChangeQuery): Promise<ChangeRow[]>;
  /** Mailboxes that have a change at or after that time; a few more that had one shortly before. One operation per thousand. */
  changedMailboxes(from: number): Promise<string[]>;
  /** The records of these changes as they are now. What was deleted meanwhile is left out. */
  records(rows: readonly ChangeRow[]): Promise<SendRequestRecord[]>;
  /** Every record that was written at or after this time has its row. Milliseconds since 1970. */
  completeFrom(): Promise<number>;
  /**
   * One page, newest first, of the records that have no row, because an earlier version wrote them last: in that time by the store's own
   * clock, because earlier versions gave a record the time of what it says.
   */
  older(mailbox: string, query: ListQuery, written: Pick<ChangeQuery, 'from' | 'until'>): Promise<ListPage>;
  /** Mailboxes that may have such records. */
  olderMailboxes(): Promise<KnownMailbox[]>;
}
