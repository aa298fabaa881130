// The shape of a queue message, checked when it comes off the queue: it may be from another version, or not of our making at all.
import * as z from 'zod';
import type { Reservation } from '../../domain/limits/mailbox-usage.ts';
import { type Claim, EVIDENCES, type Recipient } from '../../domain/log/send-request.ts';
import { isSendRequestId } from '../../domain/log/send-request-id.ts';
import { OPERATIONS } from '../../domain/operations.ts';
import { type Known, QUEUE_MESSAGE_SCHEMA_VERSION, type QueueMessage } from '../../domain/submit/queue-message.ts';

const text = z.string();
const optionalText = z.string().exactOptional();
const count = z.number().int().min(0);
const format = z.enum(['json', 'mime', 'none']);
const dateTime = z.string().refine((value) => !Number.isNaN(Date.parse(value)), 'is not a date and time');

const claimCheck = z.object({ name: text.min(1), length: count });
const content = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('inline'), format, text }),
  z.object({ kind: z.literal('claimCheck'), format, claimCheck }),
]);

const recipient = z.object({
  address: text,
  type: z.enum(['to', 'cc', 'bcc']),
  action: z.enum(['failed', 'delayed', 'delivered', 'relayed', 'expanded']).exactOptional(),
  status: optionalText,
  diagnosticCode: optionalText,
  remoteMta: optionalText,
  disposition: optionalText,
  reportedDateTime: optionalText,
  evidence: z.enum(EVIDENCES).exactOptional(),
  replaces: optionalText,
  resentAs: optionalText,
}) satisfies z.ZodType<Recipient>;

const claim = z.object({
  nonce: text,
  startedDateTime: dateTime,
  callsUntil: dateTime,
  route: z.enum(['direct', 'draft']),
  draftId: optionalText,
  sendIssued: z.boolean().exactOptional(),
  assembled: z.boolean().exactOptional(),
}) satisfies z.ZodType<Claim>;

const doubt = z.object({ since: dateTime, graceUntil: dateTime });

const known = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('accepted'), nonce: text, dateTime }),
  z.object({ outcome: z.literal('unknown'), nonce: text, doubt, claim }),
  z.object({ outcome: z.literal('deferred'), nonce: text, dateTime, error: z.object({ code: text, message: text }).exactOptional() }),
]) satisfies z.ZodType<Known>;

const reservation = z.object({
  at: z.number(),
  accounts: z.record(text, count),
  minutes: z.array(text),
  tenantBucket: count.exactOptional(),
}) satisfies z.ZodType<Reservation>;

/** Names every property of a queue message: what it left out would be lost from one step to the next. */
const properties = {
  schemaVersion: z.literal(QUEUE_MESSAGE_SCHEMA_VERSION),
  id: z.string().refine(isSendRequestId, 'is not the id of a send request'),
  step: count,
  mailbox: text.min(1),
  lane: text.min(1),
  operation: z.enum(OPERATIONS),
  application: text,
  createdDateTime: dateTime,
  sendBefore: dateTime,
  notBefore: dateTime.exactOptional(),
  internetMessageId: text,
  callerSetMessageId: z.boolean().exactOptional(),
  subject: optionalText,
  from: optionalText,
  recipients: z.array(recipient),
  saveToSentItems: z.boolean(),
  targetMessageId: optionalText,
  clientRequestId: optionalText,
  contentHash: text,
  retryAttempt: count.exactOptional(),
  traceparent: optionalText,
  redirectedTo: optionalText,
  resendOf: optionalText,
  suppressionHold: z.boolean().exactOptional(),
  content,
  known: known.exactOptional(),
  attempts: count.exactOptional(),
  holds: count.exactOptional(),
  waits: count.exactOptional(),
  reservation: reservation.exactOptional(),
} satisfies Record<keyof QueueMessage, z.ZodType>;

export const queueMessageSchema = z.object(properties) satisfies z.ZodType<QueueMessage>;
