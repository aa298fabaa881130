// The successor of a queue message: the next step of the same request, scheduled for later, with what the worker knew.
import type { Reservation } from '../limits/mailbox-usage.ts';
import type { SendRequestRecord } from '../log/send-request.ts';
import type { Known, QueueMessage } from './queue-message.ts';

/** What a successor carries beside the request itself. If a property is absent, it starts again from its initial value. */
export interface Carried {
  known?: Known;
  attempts?: number;
  holds?: number;
  waits?: number;
  reservation?: Reservation;
}

export const nextStep = (message: QueueMessage, record: SendRequestRecord): number => Math.max(message.step, record.step) + 1;

/** The queue message of the next step, with the same content. */
export function successorOf(message: QueueMessage, record: SendRequestRecord, carried: Carried): QueueMessage {
  const { known: _known, holds: _holds, waits: _waits, reservation: _reservation, ...rest } = message;
  return {
    ...rest,
    step: nextStep(message, record),
    internetMessageId: record.internetMessageId,
    attempts: carried.attempts ?? Math.max(message.attempts ?? 0, record.attempts),
    ...(carried.known && { known: carried.known }),
    ...(carried.holds && { holds: carried.holds }),
    ...(carried.waits && { waits: carried.waits }),
    ...(carried.reservation && { reservation: carried.reservation }),
  };
}
