// The broker gave a queue message up: the log gets the reason, the content is kept, and only then the message goes.
import { after } from '../../domain/duration.ts';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import { StoreUnavailable } from '../../ports/content-store.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { newRecord } from '../log/new-record.ts';
import { type Stored, writeEvent } from '../log/write-log.ts';
import { keepForResend } from './settle-content.ts';

/** How long a delivery waits for the table before it lets the dead letter come again, in milliseconds. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 2_000;

export interface DeadLetter {
  message: QueueMessage;
  reason: string;
}

async function record(context: Context, { message, reason }: DeadLetter): Promise<void> {
  await keepForResend(context, message);
  const stored: Stored = (await context.log.read(message.mailbox, message.id)) ?? {
    value: newRecord(message),
    etag: '',
    unwritten: message.recipients,
  };
  // A later step is alive: this message was one too many, and says nothing about the request.
  if (stored.value.step > message.step) return;
  await writeEvent(
    context,
    message.mailbox,
    message.id,
    () => ({
      type: 'deadLettered',
      dateTime: nowOf(context),
      fact: `step-${message.step}`,
      detail: reason,
      patch: { error: { code: 'DeadLettered', message: reason } },
      clears: ['nextAttemptDateTime'],
    }),
    stored,
  );
}

/** Waits rather than throws while the table is down: a throw would only bring the message back at once. */
export async function recordDeadLetter(context: Context, letter: DeadLetter, sleep: (ms: number) => Promise<void>): Promise<void> {
  const until = after(nowOf(context), PATIENCE_MS);
  for (;;) {
    try {
      return await record(context, letter);
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || nowOf(context) > until) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
