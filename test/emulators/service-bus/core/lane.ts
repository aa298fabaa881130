// Messages ready for delivery, lowest sequence number first, and the consumers that share them.
import type { Consumer } from './consumer.ts';
import { Heap } from './heap.ts';
import type { Message } from './message.ts';

export class Lane {
  readonly #ready = new Heap<Message>((a, b) => a.sequenceNumber < b.sequenceNumber);
  readonly #hand: (message: Message, consumer: Consumer) => void;
  readonly #consumers: Consumer[] = [];
  #count = 0;
  #next = 0;

  constructor(hand: (message: Message, consumer: Consumer) => void) {
    this.#hand = hand;
  }

  get count(): number {
    return this.#count;
  }

  add(message: Message): void {
    message.ready = true;
    this.#count++;
    this.#ready.push(message);
  }

  /** The heap keeps its entry and skips it later. */
  withdraw(message: Message): void {
    message.ready = false;
    this.#count--;
  }

  join(consumer: Consumer): void {
    this.#consumers.push(consumer);
  }

  leave(consumer: Consumer): void {
    const index = this.#consumers.indexOf(consumer);
    if (index >= 0) this.#consumers.splice(index, 1);
  }

  pump(): void {
    while (this.#count > 0) {
      const consumer = this.#consumerWithCredit();
      if (!consumer) return;
      const message = this.#ready.pop();
      if (!message?.ready) continue;
      this.withdraw(message);
      this.#hand(message, consumer);
    }
  }

  /** Competing consumers take turns. */
  #consumerWithCredit(): Consumer | undefined {
    const count = this.#consumers.length;
    for (let i = 0; i < count; i++) {
      const consumer = this.#consumers[(this.#next + i) % count]!;
      if (consumer.credit() <= 0) continue;
      this.#next = (this.#next + i + 1) % count;
      return consumer;
    }
    return undefined;
  }
}
