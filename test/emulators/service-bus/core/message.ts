// What the broker keeps of a message. The content is opaque to the core.
import type { Consumer } from './consumer.ts';
import type { Deadline } from './deadlines.ts';

export type MessageState = 'active' | 'deferred' | 'scheduled';

/** A changed application property: text, or a value that the wire layer has encoded (base64). */
type PropertyChange = string | { readonly encoded: string };
export type PropertyChanges = Readonly<Record<string, PropertyChange>>;

/** The sections of the message as they came over the wire. */
export interface MessageContent {
  readonly annotations: Uint8Array;
  readonly properties: Uint8Array;
  readonly applicationProperties: Uint8Array;
  readonly body: Uint8Array;
}

export interface IncomingMessage {
  readonly messageId: string;
  readonly sessionId: string | undefined;
  readonly partitionKey: string | undefined;
  /** Milliseconds; undefined: as long as the queue keeps messages. */
  readonly timeToLive: number | undefined;
  readonly scheduledFor: number | undefined;
  readonly content: MessageContent;
}

interface MessageLock {
  readonly token: string;
  until: number;
  readonly consumer: Consumer | undefined;
  deadline: Deadline | undefined;
}

export interface Message extends IncomingMessage {
  sequenceNumber: number;
  enqueuedAt: number;
  state: MessageState;
  /** Deliveries that ended without settlement: 0 on the first one. */
  deliveryCount: number;
  changes: PropertyChanges;
  lock: MessageLock | undefined;
  /** Waits in a lane for a consumer. */
  ready: boolean;
  /** Its activation or its expiry, whichever comes next. */
  deadline: Deadline | undefined;
}

/** A message as it is journaled and restored. */
export type MessageRecord = Omit<Message, 'lock' | 'ready' | 'deadline'>;

export function expiresAt(message: Message): number | undefined {
  return message.timeToLive === undefined || message.state === 'scheduled' ? undefined : message.enqueuedAt + message.timeToLive;
}
