// The queue message: everything a worker needs to submit a send request, even where the status log has no row of it yet.
import type { ClaimCheck, ContentFormat, Doubt, Operation, Recipient, Route } from './send-request.ts';

export const QUEUE_MESSAGE_SCHEMA_VERSION = 1;

/** Content in the queue message itself: JSON text, or the base64 of MIME; or a claim check on Blob Storage. */
export type Content =
  | { format: ContentFormat; kind: 'inline'; text: string }
  | { format: ContentFormat; kind: 'claimCheck'; claimCheck: ClaimCheck };

/**
 * What a worker knew of an attempt when it made the successor. It travels with the queue message, because the log row may not
 * have been writable: then doubt must not become a plain retry, nor an acceptance a second POST.
 */
export type Known =
  | { outcome: 'accepted'; dateTime: string; attempt: number }
  | { outcome: 'unknown'; attempt: number; doubt: Doubt; route: Route; draftId?: string; sendIssued?: boolean }
  | { outcome: 'deferred'; attempt: number; error?: { code: string; message: string } };

/** One queue message of a request's life. Its Service Bus MessageId is `{id}/{step}`. */
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
  traceparent?: string;
  content: Content;
  known?: Known;
  /** How often this mail was held back or rescheduled since its last attempt. */
  holds?: number;
}

export const messageIdOf = (id: string, step: number): string => `${id}/${step}`;
