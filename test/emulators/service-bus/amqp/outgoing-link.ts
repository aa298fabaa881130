// A link on which a client receives messages: hands them out by credit and takes their settlement.
import { randomUUID } from 'node:crypto';
import type { Attachment, Consumer } from '../core/consumer.ts';
import { BrokerError, conditions } from '../core/errors.ts';
import type { Message } from '../core/message.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Queue } from '../core/queue.ts';
import type { Faults } from '../faults.ts';
import { amqpError } from './attaches.ts';
import type { ClientConnection, Hold } from './client-connection.ts';
import { CreditedLink } from './credited-link.ts';
import { encodeMessage } from './encode-message.ts';
import { faulty } from './faulty.ts';
import { guidBytes } from './lock-token.ts';
import { outcomeOf } from './outcomes.ts';
import { type Composite, type Delivery, messages, type SenderLink } from './rhea-internals.ts';

export class OutgoingLink implements Consumer {
  readonly receiveMode: Consumer['receiveMode'];
  readonly connection: ClientConnection;
  readonly #out: CreditedLink;
  readonly #queue: Queue;
  readonly #faults: Faults;
  readonly #lockTokens = new Map<Delivery, string>();
  #sessionId: string | undefined;

  constructor(connection: ClientConnection, link: SenderLink, queue: Queue, faults: Faults) {
    this.connection = connection;
    this.#out = new CreditedLink(link);
    this.#queue = queue;
    this.#faults = faults;
    // Sender settled: the client wants messages without a lock.
    this.receiveMode = link.snd_settle_mode === 1 ? 'receiveAndDelete' : 'peekLock';
  }

  open(attachment: Attachment, sessionId?: string): void {
    this.#sessionId = sessionId;
    const { link } = this.#out;
    const hold: Hold = { session: link.session, release: (how) => attachment.detach(how) };
    if (!this.connection.hold(hold)) {
      attachment.detach('dropped');
      return;
    }
    this.#out.onCredit(() => attachment.wake());
    link.on('sender_close', () => this.connection.letGo(hold, 'closed'));
    for (const outcome of ['accepted', 'rejected', 'released', 'modified']) {
      link.on(outcome, ({ delivery }) => this.#settle(delivery!));
    }
  }

  credit(): number {
    return this.#out.credit();
  }

  deliver(message: Message): void {
    const fault = this.#faults.take('delivery', this.#queue.name);
    if (fault && fault.action !== 'dropAfter') {
      // Not at once: the queue is in the middle of handing out.
      setImmediate(() => this.connection.drop());
      return;
    }
    const delivery = this.#out.send(encodeMessage(message), guidBytes(message.lock?.token ?? randomUUID()), 0);
    if (message.lock) this.#lockTokens.set(delivery, message.lock.token);
    else delivery.settled = true;
    if (fault) this.connection.drop(true);
  }

  sessionLockLost(): void {
    const description = `The session lock has expired on the session '${this.#sessionId}'. Accept a new session.`;
    this.#out.link.close(amqpError(new BrokerError(conditions.sessionLockLost, description)));
  }

  #settle(delivery: Delivery): void {
    const lockToken = this.#lockTokens.get(delivery);
    if (lockToken === undefined) return;
    this.#lockTokens.delete(delivery);
    const outcome: Outcome = outcomeOf(delivery.remote_state!);
    faulty(this.#faults.take('disposition', this.#queue.name), this.connection, {
      apply: () => this.#queue.settle(lockToken, outcome, this.#sessionId),
      // A bare outcome: a rejection with an error would say that the settlement itself was refused.
      answer: () => this.#answer(delivery, outcome),
      refuse: (error) => this.#finish(delivery, messages.rejected({ error: amqpError(error) })),
      forget: () => this.#forget(delivery),
    });
  }

  #answer(delivery: Delivery, outcome: Outcome): void {
    if (outcome.type === 'complete') this.#finish(delivery, messages.accepted());
    else if (outcome.type === 'deadLetter') this.#finish(delivery, messages.rejected({}));
    else if (outcome.type === 'release') this.#finish(delivery, messages.released());
    else this.#finish(delivery, messages.modified({ undeliverable_here: outcome.type === 'defer' }));
  }

  #finish(delivery: Delivery, state: Composite): void {
    delivery.update(true, state.described());
    this.#forget(delivery);
  }

  /** The client settles in its own books only; without this rhea would keep the delivery for ever. */
  #forget(delivery: Delivery): void {
    delivery.settled = true;
    delivery.remote_settled = true;
  }
}
