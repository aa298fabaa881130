// The queue of send requests in memory, with duplicate detection and with failures on demand.
import { sessionIdOf } from '../../shared/domain/submit/lanes.ts';
import { messageIdOf, type QueueMessage } from '../../shared/domain/submit/queue-message.ts';
import type { EnqueueResult, SubmissionQueue } from '../../shared/ports/submission-queue.ts';

export interface Queued {
  messageId: string;
  sessionId: string;
  message: QueueMessage;
  notBefore?: string;
}

export class InMemorySubmissionQueue implements SubmissionQueue {
  maximumInlineBytes = 192 * 1024;
  /** What is on the queue, in the order of arrival. Tests take messages off by `take`. */
  queued: Queued[] = [];
  /** Every call, duplicates too. */
  readonly calls: QueueMessage[] = [];
  /** While true nothing gets through, and it is known. */
  down = false;
  readonly #seen = new Set<string>();
  readonly #next: { result: EnqueueResult; taken: boolean }[] = [];

  /** The next call answers this; `taken` says whether the message got onto the queue all the same. */
  answerNext(result: EnqueueResult, taken: boolean): void {
    this.#next.push({ result, taken });
  }

  async enqueue(message: QueueMessage, notBefore?: string): Promise<EnqueueResult> {
    this.calls.push(message);
    if (this.down) return { kind: 'notEnqueued', reason: 'down' };
    const next = this.#next.shift() ?? { result: { kind: 'enqueued' }, taken: true };
    if (next.taken) this.#take(message, notBefore);
    return next.result;
  }

  /** Takes the first message off that is visible by `now` (RFC 3339; absent: whatever its time). */
  take(now?: string): Queued | undefined {
    const index = this.queued.findIndex(({ notBefore }) => now === undefined || notBefore === undefined || notBefore <= now);
    return index < 0 ? undefined : this.queued.splice(index, 1)[0];
  }

  async check(): Promise<void> {
    if (this.down) throw new Error('down');
  }

  #take(message: QueueMessage, notBefore?: string): void {
    const messageId = messageIdOf(message.id, message.step);
    if (this.#seen.has(messageId)) return;
    this.#seen.add(messageId);
    const sessionId = sessionIdOf(message.mailbox, message.lane);
    this.queued.push({ messageId, sessionId, message: structuredClone(message), ...(notBefore !== undefined && { notBefore }) });
  }
}
