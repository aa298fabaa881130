// From the wire to the core: what the broker must know of a message, and its sections as they came.
import { randomUUID } from 'node:crypto';
import { BrokerError, conditions } from '../core/errors.ts';
import type { IncomingMessage } from '../core/message.ts';
import { uuidFromBytes } from './lock-token.ts';
import { type AmqpMessage, messages, types } from './rhea-internals.ts';
import { dataOf, type Section, sectionCodes, splitSections } from './sections.ts';
import { readTyped, section, writeTyped } from './sections-typed.ts';

/** Service Bus's own format: data sections that each hold a whole message. */
const BATCH_FORMAT = 0x80013700;

export function decodeTransfer(raw: Buffer, format: number, now: number): IncomingMessage[] {
  if (format !== BATCH_FORMAT) return [decodeMessage(raw, now)];
  return splitSections(raw)
    .filter((part) => part.code === sectionCodes.data)
    .map((part) => decodeMessage(dataOf(part), now));
}

export function decodeMessage(raw: Buffer, now: number): IncomingMessage {
  try {
    return decode(raw, now);
  } catch (error) {
    if (error instanceof BrokerError) throw error;
    // rhea's reader runs over the end of what is cut off.
    throw new BrokerError(conditions.decode, `The message cannot be decoded: ${(error as Error).message}`);
  }
}

function decode(raw: Buffer, now: number): IncomingMessage {
  const parts = splitSections(raw);
  const head = messages.decode(
    Buffer.concat(parts.filter((part) => part.code <= sectionCodes.applicationProperties).map((part) => part.bytes)),
  );
  const messageId = head.message_id === undefined ? randomUUID().replaceAll('-', '') : idText(head.message_id);
  const properties = bytesOf(parts, sectionCodes.properties);
  return {
    messageId,
    sessionId: head.group_id,
    partitionKey: annotation(head, 'x-opt-partition-key') as string | undefined,
    timeToLive: head.ttl ?? (head.absolute_expiry_time && Math.max(head.absolute_expiry_time.getTime() - now, 0)),
    scheduledFor: timeOf(annotation(head, 'x-opt-scheduled-enqueue-time')),
    content: {
      annotations: bytesOf(parts, sectionCodes.messageAnnotations),
      // Clients can't settle a received message without an id, so each gets one.
      properties: head.message_id === undefined ? withMessageId(properties, messageId) : properties,
      applicationProperties: bytesOf(parts, sectionCodes.applicationProperties),
      body: Buffer.concat(parts.filter((part) => part.code >= sectionCodes.data).map((part) => part.bytes)),
    },
  };
}

/** Copied: a slice would keep the socket's whole chunk alive. */
function bytesOf(parts: readonly Section[], code: number): Buffer {
  return Buffer.from(parts.find((part) => part.code === code)?.bytes ?? []);
}

function annotation(head: AmqpMessage, name: string): unknown {
  return head.message_annotations?.[name] ?? undefined;
}

function timeOf(value: unknown): number | undefined {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'number' ? value : undefined;
}

/** Message ids may be text, a number, a uuid or binary (AMQP 1.0, part 3, section 3.2.11). */
function idText(id: unknown): string {
  if (!Buffer.isBuffer(id)) return String(id);
  return id.length === 16 ? uuidFromBytes(id) : id.toString('hex');
}

function withMessageId(properties: Buffer, messageId: string): Buffer {
  if (properties.length === 0) return section(sectionCodes.properties, types.List32([types.wrap_string(messageId)]));
  const list = readTyped(properties);
  // rhea shares one array between all empty lists: never change a decoded one.
  const [, ...others] = list.value;
  return section(sectionCodes.properties, types.List32([types.wrap_string(messageId), ...others]));
}

export const encodeValue = (value: unknown): string => writeTyped(types.wrap(value)).toString('base64');
