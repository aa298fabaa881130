// Puts a send request on the queue and into the log: accepted once the queue has it, whatever the table does.
import { isResendableLater } from '../../domain/act/kept-content.ts';
import { messageIdFor } from '../../domain/doubt/marks.ts';
import { after } from '../../domain/duration.ts';
import { applyEvent } from '../../domain/log/apply-event.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { makeSendRequestId } from '../../domain/log/send-request-id.ts';
import { laneOf } from '../../domain/submit/lanes.ts';
import { type Content, type QueueMessage, visibleFrom } from '../../domain/submit/queue-message.ts';
import type { WriteResult } from '../../ports/status-log.ts';
import { StoreUnavailable, unlessOutOfReach } from '../../ports/store-unavailable.ts';
import type { EnqueueResult } from '../../ports/submission-queue.ts';
import { type Context, nowOf } from '../context.ts';
import { enqueuedEvent, newRecord } from '../log/new-record.ts';
import { changeOf, emitEvent, type Stored } from '../log/write-log.ts';
import { releaseContent } from '../submit/content.ts';
import { answerRepeat, inFlightKey, isKnownKey } from './answer-repeat.ts';
import { contentHashOf, keyHashOf } from './content-hash.ts';
import type { EnqueueCommand, EnqueueOutcome } from './enqueue-command.ts';
import { judgeSuppressed } from './suppressed-recipients.ts';

/** Seconds after which a caller may try again when the queue or the log is out of reach. */
const RETRY_AFTER = 10;

type Accepted = Extract<EnqueueOutcome, { kind: 'accepted' }>;
type Unavailable = Extract<EnqueueOutcome, { kind: 'unavailable' }>;

const unavailable = (reason: string, more: Pick<Unavailable, 'isOpen'> = {}): Unavailable => ({
  kind: 'unavailable',
  retryAfter: RETRY_AFTER,
  reason,
  ...more,
});

/** MIME travels as base64, JSON as its own text: both fit into the queue message's JSON. */
function inline(command: Pick<EnqueueCommand, 'format' | 'content'>): Content {
  const { format, content } = command;
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return { format, kind: 'inline', text: bytes.toString(format === 'mime' ? 'base64' : 'utf8') };
}

/** What doesn't fit into a queue message goes to Blob Storage before the message goes to the queue. */
async function withContent(context: Context, message: QueueMessage, { content, format }: EnqueueCommand): Promise<QueueMessage> {
  const limit = context.queue.maximumInlineBytes;
  // What is larger than that by itself isn't written as text to find out.
  const whole = content.length <= limit ? { ...message, content: inline({ content, format }) } : undefined;
  if (whole && Buffer.byteLength(JSON.stringify(whole)) <= limit) return whole;
  const claimCheck = await context.contents.put(message.id, content);
  return { ...message, content: { format, kind: 'claimCheck', claimCheck } };
}

/** Without its content yet. */
function messageOf(context: Context, command: EnqueueCommand): QueueMessage {
  const now = nowOf(context);
  const id = makeSendRequestId(context.clock.now(), command.mailbox, context.chance.bytes(14));
  const latest = after(command.sendAt ?? now, context.rules.sendLifetimeMs);
  const sendBefore = command.sendBefore && command.sendBefore < latest ? command.sendBefore : latest;
  return {
    schemaVersion: 1,
    id,
    step: 0,
    mailbox: command.mailbox,
    lane: laneOf(id, context.rules.lanesPerMailbox, command.urgent),
    operation: command.operation,
    application: command.application,
    createdDateTime: now,
    sendBefore,
    ...(command.sendAt !== undefined && { notBefore: command.sendAt }),
    internetMessageId: command.internetMessageId ?? messageIdFor(id, command.from ?? command.mailbox),
    ...(command.internetMessageId !== undefined && { callerSetMessageId: true }),
    ...(command.subject !== undefined && context.rules.logSubjects && { subject: command.subject }),
    ...(command.from !== undefined && { from: command.from }),
    recipients: command.recipients,
    saveToSentItems: command.saveToSentItems,
    ...(command.targetMessageId !== undefined && { targetMessageId: command.targetMessageId }),
    ...(command.clientRequestId !== undefined && { clientRequestId: command.clientRequestId }),
    contentHash: contentHashOf(command),
    ...(command.retryAttempt !== undefined && { retryAttempt: command.retryAttempt }),
    ...(command.traceparent !== undefined && { traceparent: command.traceparent }),
    ...(command.redirectedTo !== undefined && { redirectedTo: command.redirectedTo }),
    ...(command.resendOf !== undefined && { resendOf: command.resendOf }),
    content: { format: command.format, kind: 'inline', text: '' },
  };
}

