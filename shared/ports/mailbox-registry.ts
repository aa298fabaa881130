// The mailboxes that have, or lately had, open requests: what the reconciler visits, and how far it has read there.
import type { ReportPosition } from '../domain/reconcile/report-position.ts';
import type { Versioned } from './status-log.ts';

export interface WatchedMailbox {
  mailbox: string;
  /** When a request was last accepted for it, or attempted; up to five minutes ago it may be later. */
  touchedDateTime: string;
  reconciledDateTime?: string;
  /** Graph's delta link for Sent Items: opaque, the whole URL. */
  sentItemsDeltaLink?: string;
  /** Reports received up to this time have been read. */
  reportsReadUntil?: string;
  /** Where the next visit goes on reading reports. */
  reportsReadFrom?: string;
  /** Until when its message trace has been read. */
  traceReadUntil?: string;
  /** Mailboxes that have sent with this one as From: reports on their mail come here. */
  submitters?: Submitter[];
  /** It has sent nothing itself. */
  onlyFrom?: true;
  /** Whether an open request awaited more than the end of its report window, at the last visit. Absent: not known. */
  awaitsMore?: boolean;
  /** When the next open request is due, as of the last visit. RFC 3339. */
  nextDueDateTime?: string;
  /** When its agenda was last compared with all its open requests. */
  agendaMendedDateTime?: string;
  /** Why the mailbox could not be read the last time. */
  error?: string;
}

export interface Submitter {
  mailbox: string;
  touchedDateTime: string;
}

/** All methods throw StoreUnavailable if the table is out of reach. */
export interface MailboxRegistry {
  /**
   * Makes sure that the mailbox is watched; costs a write at most every five minutes per mailbox and process. `submitter`: it is the From
   * of that mailbox's mail.
   */
  touch(mailbox: string, submitter?: string): Promise<void>;
  list(): Promise<Versioned<WatchedMailbox>[]>;
  /** Saves under ETag; false if another run changed it meanwhile. A concurrent touch is kept. */
  save(mailbox: WatchedMailbox, etag: string): Promise<boolean>;
  /** Keeps how far the reports of a mailbox have been read, in the middle of a visit. No conflict with the save at its end. */
  noteReportsRead(mailbox: string, position: ReportPosition): Promise<void>;
  /** Ends that a mailbox is watched for a submitter, unless that was noted anew meanwhile. */
  forgetSubmitter(mailbox: string, submitter: Submitter): Promise<void>;
  /** Deletes under ETag; false if it was touched meanwhile. */
  forget(mailbox: string, etag: string): Promise<boolean>;
}
