// Service Bus dead-lettered a queue message: the log gets the reason, the content is kept, and only then the message is completed.
import { after } from '../../domain/duration.ts';
import { deadLetter } from '../../domain/submit/final-endings.ts';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { Delivery } from './delivery.ts';
import { finish } from './finish.ts';

/** How long a delivery waits for the table before it lets the dead letter come again, in milliseconds. */
const PATIENCE_MS = 60_000;
const TRY_AGAIN_MS = 2_000;

export interface DeadLetter {
  message: QueueMessage;
  reason: string;
}

async function record(context: Context, { message, reason }: DeadLetter): Promise<void> {
  const delivery = new Delivery(context, message);
  await delivery.open();
  // A later step is on its way: this message was one too many, and says nothing about the request.
  if (delivery.record.step > message.step) return;
  await finish(delivery, deadLetter(delivery.situation, reason));
}

/** Waits rather than throws while a store is out of reach: a throw would only bring the message back at once. */
export async function recordDeadLetter(context: Context, letter: DeadLetter, sleep: (ms: number) => Promise<void>): Promise<void> {
  const until = after(nowOf(context), PATIENCE_MS);
  for (;;) {
    try {
      return await record(context, letter);
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || nowOf(context) > until) throw error;
      await sleep(TRY_AGAIN_MS);
    }
  }
}
