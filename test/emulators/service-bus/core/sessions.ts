// The sessions of a queue: who holds which, who waits for one, which come next.
import { randomUUID } from 'node:crypto';
import type { BrokerContext } from './broker-context.ts';
import type { Consumer, Departure, SessionAttachment, SessionWaiter } from './consumer.ts';
import type { Counters } from './counters.ts';
import type { Deadline } from './deadlines.ts';
import { BrokerError, conditions } from './errors.ts';
import type { Message } from './message.ts';
import { Session } from './session.ts';

export interface SessionEvents {
  hand(message: Message, consumer: Consumer, session: Session): void;
  /** A locked message comes back because its session's lock ended. */
  release(message: Message, countsAsFailed: boolean): void;
  run<T>(operation: () => T): T;
}

export class Sessions {
  readonly #context: BrokerContext;
  readonly #lockDurationMs: number;
  readonly #counters: Counters;
  readonly #events: SessionEvents;
  readonly #sessions = new Map<string, Session>();
  /** Unlocked sessions with ready messages, in the order in which they became so. */
  readonly #available = new Set<Session>();
  readonly #waiters = new Map<SessionWaiter, Deadline>();

  constructor(context: BrokerContext, lockDurationMs: number, counters: Counters, events: SessionEvents) {
    this.#context = context;
    this.#lockDurationMs = lockDurationMs;
    this.#counters = counters;
    this.#events = events;
  }

  ready(message: Message): void {
    const session = this.#get(message.sessionId!);
    session.lane.add(message);
    if (session.consumer) session.lane.pump();
    else this.#offer(session);
  }

  withdraw(message: Message): void {
    const session = this.#get(message.sessionId!);
    session.lane.withdraw(message);
    if (session.lane.count === 0) this.#available.delete(session);
    this.#forgetIfEmpty(session);
  }

  accept(sessionId: string, consumer: Consumer): SessionAttachment {
    const session = this.#get(sessionId);
    if (session.consumer) {
      throw new BrokerError(
        conditions.sessionCannotBeLocked,
        `The requested session '${sessionId}' cannot be accepted. It may be locked by another receiver.`,
      );
    }
    return this.#lock(session, consumer);
  }

  /** Grants the next available session now or later; the returned function gives up waiting. */
  acceptNext(waiter: SessionWaiter): () => void {
    const next = this.#available.values().next().value;
    if (next) {
      waiter.granted(this.#lock(next, waiter.consumer));
      return () => {};
    }
    const deadline = this.#context.deadlines.at(this.#context.clock.now() + waiter.timeoutMs, () => {
      this.#waiters.delete(waiter);
      waiter.timedOut();
    });
    this.#waiters.set(waiter, deadline);
    return () => {
      this.#waiters.delete(waiter);
      deadline.cancel();
    };
  }

  /** The session, if it is locked; otherwise its lock is lost. */
  locked(sessionId: string | undefined): Session {
    const session = sessionId === undefined ? undefined : this.#sessions.get(sessionId);
    if (!session?.consumer) {
      throw new BrokerError(
        conditions.sessionLockLost,
        `The session lock has expired on the session '${sessionId}'. Accept a new session. TrackingId:${randomUUID()}`,
      );
    }
    return session;
  }

  renew(sessionId: string): number {
    const session = this.locked(sessionId);
    this.#counters.sessionLockRenewals++;
    this.#extend(session);
    return session.lockedUntil;
  }

  setState(sessionId: string, state: Uint8Array | undefined): void {
    this.#get(sessionId).state = state;
  }

  settled(message: Message): void {
    const session = this.#sessions.get(message.sessionId!);
    if (!session) return;
    session.lockedMessages.delete(message);
    this.#forgetIfEmpty(session);
  }

  all(): IterableIterator<Session> {
    return this.#sessions.values();
  }

  expireLocks(prefix: string): void {
    const chosen = [...this.#sessions.values()].filter(({ id }) => id.startsWith(prefix));
    for (const session of chosen) if (session.consumer) this.#expire(session);
  }

  #get(id: string): Session {
    let session = this.#sessions.get(id);
    if (!session) {
      const created: Session = new Session(id, (message, consumer) => this.#events.hand(message, consumer, created));
      this.#sessions.set(id, created);
      session = created;
    }
    return session;
  }

  #lock(session: Session, consumer: Consumer): SessionAttachment {
    this.#available.delete(session);
    this.#counters.sessionAccepts++;
    session.consumer = consumer;
    session.lane.join(consumer);
    this.#extend(session);
    return {
      sessionId: session.id,
      lockedUntil: session.lockedUntil,
      wake: () => this.#events.run(() => session.consumer === consumer && session.lane.pump()),
      detach: (how: Departure) =>
        this.#events.run(() => {
          if (session.consumer === consumer) this.#unlock(session, how === 'dropped' && this.#context.countDroppedDeliveries);
        }),
    };
  }

  #extend(session: Session): void {
    session.lockDeadline?.cancel();
    session.lockedUntil = this.#context.clock.now() + this.#lockDurationMs;
    session.lockDeadline = this.#context.deadlines.at(session.lockedUntil, () => this.#expire(session));
    for (const message of session.lockedMessages) message.lock!.until = session.lockedUntil;
  }

  #expire(session: Session): void {
    this.#counters.sessionLockExpirations++;
    const consumer = session.consumer!;
    this.#unlock(session, true);
    consumer.sessionLockLost();
  }

  #unlock(session: Session, countsAsFailed: boolean): void {
    session.lockDeadline?.cancel();
    session.lane.leave(session.consumer!);
    session.consumer = undefined;
    const locked = [...session.lockedMessages];
    session.lockedMessages.clear();
    // All are back in line before the next holder comes, or it would get them out of order.
    session.unlocking = true;
    for (const message of locked) this.#events.release(message, countsAsFailed);
    session.unlocking = false;
    this.#offer(session);
    this.#forgetIfEmpty(session);
  }

  #offer(session: Session): void {
    if (session.consumer || session.unlocking || session.lane.count === 0) return;
    this.#available.add(session);
    const [first] = this.#waiters;
    if (!first) return;
    const [waiter, deadline] = first;
    this.#waiters.delete(waiter);
    deadline.cancel();
    waiter.granted(this.#lock(this.#available.values().next().value!, waiter.consumer));
  }

  #forgetIfEmpty(session: Session): void {
    if (session.empty) this.#sessions.delete(session.id);
  }
}
