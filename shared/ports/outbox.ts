// The outbox: events that were written together with the change they tell of, and are not published yet.
import type { CloudEvent } from '../domain/log/cloud-event.ts';

/** What one change of a send request tells, or a part of it: published and removed together. */
export interface WaitingEvents {
  /** Opaque, and in the order of the request's changes. */
  key: string;
  /** The send request. */
  id: string;
  mailbox: string;
  events: readonly CloudEvent[];
  /** Since when it waits. RFC 3339. */
  since: string;
}

/** A mailbox that has something in the outbox, or had it lately. */
export interface MarkedMailbox {
  mailbox: string;
  /** When a process last announced changes that are told; for some minutes it need not do so again. RFC 3339. */
  touchedDateTime: string;
  /** Opaque: what the removal of the mark is compared with. */
  etag: string;
}

/** All methods throw StoreUnavailable if the table is out of reach. Any number of processes may use it at once. */
export interface Outbox {
  marked(): Promise<MarkedMailbox[]>;
  /** The first `top` after that key, each request's in their order. */
  waiting(mailbox: string, top: number, after?: string): Promise<WaitingEvents[]>;
  /** They were published. What another process has removed meanwhile is no error. All are of one mailbox. */
  remove(published: readonly WaitingEvents[]): Promise<void>;
  /** Out of the order, so that the later events of the request can be published; it is kept as long as its request. */
  setAside(refused: WaitingEvents, reason: string): Promise<void>;
  /** Removes the mark, unless it was touched meanwhile. */
  unmark(marked: MarkedMailbox): Promise<void>;
}
