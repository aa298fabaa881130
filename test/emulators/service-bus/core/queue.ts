// A queue: what can be asked of it, each operation whole. No I/O; time comes from the context.

import { checkArrival } from './arrival-checks.ts';
import type { BrokerContext } from './broker-context.ts';
import type { Attachment, Consumer, SessionAttachment, SessionWaiter } from './consumer.ts';
import { newCounters } from './counters.ts';
import { DuplicateHistory } from './duplicate-history.ts';
import { BrokerError, conditions } from './errors.ts';
import { Lane } from './lane.ts';
import type { IncomingMessage, Message } from './message.ts';
import { type Lanes, MessageLife } from './message-life.ts';
import { MessageStore } from './message-store.ts';
import type { Outcome } from './outcome.ts';
import type { QueueProperties } from './queue-properties.ts';
import { Sessions } from './sessions.ts';

export class Queue {
  readonly name: string;
  readonly properties: QueueProperties;
  readonly counters = newCounters();
  readonly store = new MessageStore();
  readonly history: DuplicateHistory | undefined;
  readonly sessions: Sessions | undefined;
  /** Undefined for a dead-letter queue. */
  readonly deadLetterQueue: Queue | undefined;
  readonly life: MessageLife;
  readonly #context: BrokerContext;
  readonly #lane = new Lane((message, consumer) => this.#hand(message, consumer));