const enqueue = (context: Context, message: QueueMessage): Promise<EnqueueResult> =>
  context.queue.enqueue(message, message.notBefore && visibleFrom(message.notBefore, nowOf(context)));

const creation = (record: SendRequestRecord, message: QueueMessage) => ({
  ...changeOf(record, [enqueuedEvent(record)], message.recipients),
  ...(record.callerSetMessageId && { indexMessageId: record.internetMessageId }),
});

/** The queue has the message, so the request is accepted. If the log cannot be written now, the worker writes it later. */
async function logEnqueued(context: Context, message: QueueMessage): Promise<void> {
  const record = newRecord(message);
  try {
    await context.log.create(creation(record, message));
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    context.telemetry.event('logUnavailable', { sendRequestId: message.id, during: 'enqueue', traceparent: message.traceparent });
  }
  emitEvent(context, record, { type: 'enqueued' });
}

/** Whether the queue has it is unknown: a row tells the worker to drop it, so that the caller may safely repeat the request. */
async function withdraw(context: Context, message: QueueMessage, reason: string): Promise<EnqueueOutcome> {
  const withdrawn = { type: 'notAccepted', dateTime: nowOf(context), fact: 'enqueue', detail: reason, patch: { enqueued: false } } as const;
  const applied = applyEvent(newRecord(message), withdrawn);
  if (applied.kind !== 'applied') throw new Error('a new record can always be withdrawn');
  let result: WriteResult;
  let found: Stored | undefined;
  try {
    result = await context.log.create(changeOf(applied.record, [enqueuedEvent(applied.record), applied.event], message.recipients));
    if (result.kind !== 'written') found = await context.log.read(message.mailbox, message.id);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return unavailable(error.message, { isOpen: true });
  }
  if (result.kind === 'written') {
    emitEvent(context, applied.record, applied.event);
    return unavailable(reason);
  }
  // The worker made the row, so the queue had the message after all; or it is our own, whose answer was lost.
  return found && found.value.status !== 'cancelled' ? acceptedAs(context, found.value) : unavailable(reason);
}

const acceptedAs = ({ rules }: Context, record: SendRequestRecord): Accepted => ({
  kind: 'accepted',
  id: record.id,
  status: record.status,
  mailbox: record.mailbox,
  operation: record.operation,
  ...(!isResendableLater(record, rules) && { resendable: false }),
});

async function enqueueUnkeyed(context: Context, message: QueueMessage): Promise<EnqueueOutcome> {
  const result = await enqueue(context, message);
  if (result.kind === 'notEnqueued') {
    await releaseContent({ context, message });
    return unavailable(result.reason);
  }
  if (result.kind === 'unknown') return withdraw(context, message, result.reason);
  await logEnqueued(context, message);
  return acceptedAs(context, newRecord(message));
}

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
  const again: QueueMessage = {
    ...message,
    id: holder,
    lane: value.lane,
    createdDateTime: value.createdDateTime,
    sendBefore: value.sendBefore,
  };
  if (!value.callerSetMessageId) again.internetMessageId = value.internetMessageId;
  const result = await enqueue(context, again);
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
  const earlier = await answerRepeat(context, message, retryAttempt, unread);
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
