// The broker: queues by name, restored from a journal, on one clock.
import type { BrokerContext } from './broker-context.ts';
import { type Clock, systemClock } from './clock.ts';
import { Deadlines } from './deadlines.ts';
import { type Journal, type JournalRecord, noJournal } from './journal.ts';
import { Queue } from './queue.ts';
import { deadLetterProperties, type QueueProperties } from './queue-properties.ts';
import { Restoration } from './restoration.ts';

const DEAD_LETTER_SUFFIX = '/$deadletterqueue';

export interface BrokerOptions {
  readonly queues: Readonly<Record<string, QueueProperties>>;
  readonly clock?: Clock | undefined;
  readonly journal?: Journal | undefined;
  readonly restore?: Iterable<JournalRecord> | undefined;
  readonly countDroppedDeliveries?: boolean | undefined;
}

export class Broker {
  readonly clock: Clock;
  readonly #context: BrokerContext;
  readonly #queues = new Map<string, Queue>();

  constructor(options: BrokerOptions) {
    this.clock = options.clock ?? systemClock;
    const journal = options.journal ?? noJournal;
    this.#context = {
      clock: this.clock,
      deadlines: new Deadlines(this.clock, () => journal.commit()),
      journal,
      countDroppedDeliveries: options.countDroppedDeliveries ?? false,
    };
    for (const [name, properties] of Object.entries(options.queues)) this.#create(name, properties);
    if (options.restore) new Restoration(options.restore).into(this);
    journal.commit();
  }

  get countDroppedDeliveries(): boolean {
    return this.#context.countDroppedDeliveries;
  }

  set countDroppedDeliveries(value: boolean) {
    this.#context.countDroppedDeliveries = value;
  }

  /** Names are not case-sensitive; a dead-letter queue is `name/$deadletterqueue`. */
  queue(name: string): Queue | undefined {
    return this.#queues.get(name.toLowerCase());
  }

  queues(): IterableIterator<Queue> {
    return this.#queues.values();
  }

  close(): void {
    this.#context.deadlines.close();
  }

  #create(name: string, properties: QueueProperties): void {
    const deadLetterQueue = new Queue(name + DEAD_LETTER_SUFFIX, deadLetterProperties(properties), this.#context);
    const queue = new Queue(name, properties, this.#context, deadLetterQueue);
    for (const each of [queue, deadLetterQueue]) this.#queues.set(each.name.toLowerCase(), each);
  }
}
