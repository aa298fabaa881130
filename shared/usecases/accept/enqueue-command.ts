// The command of the enqueue use case, and its outcome.

import type { AttemptName } from '../../domain/accept/retry-chain.ts';
import type { Problem } from '../../domain/content/problem.ts';
import type { State } from '../../domain/log/lifecycle.ts';
import type { Recipient } from '../../domain/log/send-request.ts';
import type { ContentFormat, Operation } from '../../domain/operations.ts';

/** A send request that passed every check. */
export interface EnqueueCommand {
  /** Canonical mailbox name. */
  mailbox: string;
  /** The calling application: its client id, or `anonymous` in Development. */
  application: string;
  operation: Operation;
  format: ContentFormat;
  /**
   * UTF-8 JSON of the operation's body with camelCase parameter names (`{"message":…}`, `{"comment":…}`, or the bare message for
   * createDraft), without `saveToSentItems`; or the decoded bytes of the RFC 5322 message, exactly as posted; empty for `send`.
   */
  content: Uint8Array;
  saveToSentItems: boolean;
  recipients: Recipient[];
  subject?: string;
  /** The From address, if it is not the mailbox. */
  from?: string;
  /** The Message-ID that the caller set, with its angle brackets. */
  internetMessageId?: string;
  targetMessageId?: string;
  clientRequestId?: string;
  /** `Retry-Attempt`, from 1: the client repeats a request by itself. */
  retryAttempt?: number;
  /** With `retryAttempt`: the names of an attempt of this POST that was refused before its content was read. */
  unread?: readonly AttemptName[];
  resendOf?: string;
  /** Of a resend: says what is sent to whom, in place of the content, which Exchange may write in other bytes each time. */
  sameAs?: string;
  redirectedTo?: string;
  /** Further addresses in From and Sender: the sender policy must allow them, and they are not stored. */
  otherFrom?: readonly string[];
  idempotencyKey?: string;
  /** RFC 3339; not to be submitted before. */
  sendAt?: string;
  /** RFC 3339; expired after. */
  sendBefore?: string;
  /** RFC 9218 urgency 0. */
  urgent: boolean;
  traceparent?: string;
}

export type EnqueueOutcome =
  | {
      kind: 'accepted';
      id: string;
      status: State;
      mailbox: string;
      operation: Operation /** The request was a client's own repeat, and this earlier one answers it. */;
      repeatOf?: string;
      /** If Exchange returns the mail, it cannot be sent again. */
      resendable?: false;
    }
  /** `holder`: the request that had the key first. */
  | { kind: 'keyReused'; holder: string }
  /** A recipient is suppressed. */
  | { kind: 'refused'; problem: Problem }
  /** Neither accepted nor refused: the caller may repeat it. Seconds. */
  | { kind: 'unavailable'; retryAfter: number; reason: string /** The queue may have it all the same. */; isOpen?: boolean };
