// Makes the queue message of a send request, and puts it on the queue.
import { messageIdFor } from '../../domain/doubt/marks.ts';
import { after } from '../../domain/duration.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { makeSendRequestId } from '../../domain/log/send-request-id.ts';
import { URGENT_LANE } from '../../domain/submit/lanes.ts';
import { type Content, type QueueMessage, visibleFrom } from '../../domain/submit/queue-message.ts';
import type { EnqueueResult } from '../../ports/submission-queue.ts';
import { type Context, nowOf } from '../context.ts';
import { contentHashOf } from './content-hash.ts';
import type { EnqueueCommand } from './enqueue-command.ts';

/** MIME travels as base64, JSON as its own text: both fit into the queue message's JSON. */
function inline(command: Pick<EnqueueCommand, 'format' | 'content'>): Content {
  const { format, content } = command;
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return { format, kind: 'inline', text: bytes.toString(format === 'mime' ? 'base64' : 'utf8') };
}

/** What doesn't fit into a queue message goes to Blob Storage before the message goes to the queue. */
export async function withContent(context: Context, message: QueueMessage, { content, format }: EnqueueCommand): Promise<QueueMessage> {
  const limit = context.queue.maximumInlineBytes;
  // What is larger than that by itself isn't written as text to find out.
  const whole = content.length <= limit ? { ...message, content: inline({ content, format }) } : undefined;
  if (whole && Buffer.byteLength(JSON.stringify(whole)) <= limit) return whole;
  const claimCheck = await context.contents.put(message.id, content);
  return { ...message, content: { format, kind: 'claimCheck', claimCheck } };
}

/** Without its content yet. */
export function messageOf(context: Context, command: EnqueueCommand): QueueMessage {
  const now = nowOf(context);
  const id = makeSendRequestId(context.clock.now(), command.mailbox, context.chance.bytes(14));
  const latest = after(command.sendAt ?? now, context.rules.sendLifetimeMs);
  const sendBefore = command.sendBefore && command.sendBefore < latest ? command.sendBefore : latest;
  return {
    schemaVersion: 1,
    id,
    step: 0,
    mailbox: command.mailbox,
    lane: command.urgent ? URGENT_LANE : context.laneTurns.next(command.mailbox, id, context.rules.lanesPerMailbox),
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

export async function enqueue(context: Context, message: QueueMessage): Promise<EnqueueResult> {
  const result = await context.queue.enqueue(message, message.notBefore && visibleFrom(message.notBefore, nowOf(context)));
  context.queueHealth.note(result);
  return result;
}

/** The queue message of a request that is in the log already, made again: with the same id, and so with the same MessageId. */
export const messageAgain = (
  message: QueueMessage,
  { id, lane, createdDateTime, sendBefore, internetMessageId, callerSetMessageId }: SendRequestRecord,
): QueueMessage => ({ ...message, id, lane, createdDateTime, sendBefore, ...(!callerSetMessageId && { internetMessageId }) });
