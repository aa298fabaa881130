// The status log: one record per send request, its events and recipients, and the small rows that make the open ones cheap to find.
import type { MailboxUsage } from '../domain/limits/account.ts';
import type { State } from '../domain/log/lifecycle.ts';
import type { Recipient, SendRequestRecord, StatusEvent } from '../domain/log/send-request.ts';

export interface Versioned<T> {
  value: T;
  /** Opaque: what a write is compared with. */
  etag: string;
}

/** A record as it was read. */
export interface StoredRequest extends Versioned<SendRequestRecord> {
  /** If they came with it: then they need not be read. */
  recipients?: readonly Recipient[];
}

/** A line of the timeline with its deterministic key: writing it twice is recognised as one. */
export interface KeyedEvent extends StatusEvent {
  /** Unique within the request, the same whenever the same fact is written again, such as `0001-submissionStarted-{nonce}`. */
  key: string;
  /** The state after it, for what applications are told; it is not stored. */
  status?: State;
}

/** The counters of a mailbox as they are to be, and the version that they were decided on. */
export interface UsageChange {
  usage: MailboxUsage;
  /** Absent: the mailbox has none yet. */
  etag?: string;
}

/** Everything that one step of a send request writes, in one transaction. The log sets lastModifiedDateTime to the time of the write. */
export interface Change {
  record: SendRequestRecord;
  /** The record that was changed, for what applications are told; absent: it is new. */
  before?: SendRequestRecord;
  events: readonly KeyedEvent[];
  /** All recipients, where they changed or the record is new. */
  recipients?: readonly Recipient[];
  /** When the reconciler has to look at this request by itself; absent: not open any more. RFC 3339. */
  due?: string;
  /** It is due for more than the end of its report window. */
  awaitsMore?: boolean;
  /** Claims this copy (insert if absent): another request's claim makes the whole change fail with `copyClaimed`. */
  claimCopy?: string;
  /** Makes the record findable by this Message-ID (set by the caller, or by Exchange instead of ours). */
  indexMessageId?: string;
  /** Arbiter of a keyed request: insert if absent. */
  idempotencyKey?: { hash: string; contentHash: string };
  /** The counters of its mailbox: they are written with the record, or neither is. */
  usage?: UsageChange;
}

export type WriteResult =
  /** `usageEtag`: the version of the counters, if they were written. */
  | { kind: 'written'; etag: string; usageEtag?: string }
  /** The record is as it was, but another has changed the counters of its mailbox. Nothing was written. */
  | { kind: 'usageChanged' }
  /** The record is there already (create), or was changed by another (write). */
  | { kind: 'conflict' }
  | { kind: 'copyClaimed' };

export interface OpenRequest {
  id: string;
  due: string;
}

/** What of a mailbox's open requests the reconciler has to do. */
export interface Agenda {
  /** Due by now, the earliest first. */
  due: OpenRequest[];
  /** When the next one is due that is not yet. RFC 3339. */
  nextDue?: string;
  /** Requests that await more than the end of their report window; only the first ones if `isCut`. */
  awaiting: OpenRequest[];
  isCut?: true;
  /** The first of those that do not. */
  others: OpenRequest[];
}

export interface KeyHolder {
  id: string;
  contentHash: string;
}

/**
 * All methods throw StoreUnavailable if the table is out of reach. A conflict after a lost answer to the same write is
 * recognised as our own write and reported as `written`.
 */
export interface StatusLog {
  read(mailbox: string, id: string): Promise<StoredRequest | undefined>;
  /** Recipients in the order of the request. */
  recipients(mailbox: string, id: string): Promise<Recipient[]>;
  /** Timeline, oldest first. */
  events(mailbox: string, id: string): Promise<StatusEvent[]>;
  create(change: Change): Promise<WriteResult>;
  write(change: Change, etag: string): Promise<WriteResult>;
  /** Those of the records that are there, in any order. Costs less than reading each, if the requests are of about the same time. */
  readAll(mailbox: string, ids: readonly string[]): Promise<StoredRequest[]>;
  /**
   * Writes changes of several requests of one mailbox, as `write` does each, and costs one operation for many of them. One that is refused
   * or fails keeps none of the others back; only after an outage the rest is not tried. The results are in the order of the changes. Does not throw.
   */
  writeAll(mailbox: string, writes: readonly { change: Change; etag: string }[]): Promise<PromiseSettledResult<WriteResult>[]>;
  /** Who holds an idempotency key in this mailbox. */
  keyHolder(mailbox: string, keyHash: string): Promise<KeyHolder | undefined>;
  /** What is due in a mailbox, in order, at most `top`, and a little of what comes next. */
  agenda(mailbox: string, now: string, top: number): Promise<Agenda>;
  /**
   * Ids of open requests that the agenda does not have as they are, because a version without it wrote them. Rows of the agenda that
   * nothing belongs to are removed. Reads a row for each open request: seldom.
   */
  strays(mailbox: string): Promise<string[]>;
  /** Ids of the requests of a mailbox that were indexed under this Message-ID (compared without case). */
  withMessageId(mailbox: string, internetMessageId: string): Promise<string[]>;
  /** Ids of the latest requests of a mailbox that this application posted with this content and no key, newest first; 20 at most. */
  withContent(mailbox: string, application: string, contentHash: string): Promise<string[]>;
  /** The counters of a mailbox. */
  usage(mailbox: string): Promise<Versioned<MailboxUsage> | undefined>;
  /** Writes the counters alone. False if another was faster; after a lost answer to a write that was done, it is false, too. */
  writeUsage(mailbox: string, change: UsageChange): Promise<{ etag: string } | false>;
  /** The request that holds the claim on a copy. */
  copyHolder(mailbox: string, copyId: string): Promise<string | undefined>;
  /** Throws if the table is out of reach; for readiness. */
  check(): Promise<void>;
}
