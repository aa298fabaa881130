// The successor of a queue message: what must go on later is a new scheduled message with the next step, never an abandon.

import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { Known, QueueMessage } from '../../domain/submit/queue-message.ts';
import type { Context } from '../context.ts';

/** Nothing could be put on the queue: the delivery fails, and the queue message itself comes again. */
export class SuccessorNotEnqueued extends Error {
  override name = 'SuccessorNotEnqueued';
}

export interface SuccessorOptions {
  known?: Known;
  attempts?: number;
  holds?: number;
  waits?: number;
}

/** The next step's queue message, with the same content. */
export function successorOf(message: QueueMessage, record: SendRequestRecord | undefined, options: SuccessorOptions): QueueMessage {
  const { known: _known, holds: _holds, waits: _waits, ...rest } = message;
  return {
    ...rest,
    step: Math.max(message.step, record?.step ?? 0) + 1,
    internetMessageId: record?.internetMessageId ?? message.internetMessageId,
    attempts: options.attempts ?? Math.max(message.attempts ?? 0, record?.attempts ?? 0),
    ...(options.known && { known: options.known }),
    ...(options.holds && { holds: options.holds }),
    ...(options.waits && { waits: options.waits }),
  };
}

/** Schedules it. Repeating the same step is harmless: duplicate detection drops it. */
export async function scheduleSuccessor(context: Context, successor: QueueMessage, at: string): Promise<void> {
  const result = await context.queue.enqueue(successor, at);
  if (result.kind !== 'enqueued') throw new SuccessorNotEnqueued(`${successor.id}/${successor.step}: ${result.reason}`);
}
