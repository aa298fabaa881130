// Poison: what nobody can handle is set aside with its reason, recorded, and completed, so that the lane moves on.
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { type Stored, writeEvent } from '../log/write-log.ts';

export async function setAsidePoison(context: Context, message: QueueMessage, stored: Stored, reason: string): Promise<'done'> {
  await context.contents.setAside(`${message.id}-${message.step}`, message, reason);
  await writeEvent(
    context,
    message.mailbox,
    message.id,
    () => ({
      type: 'deadLettered',
      dateTime: nowOf(context),
      fact: 'poison',
      detail: reason,
      patch: { error: { code: 'Poison', message: reason } },
      clears: ['nextAttemptDateTime', 'content'],
    }),
    stored,
  );
  context.telemetry.event('poisonSetAside', { sendRequestId: message.id, mailbox: message.mailbox, reason });
  return 'done';
}

/** A queue message that isn't one of ours, or is from a future version. Throws StoreUnavailable: it then comes again. */
export async function setAsideUnknown(context: Context, name: string, body: unknown, reason: string): Promise<void> {
  await context.contents.setAside(name, body, reason);
  context.telemetry.event('poisonSetAside', { reason });
}
