// A send request without a key: the queue message and the row are written at the same time, and the queue decides what the caller is told.
//
// The row alone proves nothing: the process may have died before the queue had the message. So the row is `unconfirmed` until a delivery
// writes it, and while it is
//
//   - a client's repeat is answered with it only after the same queue message, with the same MessageId, was enqueued again;
//   - a process whose enqueueing failed withdraws it, under its ETag. If a delivery or a repeat was faster, the request is accepted.
//
// A mail that is not due yet, or that comes while the queue is not well, gets its row after its queue message.
import type { LifecycleEvent } from '../../domain/log/apply-event.ts';
import { isUnconfirmed, type SendRequestRecord } from '../../domain/log/send-request.ts';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import type { WriteResult } from '../../ports/status-log.ts';
import { StoreUnavailable, unlessOutOfReach } from '../../ports/store-unavailable.ts';
import { type Context, nowOf } from '../context.ts';
import { newRecord } from '../log/new-record.ts';
import { emitEvent, type Stored, writeEvent } from '../log/write-log.ts';
import { releaseContent } from '../submit/content.ts';
import type { EnqueueCommand, EnqueueOutcome } from './enqueue-command.ts';
import { acceptedAs, creation, unavailable } from './enqueue-outcome.ts';
import { enqueue, messageAgain, withContent } from './queue-message-of.ts';
import { judgeSuppressed } from './suppressed-recipients.ts';

/** What became of the row that is written beside the queue message. */
type Row = WriteResult | 'outOfReach';

/** If the log cannot be written now, the worker writes it later. */
const create = (context: Context, message: QueueMessage, record: SendRequestRecord): Promise<Row> =>
  unlessOutOfReach(
    () => context.log.create(creation(record, message)),
    () => 'outOfReach',
  );

/** The row as this process has written it; if it has not, the first event creates it. */
const storedAs = (value: SendRequestRecord, { recipients }: QueueMessage, row: Row | undefined): Stored =>
  typeof row === 'object' && row.kind === 'written' ? { value, etag: row.etag } : { value, etag: '', unwritten: recipients };

/** A row tells the worker to drop the queue message if it did arrive, so that the caller may safely repeat the request. Throws StoreUnavailable. */
async function withdraw(context: Context, stored: Stored, reason: string): Promise<EnqueueOutcome> {
  const event: LifecycleEvent = {
    type: 'notAccepted',
    dateTime: nowOf(context),
    fact: 'enqueue',
    detail: reason,
    patch: { enqueued: false },
    clears: ['unconfirmed'],
  };
  const result = await writeEvent(context, stored, (record) => (isUnconfirmed(record) ? event : undefined));
  // A delivery or a repeat has written the row, so the queue had the message after all. Or it is our own, whose answer was lost.
  if (result.kind === 'ignored' && result.stored.value.status !== 'cancelled') return acceptedAs(context, result.stored.value);
  return unavailable(reason);
}

/** Both are certain. The content goes last: until the row is withdrawn, a repeat may have put the same message on the queue. */
async function notEnqueued(context: Context, message: QueueMessage, row: Row | undefined, stored: Stored, reason: string) {
  // If the row was written all the same, a repeat finds it, or it expires.
  if (row === 'outOfReach') return unavailable(reason);
  const outcome = row
    ? await unlessOutOfReach(
        () => withdraw(context, stored, reason),
        () => undefined,
      )
    : unavailable(reason);
  if (outcome?.kind === 'unavailable') await releaseContent({ context, message });
  return outcome ?? unavailable(reason);
}

/** Never throws for an outage. */
export async function enqueueUnkeyed(context: Context, message: QueueMessage): Promise<EnqueueOutcome> {
  const record: SendRequestRecord = { ...newRecord(message), unconfirmed: true };
  const isBeside = message.notBefore === undefined && context.queueHealth.isWell;
  const [result, beside] = await Promise.all([enqueue(context, message), isBeside ? create(context, message, record) : undefined]);
  if (result.kind === 'enqueued') {
    const { id: sendRequestId, traceparent } = message;
    const row = beside ?? (await create(context, message, newRecord(message)));
    if (row === 'outOfReach') context.telemetry.event('logUnavailable', { sendRequestId, during: 'enqueue', traceparent });
    emitEvent(context, record, { type: 'enqueued' });
    return acceptedAs(context, record);
  }
  const stored = storedAs(record, message, beside);
  if (result.kind === 'notEnqueued') return notEnqueued(context, message, beside, stored, result.reason);
  return unlessOutOfReach(
    () => withdraw(context, stored, result.reason),
    ({ message: reason }) => unavailable(reason, { isOpen: true }),
  );
}

/**
 * Puts the queue message of an unconfirmed request on the queue again; if the queue has it, duplicate detection drops this one. Throws
 * StoreUnavailable if it is not certain that the queue has it: the request stays as it is then, since an earlier 202 may stand for it.
 */
export async function enqueueAgain(
  context: Context,
  message: QueueMessage,
  command: EnqueueCommand,
  record: SendRequestRecord,
): Promise<void> {
  // It was let go before, so it is not refused now.
  const isHeld = (await judgeSuppressed(context, command)) === 'hold';
  const whole = await withContent(context, messageAgain(message, record), command);
  const result = await enqueue(context, isHeld ? { ...whole, suppressionHold: true } : whole);
  if (result.kind !== 'enqueued') throw new StoreUnavailable(result.reason);
}
