// The links of one connection on which $cbs and $management answer, and how a request finds its own.
import type { ReplyLink } from './reply-link.ts';
import type { RheaSession } from './rhea-internals.ts';

export interface Requester {
  /** The path of the node that was asked. */
  readonly node: string;
  readonly session: RheaSession;
  readonly replyTo: string | undefined;
}

export class ReplyLinks {
  readonly #links = new Set<ReplyLink>();

  add(link: ReplyLink): void {
    this.#links.add(link);
  }

  delete(link: ReplyLink): void {
    this.#links.delete(link);
  }

  /**
   * The node's link that the request names in reply-to, that of the request's own session first: Python gives all its links one name.
   * A request that names none is answered on the link that receives from the node in its session.
   */
  find({ node, session, replyTo }: Requester): ReplyLink | undefined {
    const links = [...this.#links].filter((link) => link.node === node).reverse();
    const named = links.filter((link) => replyTo !== undefined && link.names.includes(replyTo));
    return named.find((link) => link.session === session) ?? named[0] ?? links.find((link) => link.session === session);
  }
}
