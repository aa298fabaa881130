// Lists of send requests, newest first, at a cost that doesn't grow with how many there are.
import type { SendRequestFilter } from '../domain/log/filter.ts';
import type { SendRequestRecord } from '../domain/log/send-request.ts';

export interface ListQuery {
  filter: SendRequestFilter;
  top: number;
  /** Sort key (newestFirst of an id) of the last one seen. */
  after?: string;
  /** Rows that are examined at most, if that is fewer than the list would examine by itself. */
  budget?: number;
}

export interface ListPage {
  /** At most `top`; fewer, even none, where not many of those examined are meant. */
  records: SendRequestRecord[];
  /** Sort key up to which everything has been examined; absent: there is no more. */
  next?: string;
}

export interface KnownMailbox {
  mailbox: string;
  /** When a request was last accepted for it, to a day. */
  lastDateTime: string;
}

/** All methods throw StoreUnavailable if the table is out of reach. */
export interface SendRequestList {
  /** One page of one mailbox. Examines a bounded number of rows, whatever the filter. */
  page(mailbox: string, query: ListQuery): Promise<ListPage>;
  /** Every mailbox that ever had a send request. */
  mailboxes(): Promise<KnownMailbox[]>;
}
