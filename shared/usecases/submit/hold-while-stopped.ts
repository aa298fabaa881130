// Paused by an operator: the mail waits and asks again, its lifetime goes on, and its timeline says once who paused it and why.

import { type Stop, stopFor, stopWaitMs } from '../../domain/act/stops.ts';
import { after } from '../../domain/duration.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { changeOf, ifUnchanged, type Stored, writeEvent } from '../log/write-log.ts';
import { scheduleSuccessor, successorOf } from './successor.ts';

/** Told once per pause: a mail may ask a thousand times. */
const toldAs = ({ id, setDateTime }: Stop): string => `${id} ${setDateTime}`;

async function note(context: Context, stored: Stored, stop: Stop, patch: Partial<SendRequestRecord>): Promise<void> {
  const { value, etag, unwritten } = stored;
  if (!unwritten && value.heldBy === toldAs(stop)) {
    await context.log.write(changeOf({ ...value, ...patch }, []), etag);
    return;
  }
  const held = () =>
    ({
      type: 'submissionHeld',
      dateTime: nowOf(context),
      fact: `stop-${stop.setDateTime}`,
      detail: `paused (${stop.id}) by ${stop.setBy}: ${stop.reason}`,
      patch: { ...patch, heldBy: toldAs(stop) },
    }) as const;
  await writeEvent(context, value.mailbox, value.id, ifUnchanged(stored, held), stored);
}

/** False where nothing is paused that this mail is under. Throws StoreUnavailable. */
export async function holdWhileStopped(context: Context, message: QueueMessage, stored: Stored): Promise<boolean> {
  const stop = stopFor(await context.stops.current(), message);
  if (!stop) return false;
  const waits = (message.waits ?? 0) + 1;
  const asks = after(nowOf(context), stopWaitMs(waits, context.chance.number()));
  const at = asks < stored.value.sendBefore ? asks : stored.value.sendBefore;
  const { holds = 0, known } = message;
  const successor = successorOf(message, stored.value, { waits, holds, ...(known && { known }) });
  await scheduleSuccessor(context, successor, at);
  await note(context, stored, stop, { step: successor.step, nextAttemptDateTime: at });
  return true;
}
