// Rebuilds the queues from journal records: what was there when the last process ended.
import type { Broker } from './broker.ts';
import type { JournalRecord } from './journal.ts';
import type { MessageRecord } from './message.ts';

interface Kept {
  message: MessageRecord;
  locked: boolean;
}

export class Restoration {
  readonly #messages = new Map<string, Kept>();
  readonly #others: JournalRecord[] = [];
  readonly #last = new Map<string, number>();

  constructor(records: Iterable<JournalRecord>) {
    for (const record of records) this.#replay(record);
  }

  /** Locks do not outlive the process; whether such a delivery counts as failed is the broker's switch. */
  into(broker: Broker, countLocked: boolean): void {
    for (const [queue, last] of this.#last) {
      const life = broker.queue(queue)?.life;
      if (life) life.lastSequenceNumber = Math.max(life.lastSequenceNumber, last);
    }
    for (const record of this.#others) {
      const queue = broker.queue(record.queue);
      if (record.op === 'seen') queue?.history?.add(record.messageId, record.at);
      if (record.op === 'sessionState') queue?.sessions?.setState(record.sessionId, record.state);
    }
    for (const [key, { message, locked }] of this.#messages) {
      const queue = broker.queue(key.slice(0, key.lastIndexOf(' ')));
      queue?.run(() => queue.life.restore(message, locked && countLocked));
    }
  }

  #replay(record: JournalRecord): void {
    if (record.op === 'put') {
      this.#messages.set(`${record.queue} ${record.message.sequenceNumber}`, { message: record.message, locked: false });
      this.#number(record.queue, record.message.sequenceNumber);
    } else if (record.op === 'remove') {
      this.#messages.delete(`${record.queue} ${record.sequenceNumber}`);
    } else if (record.op === 'patch') {
      const kept = this.#messages.get(`${record.queue} ${record.sequenceNumber}`);
      if (!kept) return;
      const { state, deliveryCount, changes, locked } = record;
      kept.message = { ...kept.message, state, deliveryCount, changes };
      kept.locked = locked;
    } else if (record.op === 'sequence') {
      this.#number(record.queue, record.last);
    } else {
      this.#others.push(record);
    }
  }

  #number(queue: string, sequenceNumber: number): void {
    this.#last.set(queue, Math.max(this.#last.get(queue) ?? 0, sequenceNumber));
  }
}
