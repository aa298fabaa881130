// All messages of a queue by sequence number, iterable in their order.
import type { Message } from './message.ts';

export class MessageStore {
  #messages = new Map<number, Message>();
  #highest = 0;
  #sorted = true;

  get size(): number {
    return this.#messages.size;
  }

  add(message: Message): void {
    // A dead-letter queue gets its messages in the order of their failure, not of their numbers.
    if (message.sequenceNumber < this.#highest) this.#sorted = false;
    this.#highest = Math.max(this.#highest, message.sequenceNumber);
    this.#messages.set(message.sequenceNumber, message);
  }

  get(sequenceNumber: number): Message | undefined {
    return this.#messages.get(sequenceNumber);
  }

  remove(message: Message): void {
    this.#messages.delete(message.sequenceNumber);
  }

  *inOrder(): IterableIterator<Message> {
    if (!this.#sorted) {
      this.#messages = new Map([...this.#messages].sort(([a], [b]) => a - b));
      this.#sorted = true;
    }
    yield* this.#messages.values();
  }
}
