// Large content is read in worker threads with a deadline and a memory limit; small content in the process itself.
import { type Pool, pool } from 'workerpool';
import { contentProblems } from '../../domain/content/content-limits.ts';
import { type DecodeOrder, decodeMail } from '../../domain/content/decode-operation.ts';
import type { Decoded } from '../../domain/content/decoded.ts';
import { type Checked, problems, refused } from '../../domain/content/problem.ts';
import type { TakenApart } from '../../domain/content/take-apart.ts';
import type { MailWork } from '../../ports/mail-work.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';

/** Content up to this size is read in some milliseconds, whatever it contains. */
const SMALL_BYTES = 128 * 1024;

export interface ThreadOptions {
  /** The thread's script. */
  script: string;
  threads: number;
  deadlineMs: number;
  /** Of the thread's heap; bytes of mail are not in it. */
  heapMegabytes: number;
}

export const THREADS = {
  threads: 2,
  // The largest message takes a second or two; a busy machine has time.
  deadlineMs: 30_000,
  heapMegabytes: 192,
} as const;

/** What `THREADS.heapMegabytes` is enough for: text of this size, whatever its characters. */
const ENOUGH_FOR_BYTES = 35 * 1024 * 1024;

/**
 * The heap grows with the largest message, so that no message which the caps let through comes near its end. V8 ends the whole process if
 * one allocation goes more than 16 MB beyond the end (Node.js, src/node_worker.cc, NearHeapLimit): the thread alone ends only if the heap
 * grows there in small steps.
 */
export const heapMegabytesFor = (maximumMessageSizeBytes: number): number =>
  THREADS.heapMegabytes * Math.max(1, Math.ceil(maximumMessageSizeBytes / ENOUGH_FOR_BYTES));

/** Its own memory: what shares memory with others can't be handed over. */
const owned = (bytes: Uint8Array): Uint8Array => (bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice());

export class ThreadMailWork implements MailWork {
  readonly #pool: Pool;
  readonly #deadlineMs: number;

  constructor({ script, threads, deadlineMs, heapMegabytes }: ThreadOptions) {
    this.#deadlineMs = deadlineMs;
    this.#pool = pool(script, {
      workerType: 'thread',
      maxWorkers: threads,
      workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 32 } },
    });
  }

  decode(order: DecodeOrder): Promise<Checked<Decoded>> {
    if (order.body.length <= SMALL_BYTES) return decodeMail(order);
    const body = owned(order.body);
    return this.#run<Decoded>('decode', { ...order, body }, [body.buffer as ArrayBuffer]);
  }

  takeApart(mime: Uint8Array): Promise<Checked<TakenApart>> {
    const own = owned(mime);
    return this.#run<TakenApart>('takeApart', own, [own.buffer as ArrayBuffer]);
  }

  /** Ends the threads; work that has not ended fails. */
  async close(): Promise<void> {
    await this.#pool.terminate(true);
  }

  async #run<T>(name: string, order: unknown, transfer: ArrayBuffer[]): Promise<Checked<T>> {
    try {
      return (await this.#pool.exec(name, [order], { transfer }).timeout(this.#deadlineMs)) as Checked<T>;
    } catch (error) {
      const { name: kind, message } = error as Error;
      if (kind === 'TimeoutError') throw new StoreUnavailable('there was not enough time to read the content', { cause: error });
      // A thread that ran out of memory ends without an answer.
      if (/out of memory|terminated unexpectedly|memory limit/i.test(message)) return refused(contentProblems.memory());
      return refused(problems.bodyUnreadable('The content cannot be read.'));
    }
  }
}
