// One client's connection: its rights, its links, and what is left to do when it goes.
import type { Socket } from 'node:net';
import type { Departure } from '../core/consumer.ts';
import { ReplyLinks } from './reply-links.ts';
import type { RheaConnection, RheaSession } from './rhea-internals.ts';
import type { Rights } from './rights.ts';

/** A link's own cleaning up. Kept here because rhea forgets links whose attach is unanswered before it tells. */
export interface Hold {
  readonly session: RheaSession;
  release(how: Departure): void;
}

export class ClientConnection {
  readonly amqp: RheaConnection;
  readonly rights: Rights;
  /** The broker's time. */
  readonly now: () => number;
  readonly replyLinks = new ReplyLinks();
  readonly #socket: Socket;
  readonly #holds = new Set<Hold>();
  #gone = false;

  constructor(amqp: RheaConnection, socket: Socket, rights: Rights, now: () => number) {
    this.now = now;
    this.amqp = amqp;
    this.#socket = socket;
    this.rights = rights;
  }

  /** False once the connection has gone: nothing may be held for it then. */
  hold(hold: Hold): boolean {
    if (this.#gone) return false;
    this.#holds.add(hold);
    return true;
  }

  letGo(hold: Hold, how: Departure): void {
    if (this.#holds.delete(hold)) hold.release(how);
  }

  sessionEnded(session: RheaSession): void {
    for (const hold of [...this.#holds]) if (hold.session === session) this.letGo(hold, 'closed');
  }

  gone(how: Departure): void {
    this.#gone = true;
    for (const hold of [...this.#holds]) this.letGo(hold, how);
  }

  /** Cuts the connection; what has been written still reaches the client if `flush`. */
  drop(flush = false): void {
    if (flush) {
      setImmediate(() => this.#socket.destroySoon());
    } else {
      this.#socket.destroy();
      this.gone('dropped');
    }
  }
}
