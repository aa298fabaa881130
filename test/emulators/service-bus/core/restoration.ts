// Replays journal records: what was there when the last process ended, as queues or as fewer records.
import type { Broker } from './broker.ts';
import type { JournalRecord } from './journal.ts';
import type { MessageRecord } from './message.ts';

interface Kept {
  readonly queue: string;
  readonly message: MessageRecord;
  readonly locked: boolean;
}

/** Azure's longest duplicate detection window. */
const LONGEST_WINDOW_MS = 7 * 86_400_000;

export class Restoration {
  readonly #messages = new Map<string, Kept>();
  readonly #seen = new Map<string, JournalRecord & { op: 'seen' }>();
  readonly #sessionStates = new Map<string, JournalRecord & { op: 'sessionState' }>();
  readonly #lastNumbers = new Map<string, number>();

  constructor(records: Iterable<JournalRecord>) {
    for (const record of records) this.#replay(record);
  }

  /** Locks do not outlive the process; whether such a delivery counts as failed is the broker's switch. */
  into(broker: Broker): void {
    for (const [name, last] of this.#lastNumbers) {
      const life = broker.queue(name)?.life;
      if (life) life.lastSequenceNumber = last;
    }
    for (const { queue, messageId, at } of this.#seen.values()) broker.queue(queue)?.history?.add(messageId, at);
    for (const { queue, sessionId, state } of this.#sessionStates.values()) broker.queue(queue)?.sessions?.setState(sessionId, state);
    for (const { queue: name, message, locked } of this.#messages.values()) {
      const queue = broker.queue(name);
      queue?.run(() => queue.life.restore(message, locked && broker.countDroppedDeliveries));
    }
  }

  /** The same state in as few records as it takes. */
  *records(): Generator<JournalRecord> {
    for (const [queue, last] of this.#lastNumbers) yield { op: 'sequence', queue, last };
    const newest = [...this.#seen.values()].reduce((latest, { at }) => Math.max(latest, at), 0);
    for (const record of this.#seen.values()) if (newest - record.at < LONGEST_WINDOW_MS) yield record;
    yield* this.#sessionStates.values();
    for (const { queue, message, locked } of this.#messages.values()) {
      yield { op: 'put', queue, message };
      const { sequenceNumber, state, deliveryCount, changes } = message;
      if (locked) yield { op: 'patch', queue, sequenceNumber, state, deliveryCount, changes, locked };
    }
  }

  #replay(record: JournalRecord): void {
    const { op, queue } = record;
    if (op === 'put') {
      this.#messages.set(`${queue} ${record.message.sequenceNumber}`, { queue, message: record.message, locked: false });
      this.#number(queue, record.message.sequenceNumber);
    } else if (op === 'remove') {
      this.#messages.delete(`${queue} ${record.sequenceNumber}`);
    } else if (op === 'patch') {
      const kept = this.#messages.get(`${queue} ${record.sequenceNumber}`);
      if (!kept) return;
      const { state, deliveryCount, changes, locked } = record;
      this.#messages.set(`${queue} ${record.sequenceNumber}`, {
        queue,
        message: { ...kept.message, state, deliveryCount, changes },
        locked,
      });
    } else if (op === 'seen') {
      // Re-inserted, so that the order stays that of the sightings.
      this.#seen.delete(`${queue} ${record.messageId}`);
      this.#seen.set(`${queue} ${record.messageId}`, record);
    } else if (op === 'sessionState') {
      this.#sessionStates.set(`${queue} ${record.sessionId}`, record);
    } else {
      this.#number(queue, record.last);
    }
  }

  #number(queue: string, sequenceNumber: number): void {
    this.#lastNumbers.set(queue, Math.max(this.#lastNumbers.get(queue) ?? 0, sequenceNumber));
  }
}
