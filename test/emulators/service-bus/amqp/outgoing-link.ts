// A link on which a client receives messages: hands them out by credit and takes their settlement.
import { randomUUID } from 'node:crypto';
import type { Attachment, Consumer } from '../core/consumer.ts';
import type { Message } from '../core/message.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Queue } from '../core/queue.ts';
import type { Faults } from '../faults.ts';
import { amqpError } from './attaches.ts';
import type { ClientConnection, Hold } from './client-connection.ts';
import { encodeMessage } from './encode-message.ts';
import { faulty } from './faulty.ts';
import { guidBytes } from './lock-token.ts';
import { outcomeOf } from './outcomes.ts';
import { type Composite, type Delivery, messages, type SenderLink } from './rhea-internals.ts';
import { drain } from './session-patches.ts';

export class OutgoingLink implements Consumer {
  readonly receiveMode: Consumer['receiveMode'];
  readonly connection: ClientConnection;
  readonly #link: SenderLink;
  readonly #queue: Queue;
  readonly #faults: Faults;
  readonly #lockTokens = new Map<Delivery, string>();
  #attachment: Attachment | undefined;
  #sessionId: string | undefined;
  #handed = 0;

  constructor(connection: ClientConnection, link: SenderLink, queue: Queue, faults: Faults) {
    this.connection = connection;
    this.#link = link;
    this.#queue = queue;
    this.#faults = faults;
    // Sender settled: the client wants messages without a lock.
    this.receiveMode = link.snd_settle_mode === 1 ? 'receiveAndDelete' : 'peekLock';
  }

  open(attachment: Attachment, sessionId?: string): void {
    this.#attachment = attachment;
    this.#sessionId = sessionId;
    const hold: Hold = { session: this.#link.session, release: (how) => attachment.detach(how) };
    if (!this.connection.hold(hold)) {
      attachment.detach('dropped');
      return;
    }
    this.#link.on('sender_flow', () => this.#flow());
    this.#link.on('sender_close', () => this.connection.letGo(hold, 'closed'));
    for (const outcome of ['accepted', 'rejected', 'released', 'modified']) {
      this.#link.on(outcome, ({ delivery }) => this.#settle(delivery!));
    }
  }

  credit(): number {
    // The sum stays the same while rhea writes; only what was handed to it counts.
    return this.#link.credit + this.#link.delivery_count - this.#handed;
  }

  deliver(message: Message): void {
    const fault = this.#faults.take('delivery', this.#queue.name);
    if (fault && fault.action !== 'dropAfter') {
      // Not at once: the queue is in the middle of handing out.
      setImmediate(() => this.connection.drop());
      return;
    }
    this.#handed++;
    const delivery = this.#link.send(encodeMessage(message), guidBytes(message.lock?.token ?? randomUUID()), 0);
    if (message.lock) this.#lockTokens.set(delivery, message.lock.token);
    else delivery.settled = true;
    if (fault) this.connection.drop(true);
  }

  sessionLockLost(): void {
    this.#link.close({
      condition: 'com.microsoft:session-lock-lost',
      description: `The session lock has expired on the session '${this.#sessionId}'. Accept a new session.`,
    });
  }

  #flow(): void {
    this.#attachment!.wake();
    if (!this.#link._draining) return;
    drain(this.#link, {
      handed: () => this.#handed,
      drained: () => {
        this.#handed = this.#link.delivery_count;
      },
    });
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
    // The client settles in its own books only; without this rhea would wait for its disposition for ever.
    delivery.remote_settled = true;
  }
}
