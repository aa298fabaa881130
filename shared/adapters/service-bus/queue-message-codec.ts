// A queue message as Service Bus carries it, and back again.
import type { ServiceBusMessage } from '@azure/service-bus';
import * as z from 'zod';
import { sessionIdOf } from '../../domain/submit/lanes.ts';
import { messageIdOf, QUEUE_MESSAGE_SCHEMA_VERSION, type QueueMessage } from '../../domain/submit/queue-message.ts';
import { queueMessageSchema } from './queue-message-schema.ts';

/** No time to live: the queue's own, which is longer than any lifetime, so that the worker decides expiry. */
export function toQueueMessage(message: QueueMessage, notBefore?: string): ServiceBusMessage {
  return {
    messageId: messageIdOf(message.id, message.step),
    sessionId: sessionIdOf(message.mailbox, message.lane),
    subject: message.operation,
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify(message)),
    ...(notBefore !== undefined && { scheduledEnqueueTimeUtc: new Date(notBefore) }),
    applicationProperties: {
      schemaVersion: message.schemaVersion,
      application: message.application,
      // The Functions host makes the worker's invocation a part of the trace that it finds under this name.
      ...(message.traceparent !== undefined && { 'Diagnostic-Id': message.traceparent }),
    },
  };
}

/** `newer`: of a version that this code doesn't know. Neither kind can be handled: both are poison. */
export type DecodedQueueMessage = { kind: 'message'; message: QueueMessage } | { kind: 'newer' | 'unreadable'; reason: string };

/** The body as the Functions library hands it over: parsed if it is JSON, else text or bytes. */
export function fromQueueMessage(body: unknown): DecodedQueueMessage {
  let value = body;
  if (body instanceof Uint8Array || typeof body === 'string') {
    try {
      value = JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'));
    } catch {
      return { kind: 'unreadable', reason: 'The body is not JSON' };
    }
  }
  if (typeof value !== 'object' || value === null) return { kind: 'unreadable', reason: 'The body is not a JSON object' };
  const { schemaVersion } = value as { schemaVersion?: unknown };
  if (typeof schemaVersion === 'number' && schemaVersion > QUEUE_MESSAGE_SCHEMA_VERSION)
    return {
      kind: 'newer',
      reason: `The queue message has schemaVersion ${schemaVersion}, this version knows ${QUEUE_MESSAGE_SCHEMA_VERSION}`,
    };
  const parsed = queueMessageSchema.safeParse(value);
  return parsed.success
    ? { kind: 'message', message: parsed.data }
    : { kind: 'unreadable', reason: `The body is not a queue message: ${z.prettifyError(parsed.error)}` };
}
