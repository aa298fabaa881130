// From the core to the wire: the broker's header and annotations in front of the sender's own sections.
import type { Message, MessageState, PropertyChanges } from '../core/message.ts';
import { uuidBytes } from './lock-token.ts';
import { messages, type Typed, types } from './rhea-internals.ts';
import { sectionCodes } from './sections.ts';
import { readPairs, readTyped, writePairs, writeTyped } from './sections-typed.ts';

const MAX_UINT = 2 ** 32 - 1;
const stateCodes: Record<MessageState, number> = { active: 0, deferred: 1, scheduled: 2 };

export function encodeMessage(message: Message): Buffer {
  return encode(message, NONE);
}

/** As $management gives a deferred message out: it has no delivery tag, so the lock token comes as a delivery annotation (read by Go, Python). */
export function encodeLockedMessage(message: Message): Buffer {
  if (!message.lock) return encodeMessage(message);
  const token = types.wrap_uuid(uuidBytes(message.lock.token));
  return encode(message, writePairs(sectionCodes.deliveryAnnotations, new Map([[LOCK_TOKEN, [types.wrap_symbol(LOCK_TOKEN), token]]])));
}

const LOCK_TOKEN = 'x-opt-lock-token';
const NONE = Buffer.alloc(0);

function encode(message: Message, deliveryAnnotations: Buffer): Buffer {
  const { properties, body } = message.content;
  return Buffer.concat([header(message), deliveryAnnotations, annotations(message), properties, applicationProperties(message), body]);
}

function header(message: Message): Buffer {
  const ttl = message.timeToLive !== undefined && message.timeToLive <= MAX_UINT ? { ttl: message.timeToLive } : {};
  return writeTyped(messages.header({ durable: true, ...ttl, delivery_count: message.deliveryCount }).described());
}

function annotations(message: Message): Buffer {
  const pairs = readPairs(message.content.annotations);
  const set = (name: string, value: Typed) => pairs.set(name, [types.wrap_symbol(name), value]);
  set('x-opt-enqueued-time', types.wrap_timestamp(message.enqueuedAt));
  set('x-opt-sequence-number', types.wrap_long(message.sequenceNumber));
  set('x-opt-enqueue-sequence-number', types.wrap_long(message.sequenceNumber));
  set('x-opt-message-state', types.wrap_int(stateCodes[message.state]));
  if (message.lock) set('x-opt-locked-until', types.wrap_timestamp(message.lock.until));
  return writePairs(sectionCodes.messageAnnotations, pairs);
}

function applicationProperties(message: Message): Uint8Array {
  const changes: [string, PropertyChanges[string]][] = Object.entries(message.changes);
  if (changes.length === 0) return message.content.applicationProperties;
  const pairs = readPairs(message.content.applicationProperties);
  for (const [name, change] of changes) {
    const value = typeof change === 'string' ? types.wrap_string(change) : readTyped(Buffer.from(change.encoded, 'base64'));
    pairs.set(name, [types.wrap_string(name), value]);
  }
  return writePairs(sectionCodes.applicationProperties, pairs);
}
