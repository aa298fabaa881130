// The queue message: everything a worker needs to submit a send request, even if the status log has no row of it yet.
import { after } from '../duration.ts';
import type { Reservation } from '../limits/mailbox-usage.ts';
import type { Claim, ClaimCheck, Doubt, Recipient, SendError } from '../log/send-request.ts';
import type { ContentFormat, Operation } from '../operations.ts';

export const QUEUE_MESSAGE_SCHEMA_VERSION = 1;

/** How far ahead a mail may be scheduled. Its content must be in Blob Storage until then, and the storage account's lifecycle rule deletes old content. */
export const MAXIMUM_SEND_AHEAD_DAYS = 30;

/** One scheduled message waits no longer than this, well within the queue's time to live; then the next one does. */
const LONGEST_WAIT_MS = 5 * 86_400_000;

/** When a queue message becomes visible that must wait until `at`: at that time, or earlier, and is then scheduled again. RFC 3339. */
export const visibleFrom = (at: string, now: string): string => {
  const longest = after(now, LONGEST_WAIT_MS);
  return at < longest ? at : longest;
};

/** Content in the queue message itself: JSON text, or the base64 of MIME; or a claim check on Blob Storage. */
export type Content =
  | { format: ContentFormat; kind: 'inline'; text: string }
  | { format: ContentFormat; kind: 'claimCheck'; claimCheck: ClaimCheck };

/**
 * What a worker knew of its attempt when it made the successor. It travels with the queue message, because the log row may not
 * have been writable: then doubt must not become a plain retry, nor an acceptance a second POST. `nonce` is the claim it ended.
 */
export type Known =
  | { outcome: 'accepted'; nonce: string; dateTime: string }
  | { outcome: 'unknown'; nonce: string; doubt: Doubt; claim: Claim }
  | { outcome: 'deferred'; nonce: string; dateTime: string; error?: SendError };

/** One queue message of a send request. Its Service Bus MessageId is `{id}/{step}`. */
export interface QueueMessage {
  schemaVersion: typeof QUEUE_MESSAGE_SCHEMA_VERSION;
  id: string;
  /** Rises with every successor; not the attempt (a 429 costs a step but no attempt). */
  step: number;
  mailbox: string;
  lane: string;
  operation: Operation;
  application: string;
  createdDateTime: string;
  sendBefore: string;
  /** Not to be submitted before this time. */
  notBefore?: string;
  internetMessageId: string;
  callerSetMessageId?: boolean;
  subject?: string;
  from?: string;
  recipients: Recipient[];
  saveToSentItems: boolean;
  targetMessageId?: string;
  clientRequestId?: string;
  contentHash: string;
  /** `Retry-Attempt` of the POST that was accepted, from 1. */
  retryAttempt?: number;
  traceparent?: string;
  /** In an environment that is not production: the address that gets the mail instead of its recipients. */
  redirectedTo?: string;
  /** The send request that this one sends again. */
  resendOf?: string;
  /** It waits while a recipient is suppressed. */
  suppressionHold?: boolean;
  content: Content;
  known?: Known;
  /** Submission attempts so far, as the worker that made this message knew them. */
  attempts?: number;
  /** How often this mail has waited since its last attempt because other mails were throttled. */
  holds?: number;
  /** How often in a row it was postponed because the log or the content was out of reach, or it was not due yet. */
  waits?: number;
  /** The time that it was given because a limit was reached. */
  reservation?: Reservation;
}

export const messageIdOf = (id: string, step: number): string => `${id}/${step}`;
