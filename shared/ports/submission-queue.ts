// The queue of send requests: puts queue messages on it. Taking them off is the Functions host's part.
import type { QueueMessage } from '../domain/submit/queue-message.ts';

export type EnqueueResult =
  /** The queue has it (or had it before: the same MessageId is dropped as a duplicate). */
  | { kind: 'enqueued' }
  /** The queue doesn't have it: nothing was sent, or it was refused. */
  | { kind: 'notEnqueued'; reason: string }
  /** No answer: it may be on the queue. The same message may be sent again, duplicate detection makes that harmless. */
  | { kind: 'unknown'; reason: string };

export interface SubmissionQueue {
  /**
   * Enqueues a message with MessageId `{id}/{step}` in session `{mailbox}/{lane}`, not visible before `notBefore` (RFC 3339).
   * Never throws. Repeats an unknown answer by itself with the same MessageId before it reports `unknown`.
   */
  enqueue(message: QueueMessage, notBefore?: string): Promise<EnqueueResult>;
  /** The largest body that goes inline, in bytes; what is larger needs a claim check. */
  readonly maximumInlineBytes: number;
  /** Throws if the queue is out of reach; for readiness. */
  check(): Promise<void>;
}
