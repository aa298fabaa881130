// The life of each message of one queue: arrival, activation, lock, release, expiry, end.
import { randomUUID } from 'node:crypto';
import type { BrokerContext } from './broker-context.ts';
import type { Consumer } from './consumer.ts';
import type { Counters } from './counters.ts';
import type { DuplicateHistory } from './duplicate-history.ts';
import { expiresAt, type IncomingMessage, type Message, type MessageRecord, type PropertyChanges } from './message.ts';
import type { MessageStore } from './message-store.ts';
import type { QueueProperties } from './queue-properties.ts';

/** Where ready messages wait: the queue's lane or its sessions. */
export interface Lanes {
  ready(message: Message): void;
  withdraw(message: Message): void;
  settled(message: Message): void;
}

export interface LifeParts {
  readonly queue: string;
  readonly properties: QueueProperties;
  readonly context: BrokerContext;
  readonly counters: Counters;
  readonly store: MessageStore;
  readonly history: DuplicateHistory | undefined;
  readonly lanes: Lanes;
  /** Undefined if messages are not dead-lettered further. */
  readonly deadLetter: ((message: Message, changes: PropertyChanges) => void) | undefined;
}

export class MessageLife {
  readonly locks = new Map<string, Message>();
  lastSequenceNumber = 0;
  readonly #parts: LifeParts;

  constructor(parts: LifeParts) {
    this.#parts = parts;
  }

  arrive(incoming: IncomingMessage): number {
    const { context, counters, history, properties, queue } = this.#parts;
    const now = context.clock.now();
    counters.sends++;
    if (incoming.scheduledFor !== undefined) counters.scheduled++;
    if (history?.has(incoming.messageId, now)) {
      counters.duplicatesDropped++;
      return ++this.lastSequenceNumber;
    }
    if (history) {
      history.add(incoming.messageId, now);
      context.journal.write({ op: 'seen', queue, messageId: incoming.messageId, at: now });
    }
    const timeToLive = Math.min(incoming.timeToLive ?? Number.POSITIVE_INFINITY, properties.defaultTimeToLiveMs);
    return this.admit({
      ...incoming,
      timeToLive: Number.isFinite(timeToLive) ? timeToLive : undefined,
      sequenceNumber: ++this.lastSequenceNumber,
      enqueuedAt: now,
      state: incoming.scheduledFor !== undefined && incoming.scheduledFor > now ? 'scheduled' : 'active',
      deliveryCount: 0,
      changes: {},
    });
  }

  admit(record: MessageRecord): number {
    this.#parts.context.journal.write({ op: 'put', queue: this.#parts.queue, message: record });
    this.restore(record);
    return record.sequenceNumber;
  }

  restore(record: MessageRecord, lastDeliveryFailed = false): void {
    const message: Message = { ...record, lock: undefined, ready: false, deadline: undefined };
    this.lastSequenceNumber = Math.max(this.lastSequenceNumber, message.sequenceNumber);
    this.#parts.store.add(message);
    if (lastDeliveryFailed) this.#return(message, true);
    else this.#settleIn(message);
  }

  /** Hands a message to a consumer: under a lock, or for good. */
  take(message: Message, mode: Consumer['receiveMode'], consumer: Consumer | undefined, sessionLockedUntil?: number): void {
    this.#parts.counters.deliveries++;
    if (mode === 'receiveAndDelete') {
      this.remove(message);
      return;
    }
    message.lock = { token: randomUUID(), until: 0, consumer, deadline: undefined };
    this.locks.set(message.lock.token, message);
    if (sessionLockedUntil === undefined) this.extendLock(message);
    else message.lock.until = sessionLockedUntil;
    this.#patch(message);
  }

  extendLock(message: Message): void {
    const lock = message.lock!;
    const { clock, deadlines } = this.#parts.context;
    lock.deadline?.cancel();
    lock.until = clock.now() + this.#parts.properties.lockDurationMs;
    lock.deadline = deadlines.at(lock.until, () => this.expireLock(message));
  }

  expireLock(message: Message): void {
    this.#parts.counters.lockExpirations++;
    this.release(message, true);
  }

  /** The message goes back to where it was, unless it has failed too often or outlived its time. */
  release(message: Message, countsAsFailed: boolean): void {
    this.#unlock(message);
    this.#return(message, countsAsFailed);
  }

  #return(message: Message, countsAsFailed: boolean): void {
    if (countsAsFailed) message.deliveryCount++;
    if (message.deliveryCount >= this.#parts.properties.maxDeliveryCount) {
      const count = this.#parts.properties.maxDeliveryCount;
      this.deadLetter(message, 'MaxDeliveryCountExceeded', `Message could not be consumed after ${count} delivery attempts.`);
      return;
    }
    this.#patch(message);
    this.#settleIn(message);
  }

  deadLetter(message: Message, reason?: string, description?: string, changes?: PropertyChanges): void {
    this.remove(message);
    this.#parts.counters.deadLetters++;
    this.#parts.deadLetter?.(message, {
      ...message.changes,
      ...changes,
      ...(reason === undefined ? {} : { DeadLetterReason: reason }),
      ...(description === undefined ? {} : { DeadLetterErrorDescription: description }),
    });
  }

  remove(message: Message): void {
    if (message.lock) this.#unlock(message);
    if (message.ready) this.#parts.lanes.withdraw(message);
    message.deadline?.cancel();
    this.#parts.store.remove(message);
    this.#parts.context.journal.write({ op: 'remove', queue: this.#parts.queue, sequenceNumber: message.sequenceNumber });
  }

  #unlock(message: Message): void {
    message.lock!.deadline?.cancel();
    this.locks.delete(message.lock!.token);
    message.lock = undefined;
    this.#parts.lanes.settled(message);
  }

  /** Arms the message's next deadline and, when it is active, lines it up for delivery. */
  #settleIn(message: Message): void {
    const { clock, deadlines } = this.#parts.context;
    message.deadline?.cancel();
    if (message.state === 'scheduled') {
      message.deadline = deadlines.at(message.scheduledFor!, () => this.#activate(message));
      return;
    }
    const expiry = expiresAt(message);
    if (expiry !== undefined && expiry <= clock.now()) {
      this.#expire(message);
      return;
    }
    if (expiry !== undefined) message.deadline = deadlines.at(expiry, () => this.#expire(message));
    if (message.state === 'active') this.#parts.lanes.ready(message);
  }

  /** A scheduled message gets a new sequence number when its time comes. */
  #activate(message: Message): void {
    const { lock, ready, deadline, ...record } = message;
    this.remove(message);
    this.admit({ ...record, sequenceNumber: ++this.lastSequenceNumber, enqueuedAt: this.#parts.context.clock.now(), state: 'active' });
  }

  #expire(message: Message): void {
    // A lock protects from expiry; the release comes back to it.
    if (message.lock) return;
    this.#parts.counters.expirations++;
    if (!this.#parts.properties.deadLetteringOnMessageExpiration) this.remove(message);
    else this.deadLetter(message, 'TTLExpiredException', 'The message expired and was dead lettered.');
  }

  #patch(message: Message): void {
    const { sequenceNumber, state, deliveryCount, changes } = message;
    const locked = message.lock !== undefined;
    this.#parts.context.journal.write({ op: 'patch', queue: this.#parts.queue, sequenceNumber, state, deliveryCount, changes, locked });
  }
}
