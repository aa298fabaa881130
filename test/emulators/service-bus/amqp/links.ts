// Routes each attach to what its address names: the token node, a queue, or a queue's management node.
import type { Broker } from '../core/broker.ts';
import { BrokerError, conditions } from '../core/errors.ts';
import type { Queue } from '../core/queue.ts';
import type { Faults } from '../faults.ts';
import { type Address, parseAddress } from './address.ts';
import { acceptLink, grantCredit, refuseLink } from './attaches.ts';
import { handleTokenRequest } from './cbs-node.ts';
import type { ClientConnection } from './client-connection.ts';
import { faultError } from './faulty.ts';
import { openIncomingLink } from './incoming-link.ts';
import { handleManagementRequest } from './management-node.ts';
import { OutgoingLink } from './outgoing-link.ts';
import { ReplyLink } from './reply-link.ts';
import { type AmqpMessage, type AnyLink, messages, type ReceiverLink, type SenderLink } from './rhea-internals.ts';
import type { SharedKey } from './sas-token.ts';
import { openSessionLink, sessionFilterOf } from './session-link.ts';

export class Links {
  readonly #broker: Broker;
  readonly #faults: Faults;
  readonly #key: SharedKey;

  constructor(broker: Broker, faults: Faults, key: SharedKey) {
    this.#broker = broker;
    this.#faults = faults;
    this.#key = key;
  }

  /** A client wants to send. */
  openReceiver(connection: ClientConnection, link: ReceiverLink): void {
    this.#orRefuse(link, () => {
      const address = parseAddress(link.target?.address ?? '');
      if (address.node === 'cbs') {
        return this.#takeRequests(link, (request) => handleTokenRequest(connection, request, this.#key));
      }
      const queue = this.#authorizedQueue(connection, link.target!.address!, address);
      if (address.node === 'management') {
        return this.#takeRequests(link, (request) => handleManagementRequest(connection, request, queue, this.#faults));
      }
      if (!queue.deadLetterQueue) throw new BrokerError(conditions.notAllowed, 'A dead-letter queue takes no messages from clients.');
      openIncomingLink(connection, link, queue, this.#faults);
    });
  }

  /** A client wants to receive. */
  openSender(connection: ClientConnection, link: SenderLink): void {
    this.#orRefuse(link, () => {
      const address = parseAddress(link.source?.address ?? '');
      if (address.node === 'cbs') return this.#registerReplies(connection, link);
      const queue = this.#authorizedQueue(connection, link.source!.address!, address);
      if (address.node === 'management') return this.#registerReplies(connection, link);
      this.#openReceiving(connection, link, queue);
    });
  }

  #openReceiving(connection: ClientConnection, link: SenderLink, queue: Queue): void {
    const consumer = new OutgoingLink(connection, link, queue, this.#faults);
    const sessionId = sessionFilterOf(link);
    if (sessionId !== undefined) {
      openSessionLink(consumer, link, queue, sessionId);
      return;
    }
    const attachment = queue.attach(consumer);
    acceptLink(link);
    consumer.open(attachment);
  }

  #authorizedQueue(connection: ClientConnection, path: string, address: Exclude<Address, { node: 'cbs' }>): Queue {
    const fault = this.#faults.take('attach', address.queue);
    if (fault?.action === 'error') throw faultError(fault);
    if (fault) setImmediate(() => connection.drop());
    if (!connection.rights.allows(path)) {
      throw new BrokerError(conditions.unauthorized, `Unauthorized access. 'Send' or 'Listen' claims are required for '${path}'.`);
    }
    const queue = this.#broker.queue(address.queue);
    if (queue) return queue;
    throw new BrokerError(
      conditions.notFound,
      `The messaging entity 'sb://localhost/${address.queue}' could not be found. To know more visit https://aka.ms/sbResourceMgrExceptions.`,
    );
  }

  #takeRequests(link: ReceiverLink, handle: (request: AmqpMessage) => void): void {
    acceptLink(link);
    grantCredit(link);
    link.on('message', ({ message, delivery }) => {
      grantCredit(link);
      delivery!.update(true, messages.accepted().described());
      handle(message as AmqpMessage);
    });
  }

  /** Requests name the link by its target or, at $cbs, by its name. */
  #registerReplies(connection: ClientConnection, link: SenderLink): void {
    acceptLink(link);
    const names = [link.name, link.target?.address].filter((name): name is string => typeof name === 'string');
    const replies = new ReplyLink(link);
    for (const name of names) connection.replyLinks.set(name, replies);
    link.on('sender_close', () => {
      for (const name of names) if (connection.replyLinks.get(name) === replies) connection.replyLinks.delete(name);
    });
  }

  #orRefuse(link: AnyLink, open: () => void): void {
    try {
      open();
    } catch (error) {
      refuseLink(link, error);
    }
  }
}
