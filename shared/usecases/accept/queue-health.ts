// Whether the queue takes what this process gives it.
import type { EnqueueResult } from '../../ports/submission-queue.ts';

/** While the queue is down, requests leave no row: their callers are told 503 and post them again. */
export class QueueHealth {
  #isWell = true;

  /** False from a failed enqueueing until one succeeds. */
  get isWell(): boolean {
    return this.#isWell;
  }

  note({ kind }: EnqueueResult): void {
    this.#isWell = kind === 'enqueued';
  }
}
