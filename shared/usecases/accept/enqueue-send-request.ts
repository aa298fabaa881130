// Puts a send request on the queue and into the log: accepted once the queue has it, whatever the table does.
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import { unlessOutOfReach } from '../../ports/store-unavailable.ts';
import { type Context, nowOf } from '../context.ts';
import { newRecord } from '../log/new-record.ts';
import { changeOf, emitEvent } from '../log/write-log.ts';
import { releaseContent } from '../submit/content.ts';
import { answerRepeat, inFlightKey, isKnownKey } from './answer-repeat.ts';
import { contentHashOf, keyHashOf } from './content-hash.ts';
import type { EnqueueCommand, EnqueueOutcome } from './enqueue-command.ts';
import { acceptedAs, creation, unavailable } from './enqueue-outcome.ts';
import { enqueueAgain, enqueueUnkeyed } from './enqueue-unkeyed.ts';
import { enqueue, messageAgain, messageOf, withContent } from './queue-message-of.ts';
import { judgeSuppressed } from './suppressed-recipients.ts';

/** The insert of the row is the arbiter and comes first; what was not confirmed as enqueued is enqueued again with the same MessageId. */
async function enqueueKeyed(context: Context, message: QueueMessage, key: string): Promise<EnqueueOutcome> {
  const hash = keyHashOf(message.application, message.mailbox, key);
  const record: SendRequestRecord = { ...newRecord(message), enqueued: false };
  const idempotencyKey = { hash, contentHash: message.contentHash };
  const created = await context.log.create({ ...creation(record, message), idempotencyKey });
  let holder = record.id;
  if (created.kind !== 'written') {
    const first = await context.log.keyHolder(message.mailbox, hash);
    if (!first) return unavailable('another request with this key is being written');
    if (first.contentHash !== message.contentHash) {
      await releaseContent({ context, message });
      return { kind: 'keyReused', holder: first.id };
    }
    holder = first.id;
  }
  const stored = created.kind === 'written' ? { value: record, etag: created.etag } : await context.log.read(message.mailbox, holder);
  if (!stored) return unavailable('another request with this key is being written');
  const { value } = stored;
  if (value.enqueued !== false) {
    // Accepted before, so nothing uses what this repetition has put into Blob Storage.
    if (holder !== record.id) await releaseContent({ context, message });
    return acceptedAs(context, value);
  }
  const result = await enqueue(context, messageAgain(message, value));
  if (result.kind !== 'enqueued') return unavailable(result.reason);
  // Lost to a worker that was faster, or to an outage: the row is then confirmed by the worker's own writes.
  const confirmation = { ...changeOf({ ...value, enqueued: true }, []), before: value };
  const confirmed = await context.log.write(confirmation, stored.etag).catch(() => undefined);
  if (holder === record.id || confirmed?.kind === 'written') emitEvent(context, value, { type: 'enqueued' });
  return acceptedAs(context, value);
}

async function enqueueNew(context: Context, message: QueueMessage, command: EnqueueCommand): Promise<EnqueueOutcome> {
  const whole = await withContent(context, message, command);
  return command.idempotencyKey ? enqueueKeyed(context, whole, command.idempotencyKey) : enqueueUnkeyed(context, whole);
}

async function enqueueUnlessSuppressed(context: Context, message: QueueMessage, command: EnqueueCommand): Promise<EnqueueOutcome> {
  const judged = await judgeSuppressed(context, command);
  if (judged === 'hold') return enqueueNew(context, { ...message, suppressionHold: true }, command);
  const goes = judged === 'goes' || (await isKnownKey(context, message, command.idempotencyKey));
  return goes ? enqueueNew(context, message, command) : { kind: 'refused', problem: judged };
}

/**
 * The client repeats by itself what we did not accept: that repeat is then this mail. With a key, the key says so. `number`: of the attempt
 * that was found to be a mail of its own.
 */
async function rememberRefused(context: Context, command: EnqueueCommand, number: number): Promise<void> {
  if (command.idempotencyKey !== undefined) return;
  const { mailbox, application, sendAt, clientRequestId } = command;
  await context.refusedAttempts.remember({
    mailbox,
    application,
    contentHash: contentHashOf(command),
    number,
    dateTime: nowOf(context),
    ...(sendAt !== undefined && { sendAt }),
    ...(clientRequestId !== undefined && { clientRequestId }),
  });
}

/** A mail of its own: no attempt that was accepted answers it. */
async function acceptNew(context: Context, message: QueueMessage, command: EnqueueCommand): Promise<EnqueueOutcome> {
  const outcome = await unlessOutOfReach(
    () => context.inFlight.run(inFlightKey(message), () => enqueueUnlessSuppressed(context, message, command)),
    ({ message: reason }) => unavailable(reason),
  );
  // What may be on the queue all the same is found by its repeat in the log.
  if (outcome.kind === 'unavailable' && !outcome.isOpen) await rememberRefused(context, command, command.retryAttempt ?? 0);
  return outcome;
}

async function accept(context: Context, command: EnqueueCommand): Promise<EnqueueOutcome> {
  const { retryAttempt, idempotencyKey, unread } = command;
  const message = messageOf(context, command);
  // With a key the caller says what a repeat is.
  if (retryAttempt === undefined || idempotencyKey !== undefined) return acceptNew(context, message, command);
  const again = (record: SendRequestRecord) => enqueueAgain(context, message, command, record);
  const earlier = await answerRepeat(context, message, retryAttempt, again, unread);
  return earlier ? { ...acceptedAs(context, earlier), repeatOf: earlier.id } : acceptNew(context, message, command);
}

/** Accepts a send request. Never throws for an outage: the answer is then `unavailable`, and the caller may repeat the request. */
export async function enqueueSendRequest(context: Context, command: EnqueueCommand): Promise<EnqueueOutcome> {
  // Beside the enqueueing: a mailbox that is watched without need costs a visit, and the worker watches it before its claim.
  const watched = context.registry.touch(command.mailbox).catch(() => undefined);
  // If we could not decide whether this is a repeat or a new mail, it is not stored: the attempt before it remains valid.
  const outcome = await unlessOutOfReach(
    () => accept(context, command),
    ({ message }) => unavailable(message),
  );
  await watched;
  return outcome;
}
