// Hands out no more than the client's credit allows. rhea counts credit only when it writes a transfer, and one
// transfer without credit would hold up everything behind it in its session.
import type { AmqpMessage, Delivery, SenderLink } from './rhea-internals.ts';
import { drain } from './session-patches.ts';

export class CreditedLink {
  readonly link: SenderLink;
  #handed = 0;

  constructor(link: SenderLink) {
    this.link = link;
  }

  credit(): number {
    // The sum stays the same while rhea writes; only what was handed to it counts.
    return this.link.credit + this.link.delivery_count - this.#handed;
  }

  send(message: AmqpMessage | Buffer, tag?: Buffer, format?: number): Delivery {
    this.#handed++;
    return this.link.send(message, tag, format);
  }

  /** Calls back when the client has sent credit, and then answers if it wants the rest back. */
  onCredit(use: () => void): void {
    this.link.on('sender_flow', () => {
      use();
      if (!this.link._draining) return;
      drain(this.link, {
        handed: () => this.#handed,
        drained: () => {
          this.#handed = this.link.delivery_count;
        },
      });
    });
  }
}