  constructor(name: string, properties: QueueProperties, context: BrokerContext, deadLetterQueue?: Queue) {
    this.name = name;
    this.properties = properties;
    this.#context = context;
    this.deadLetterQueue = deadLetterQueue;
    this.history = properties.requiresDuplicateDetection ? new DuplicateHistory(properties.duplicateDetectionWindowMs) : undefined;
    this.sessions = properties.requiresSession ? this.#newSessions() : undefined;
    this.life = new MessageLife({
      queue: name,
      properties,
      context,
      counters: this.counters,
      store: this.store,
      history: this.history,
      lanes: this.sessions ?? this.#singleLane(),
      deadLetter: deadLetterQueue && ((message, changes) => deadLetterQueue.#takeDeadLetter(message, changes)),
    });
  }

  /** Takes all or none; returns the sequence numbers. A duplicate is accepted and dropped. */
  send(messages: readonly IncomingMessage[]): number[] {
    return this.run(() => {
      for (const message of messages) checkArrival(message, this.properties);
      return messages.map((message) => this.life.arrive(message));
    });
  }

  cancelScheduled(sequenceNumbers: readonly number[]): void {
    this.run(() => {
      for (const message of this.#find(sequenceNumbers, (candidate) => candidate.state === 'scheduled')) {
        this.life.remove(message);
        this.counters.cancelled++;
      }
    });
  }

  peek(from: number, count: number, sessionId?: string): Message[] {
    return this.run(() => {
      const found: Message[] = [];
      for (const message of this.store.inOrder()) {
        if (found.length >= count) break;
        if (message.sequenceNumber >= from && (sessionId === undefined || message.sessionId === sessionId)) found.push(message);
      }
      this.counters.peeks += found.length;
      return found;
    });
  }

  attach(consumer: Consumer): Attachment {
    if (this.sessions) {
      throw new BrokerError(
        conditions.notAllowed,
        'It is not possible for an entity that requires sessions to create a non-sessionful message receiver.',
      );
    }
    this.#lane.join(consumer);
    return {
      wake: () => this.run(() => this.#lane.pump()),
      // What it holds stays locked until it is settled through $management or the lock expires.
      detach: () => this.#lane.leave(consumer),
    };
  }

  acceptSession(sessionId: string, consumer: Consumer): SessionAttachment {
    return this.run(() => this.#sessionful().accept(sessionId, consumer));
  }

  acceptNextSession(waiter: SessionWaiter): () => void {
    return this.run(() => this.#sessionful().acceptNext(waiter));
  }

  receiveDeferred(sequenceNumbers: readonly number[], mode: Consumer['receiveMode'], sessionId?: string): Message[] {
    return this.run(() => {
      const session = this.sessions?.locked(sessionId);
      const mine = (m: Message) => m.state === 'deferred' && !m.lock && (!session || m.sessionId === session.id);
      const found = this.#find(sequenceNumbers, mine);
      for (const message of found) {
        this.life.take(message, mode, session?.consumer, session?.lockedUntil);
        if (message.lock) session?.lockedMessages.add(message);
      }
      return found;
    });
  }

  settle(lockToken: string, outcome: Outcome, sessionId?: string): void {
    this.run(() => {
      const message = this.#locked(lockToken, sessionId);
      if (outcome.type === 'complete') {
        this.counters.completes++;
        this.life.remove(message);
      } else if (outcome.type === 'deadLetter') {
        this.life.deadLetter(message, outcome.reason, outcome.description, outcome.changes);
      } else if (outcome.type === 'release') {
        this.life.release(message, false);
      } else {
        message.changes = { ...message.changes, ...outcome.changes };
        if (outcome.type === 'defer') message.state = 'deferred';
        this.counters[outcome.type === 'defer' ? 'deferrals' : 'abandons']++;
        this.life.release(message, outcome.type === 'abandon');
      }
    });
  }

  renewLock(lockToken: string): number {
    return this.run(() => {
      const message = this.#locked(lockToken);
      if (this.sessions) throw new BrokerError(conditions.notAllowed, 'The lock of a session message is renewed with its session.');
      this.counters.lockRenewals++;
      this.life.extendLock(message);
      return message.lock!.until;
    });
  }

  renewSessionLock(sessionId: string): number {
    return this.run(() => this.#sessionful().renew(sessionId));
  }

  sessionState(sessionId: string): Uint8Array | undefined {
    return this.run(() => this.#sessionful().locked(sessionId).state);
  }

  setSessionState(sessionId: string, state: Uint8Array | undefined): void {
    this.run(() => {
      this.#sessionful().locked(sessionId);
      this.#sessionful().setState(sessionId, state);
      this.#context.journal.write({ op: 'sessionState', queue: this.name, sessionId, state });
    });
  }

  /** Ends all locks, or those of the sessions whose id begins so, as if their time had come. */
  expireLocks(sessionPrefix = ''): void {
    this.run(() => {
      this.sessions?.expireLocks(sessionPrefix);
      const chosen = [...this.life.locks.values()].filter(({ sessionId }) => (sessionId ?? '').startsWith(sessionPrefix));
      for (const message of chosen) this.life.expireLock(message);
    });
  }

  /** One operation: what is due comes first; what changed is durable before the caller goes on. */
  run<T>(operation: () => T): T {
    this.#context.deadlines.runDue();
    try {
      return operation();
    } finally {
      this.#context.journal.commit();
    }
  }

  #hand(message: Message, consumer: Consumer, sessionLockedUntil?: number): void {
    this.life.take(message, consumer.receiveMode, consumer, sessionLockedUntil);
    consumer.deliver(message);
  }

  #singleLane(): Lanes {
    return {
      ready: (message) => {
        this.#lane.add(message);
        this.#lane.pump();
      },
      withdraw: (message) => this.#lane.withdraw(message),
      settled: () => {},
    };
  }

  #newSessions(): Sessions {
    return new Sessions(this.#context, this.properties.lockDurationMs, this.counters, {
      hand: (message, consumer, session) => {
        this.#hand(message, consumer, session.lockedUntil);
        if (message.lock) session.lockedMessages.add(message);
      },
      release: (message, countsAsFailed) => this.life.release(message, countsAsFailed),
      run: (operation) => this.run(operation),
    });
  }

  #takeDeadLetter(message: Message, changes: Message['changes']): void {
    const { lock, ready, deadline, ...record } = message;
    // Lifetime does not count in a dead-letter queue.
    this.life.admit({ ...record, state: 'active', changes, timeToLive: undefined });
  }

  #sessionful(): Sessions {
    if (!this.sessions) throw new BrokerError(conditions.notAllowed, `The queue '${this.name}' does not require sessions.`);
    return this.sessions;
  }

  #locked(lockToken: string, sessionId?: string): Message {
    const message = this.life.locks.get(lockToken);
    if (message) return message;
    if (this.sessions && sessionId !== undefined) this.sessions.locked(sessionId);
    throw new BrokerError(
      conditions.messageLockLost,
      'The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.',
    );
  }

  #find(sequenceNumbers: readonly number[], fits: (message: Message) => boolean): Message[] {
    return sequenceNumbers.map((number) => {
      const message = this.store.get(number);
      if (message && fits(message)) return message;
      throw new BrokerError(conditions.messageNotFound, `Failed to find the message with sequence number ${number}.`);
    });
  }
}
