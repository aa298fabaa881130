// What $management can be asked (Microsoft Learn, "AMQP 1.0 in Azure Service Bus: request-response-based operations").
import { BrokerError, conditions } from '../core/errors.ts';
import type { Message, PropertyChanges } from '../core/message.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Queue } from '../core/queue.ts';
import type { ClientConnection } from './client-connection.ts';
import { decodeMessage, encodeValue } from './decode-message.ts';
import { encodeLockedMessage, encodeMessage } from './encode-message.ts';
import { uuidBytes, uuidFromBytes } from './lock-token.ts';
import { OutgoingLink } from './outgoing-link.ts';
import { types } from './rhea-internals.ts';

type Body = Record<string, unknown>;
/** Returns the reply's body; undefined answers 204. */
type Operation = (queue: Queue, body: Body, connection: ClientConnection) => Body | undefined;

const TIMESTAMP = 0x83;
const LONG = 0x81;
/** A reply is one message: so many bytes of messages at most. */
const MAX_REPLY = 1_048_576;

export const operations: Readonly<Record<string, Operation>> = {
  'com.microsoft:renew-lock': (queue, body) => ({
    expirations: types.wrap_array(
      lockTokens(body).map((token) => queue.renewLock(token)),
      TIMESTAMP,
    ),
  }),

  'com.microsoft:schedule-message': (queue, body, connection) => {
    const incoming = list(body['messages']).map((entry) => decodeMessage(bytes((entry as Body)['message']), connection.now()));
    return { 'sequence-numbers': types.wrap_array(queue.send(incoming), LONG) };
  },

  'com.microsoft:cancel-scheduled-message': (queue, body) => {
    queue.cancelScheduled(numbers(body['sequence-numbers']));
    return {};
  },

  'com.microsoft:peek-message': (queue, body) => {
    const found = queue.peek(long(body['from-sequence-number']), Number(body['message-count']), optionalText(body['session-id']));
    if (found.length === 0) return undefined;
    const encoded: { message: Buffer }[] = [];
    let size = 0;
    for (const message of found) {
      const one = encodeMessage(
        body['omit-message-body'] === true ? { ...message, content: { ...message.content, body: EMPTY_BODY } } : message,
      );
      size += one.length;
      if (size > MAX_REPLY && encoded.length > 0) break;
      encoded.push({ message: one });
    }
    return { messages: encoded };
  },

  'com.microsoft:receive-by-sequence-number': (queue, body, connection) => {
    const sessionId = heldSession(queue, body, connection, false);
    const mode = Number(body['receiver-settle-mode']) === 0 ? 'receiveAndDelete' : 'peekLock';
    const found = queue.receiveDeferred(numbers(body['sequence-numbers']), mode, sessionId);
    return { messages: found.map(deferredEntry) };
  },

  'com.microsoft:update-disposition': (queue, body, connection) => {
    const sessionId = heldSession(queue, body, connection, false);
    const outcome = outcomeNamed(String(body['disposition-status']), body);
    for (const token of lockTokens(body)) queue.settle(token, outcome, sessionId);
    return {};
  },

  'com.microsoft:renew-session-lock': (queue, body, connection) => ({
    expiration: new Date(queue.renewSessionLock(heldSession(queue, body, connection)!)),
  }),

  'com.microsoft:set-session-state': (queue, body, connection) => {
    const state = body['session-state'];
    queue.setSessionState(heldSession(queue, body, connection)!, state ? Uint8Array.from(bytes(state)) : undefined);
    return {};
  },

  'com.microsoft:get-session-state': (queue, body, connection) => {
    const state = queue.sessionState(heldSession(queue, body, connection)!);
    return { 'session-state': state ? Buffer.from(state) : null };
  },

  'com.microsoft:get-message-sessions': (queue, body) => {
    const skip = Number(body['skip'] ?? 0);
    const ids = [...(queue.sessions?.all() ?? [])].map((session) => session.id).slice(skip, skip + Number(body['top'] ?? 100));
    return ids.length === 0 ? undefined : { skip: types.wrap_int(skip + ids.length), 'sessions-ids': ids };
  },
};

/** An empty data section: a message must have a body. */
const EMPTY_BODY = Buffer.from([0x00, 0x53, 0x75, 0xa0, 0x00]);

/** The session that the request names, if this connection holds it. */
function heldSession(queue: Queue, body: Body, connection: ClientConnection, required = true): string | undefined {
  const sessionId = optionalText(body['session-id']);
  if (!queue.sessions) {
    // Clients name the session of the message also if the queue has none, as in a dead-letter queue.
    if (required) throw new BrokerError(conditions.notAllowed, `The queue '${queue.name}' does not require sessions.`);
    return undefined;
  }
  if (sessionId === undefined) {
    if (required) throw new BrokerError(conditions.argument, 'The session-id is missing.');
    return undefined;
  }
  const holder = queue.sessions.locked(sessionId).consumer;
  if (holder instanceof OutgoingLink && holder.connection === connection) return sessionId;
  throw new BrokerError(conditions.sessionLockLost, `The session '${sessionId}' is not locked by this connection.`);
}

function deferredEntry(message: Message): Body {
  const token = message.lock ? { 'lock-token': types.wrap_uuid(uuidBytes(message.lock.token)) } : {};
  return { ...token, message: encodeLockedMessage(message) };
}

function outcomeNamed(status: string, body: Body): Outcome {
  const changes: PropertyChanges = Object.fromEntries(
    Object.entries((body['properties-to-modify'] ?? {}) as Body).map(([name, value]) => [name, { encoded: encodeValue(value) }]),
  );
  switch (status) {
    case 'completed':
      return { type: 'complete' };
    case 'abandoned':
      return { type: 'abandon', changes };
    // Spelled so on the wire.
    case 'defered':
      return { type: 'defer', changes };
    case 'suspended': {
      const reason = optionalText(body['deadletter-reason']);
      return { type: 'deadLetter', changes, reason, description: optionalText(body['deadletter-description']) };
    }
    default:
      throw new BrokerError(conditions.argument, `The disposition '${status}' is not supported.`);
  }
}

function lockTokens(body: Body): string[] {
  return list(body['lock-tokens']).map((token) => uuidFromBytes(bytes(token)));
}

function numbers(values: unknown): number[] {
  return list(values).map(long);
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new BrokerError(conditions.argument, 'A list is missing in the request.');
}

function bytes(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value;
  throw new BrokerError(conditions.argument, 'Bytes are missing in the request.');
}

/** rhea leaves longs beyond 2^53 as bytes. */
function long(value: unknown): number {
  return Buffer.isBuffer(value) ? Number(value.readBigInt64BE()) : Number(value);
}

function optionalText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
