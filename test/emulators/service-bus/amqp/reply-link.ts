// A link on which answers of $cbs or $management go out, each when the client has credit for it.
import { CreditedLink } from './credited-link.ts';
import type { AmqpMessage, RheaSession, SenderLink } from './rhea-internals.ts';

export class ReplyLink {
  /** The path of the node that it receives from. */
  readonly node: string;
  readonly session: RheaSession;
  /** Requests name the link by its target or, at $cbs, by its name. */
  readonly names: readonly string[];
  readonly #out: CreditedLink;
  readonly #waiting: AmqpMessage[] = [];

  constructor(link: SenderLink, node: string) {
    this.node = node;
    this.session = link.session;
    this.names = [link.name, link.target?.address].filter((name): name is string => typeof name === 'string');
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
