// What would be refused isn't sent: a mail of a throttled mailbox, or of a blocked account, gets a slot of its own after the pause.
import { ASK_AGAIN_MS, MAXIMUM_HOLDS } from '../../domain/submit/pacing.ts';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { ifUnchanged, type Stored, writeEvent } from '../log/write-log.ts';
import { scheduleSuccessor, successorOf } from './successor.ts';

/** Throttling may be over by now, so after some holds a mail finds out for itself. */
const throttledSlot = (context: Context, mailbox: string, holds: number): number | undefined =>
  holds < MAXIMUM_HOLDS ? context.pauses.slot(mailbox, context.clock.now()) : undefined;

/** A blocked account must not be run into by each mail, however often it was held; but the pause may be lifted before its time. */
function pausedSlot(context: Context, mailbox: string, until: number): number | undefined {
  const now = context.clock.now();
  if (until > now + ASK_AGAIN_MS) return now + ASK_AGAIN_MS;
  context.pauses.hold(mailbox, until);
  return context.pauses.slot(mailbox, now);
}

/** False where nothing speaks against an attempt now. */
export async function holdBack(context: Context, message: QueueMessage, stored: Stored): Promise<boolean> {
  const { mailbox, id, holds = 0, known } = message;
  const paused = await context.accountPauses.current(mailbox);
  const slot = paused ? pausedSlot(context, mailbox, Date.parse(paused.until)) : throttledSlot(context, mailbox, holds);
  if (slot === undefined) return false;
  const end = new Date(slot).toISOString();
  const at = end < stored.value.sendBefore ? end : stored.value.sendBefore;
  const successor = successorOf(message, stored.value, { holds: holds + 1, ...(known && { known }) });
  await scheduleSuccessor(context, successor, at);
  const held = () =>
    ({
      type: 'submissionHeld',
      dateTime: nowOf(context),
      fact: String(successor.step),
      detail: paused ? `the mailbox is paused until ${paused.until}: ${paused.reason}` : 'the mailbox is being throttled',
      patch: { step: successor.step, nextAttemptDateTime: at },
    }) as const;
  await writeEvent(context, mailbox, id, ifUnchanged(stored, held), stored);
  return true;
}
