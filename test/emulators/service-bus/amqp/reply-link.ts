// A link on which answers of $cbs or $management go out, each when the client has credit for it.
import { CreditedLink } from './credited-link.ts';
import type { AmqpMessage, SenderLink } from './rhea-internals.ts';

export class ReplyLink {
  readonly #out: CreditedLink;
  readonly #waiting: AmqpMessage[] = [];

  constructor(link: SenderLink) {
    this.#out = new CreditedLink(link);
    this.#out.onCredit(() => this.#flush());
  }

  send(answer: AmqpMessage): void {
    this.#waiting.push(answer);
    this.#flush();
  }

  #flush(): void {
    while (this.#out.link.is_open() && this.#waiting.length > 0 && this.#out.credit() > 0) {
      this.#out.send(this.#waiting.shift()!).settled = true;
    }
  }
}
