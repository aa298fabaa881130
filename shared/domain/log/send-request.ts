// What an application posts (the send request) and what the status log keeps of it: the types that all other code uses.
import type { ContentFormat, Operation } from '../operations.ts';
import type { FailureClass } from '../reports/failure-rule.ts';
import type { State } from './lifecycle.ts';

export type RecipientType = 'to' | 'cc' | 'bcc';

/** RFC 3464 section 2.3.3, the action-value of a report. */
export type ReportAction = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

/** What became of the mail for a recipient: a report's action, or what only the message trace tells, in its own words. */
export type RecipientAction = ReportAction | 'quarantined' | 'filteredAsSpam';

/**
 * Where a recipient's outcome comes from: Exchange's own report class, a mail that looks like a report, or the message trace. `inferred`:
 * a report named one address, which the request does not have, and only this recipient was open.
 */
export const EVIDENCES = ['exchangeReport', 'mail', 'messageTrace', 'inferred'] as const;
export type Evidence = (typeof EVIDENCES)[number];

/** One recipient and what is known of it. No `action` means: nothing was reported. */
export interface Recipient {
  address: string;
  type: RecipientType;
  action?: RecipientAction;
  /** Enhanced status code, RFC 3463. */
  status?: string;
  diagnosticCode?: string;
  remoteMta?: string;
  /** RFC 8098 disposition-type, such as `displayed`. */
  disposition?: string;
  reportedDateTime?: string;
  evidence?: Evidence;
  /** Of a resend: the recipient of the first send request whose address was corrected. */
  replaces?: string;
  /** The send request that sends the mail to this recipient again. */
  resentAs?: string;
}

export interface RecipientCounts {
  total: number;
  failed: number;
  delayed: number;
  delivered: number;
  relayed: number;
  expanded: number;
  read: number;
  notRead: number;
  /** Only if the message trace said so. */
  quarantined?: number;
  filteredAsSpam?: number;
  /** Reports about addresses that the request does not have: at least so many. */
  others?: number;
}

/** Which way a submission attempt takes to Graph: the operation itself in one POST, or a draft that is then sent. */
export type Route = 'direct' | 'draft';

/** The claim of the worker that is submitting now, or was last. Written before the POST, so a dead worker leaves a trace. */
export interface Claim {
  /** Fresh for each claim: a request found `submitting` under another nonce means that another worker died or still runs. */
  nonce: string;
  startedDateTime: string;
  /** When the attempt was due. Absent in rows of earlier versions. */
  dueDateTime?: string;
  /** Until when this claim's calls to Graph may last; the worker stops itself then. */
  callsUntil: string;
  route: Route;
  /** The draft that `/send` was, or is about to be, issued for. Absent on the draft route: no `/send` can have left. */
  draftId?: string;
  /** True once a `/send` of that draft may have left. */
  sendIssued?: boolean;
  /** The draft is made in several calls, or from MIME that was taken apart: one that is not noted here may be incomplete. */
  assembled?: boolean;
}

export interface Doubt {
  since: string;
  /** Until then absence proves nothing: a late copy may still appear. */
  graceUntil: string;
}

export interface SendError {
  code: string;
  message: string;
}

/** Reference to content kept in Blob Storage. The name carries the content's SHA-256, so equal content is written once. */
export interface ClaimCheck {
  name: string;
  length: number;
}

/** The record row of a version that this code doesn't know, after a step back: it is read, and never written. */
export const isOfFuture = ({ schemaVersion }: { schemaVersion: number }): boolean => schemaVersion > 1;

/** The record row of one send request: all that a decision needs. Times are RFC 3339 in UTC. */
export interface SendRequestRecord {
  schemaVersion: 1;
  id: string;
  /** Canonical name of the mailbox in the path, lower case. */
  mailbox: string;
  operation: Operation;
  format: ContentFormat;
  application: string;
  subject?: string;
  /** The From address if it isn't the mailbox: reports go there. */
  from?: string;
  internetMessageId: string;
  /** True if the caller set the Message-ID: it may be shared by several requests. */
  callerSetMessageId?: boolean;
  clientRequestId?: string;
  contentHash: string;
  /** `Send-At`: not submitted before. */
  sendAt?: string;
  /** The latest of a client's own repeats (`Retry-Attempt`) that this request was accepted from, or has answered. */
  lastRetryAttempt?: { number: number; dateTime: string };
  traceparent?: string;
  createdDateTime: string;
  lastModifiedDateTime: string;
  status: State;
  /** Highest queue message step known to be needed; lower steps are stale and dropped. */
  step: number;
  attempts: number;
  lane: string;
  nextAttemptDateTime?: string;
  /** End of the lifetime: after it the request is expired, or unaccounted if in doubt. */
  sendBefore: string;
  firstAttemptDateTime?: string;
  /** Since when every answer to an attempt has said that the mailbox is not there. */
  mailboxMissingSince?: string;
  /** Since when every answer to an attempt has said that the message it is about is not there. */
  itemMissingSince?: string;
  claim?: Claim;
  doubt?: Doubt;
  /**
   * A doubt has ended because the item was found as a draft that is not known to be submitted, and it is sent again. Flags are no proof that
   * the attempt in doubt did not send it. Until Exchange is known to have the mail, the request cannot end as one that was not sent.
   */
  mayHaveGone?: true;
  acceptedDateTime?: string;
  /** When the reconciler stops looking for reports. */
  reportWindowEnds?: string;
  /** What proves that the mail was submitted beside Graph's answer: Exchange's own report, or the message trace. */
  proof?: Evidence;
  /** How often the mailbox was searched for the copy of an accepted mail that Sent Items didn't show. */
  copyLooks?: number;
  /** The copy that vouches for this request. */
  copyId?: string;
  saveToSentItems: boolean;
  /** Set from `sent` until exactly that copy was removed, for `saveToSentItems: false`. */
  copyToRemove?: boolean;
  draft?: { id: string; webLink?: string };
  /** The message or draft that reply, forward and send refer to: Graph's id, or a send request's id. */
  targetMessageId?: string;
  /** Of operation `send`: the send request that made the draft. Its marks stay in the mail. */
  madeBy?: string;
  error?: SendError;
  recipientCounts: RecipientCounts;
  /** If a recipient has failed by a report: whose matter that is. */
  failureClass?: FailureClass;
  /** What was reported of addresses that the request does not have, one fingerprint each. */
  othersReported?: readonly string[];
  /** How many more of them one report has named, at most. */
  othersBeyond?: number;
  /** Events that reports have written: they are bounded. */
  reportEvents?: number;
  /** Content in Blob Storage that is still there. */
  content?: ClaimCheck;
  /** The operator's pause that held it last, whose timeline tells of each once; or `limit:` and the name of the limit of Exchange. */
  heldBy?: string;
  /** Not production: the address that got it instead of its recipients. */
  redirectedTo?: string;
  /** The send request that this one sends again, and the last one that sends this again. */
  resendOf?: string;
  resentAs?: string;
  /** False on a keyed request whose queue message was never confirmed. */
  enqueued?: boolean;
  /**
   * Of a request without a key: its row was written beside its queue message, and no delivery has written it since. An earlier version
   * leaves it in records that it writes, so `isUnconfirmed` tells.
   */
  unconfirmed?: true;
}

/** Whether nothing shows that the queue has the request: neither its row nor a delivery. */
export const isUnconfirmed = ({ unconfirmed, status }: SendRequestRecord): boolean => unconfirmed === true && status === 'queued';

/** One line of a request's timeline. */
export interface StatusEvent {
  type: string;
  dateTime: string;
  attempt?: number;
  recipient?: string;
  detail?: string;
}
