// Routes each attach to what its address names: the token node, a queue, or a queue's management node.
import type { Broker } from '../core/broker.ts';
import { BrokerError, conditions } from '../core/errors.ts';
import type { Queue } from '../core/queue.ts';
import type { Faults } from '../faults.ts';
import { type Address, parseAddress } from './address.ts';
import { acceptLink, refuseLink } from './attaches.ts';
import { handleTokenRequest } from './cbs-node.ts';
import type { ClientConnection } from './client-connection.ts';
import { faultError } from './faulty.ts';
import { openIncomingLink } from './incoming-link.ts';
import { handleManagementRequest } from './management-node.ts';
import { OutgoingLink } from './outgoing-link.ts';
import { sendReplies, takeRequests } from './request-node.ts';
import type { AnyLink, ReceiverLink, SenderLink } from './rhea-internals.ts';
import { pathOf } from './rights.ts';
import type { SharedKey } from './sas-token.ts';
import { openSessionLink, sessionFilterOf } from './session-link.ts';
import { asksForTransactions, noTransactions } from './transactions.ts';

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
      if (asksForTransactions(link)) throw noTransactions();
      if (address.node === 'cbs') {
        return takeRequests(connection, link, '$cbs', (request) => handleTokenRequest(connection, request, this.#key));
      }
      const queue = this.#authorizedQueue(connection, link.target!.address!, address);
      if (address.node === 'management') {
        return takeRequests(connection, link, pathOf(link.target!.address!), (request) =>
          handleManagementRequest(connection, request, queue, this.#faults),
        );
      }
      if (!queue.deadLetterQueue) throw new BrokerError(conditions.notAllowed, 'A dead-letter queue takes no messages from clients.');
      openIncomingLink(connection, link, queue, this.#faults);
    });
  }

  /** A client wants to receive. */
  openSender(connection: ClientConnection, link: SenderLink): void {
    this.#orRefuse(link, () => {
      const address = parseAddress(link.source?.address ?? '');
      if (address.node === 'cbs') return sendReplies(connection, link, '$cbs');
      const queue = this.#authorizedQueue(connection, link.source!.address!, address);
      if (address.node === 'management') return sendReplies(connection, link, pathOf(link.source!.address!));
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

  #orRefuse(link: AnyLink, open: () => void): void {
    try {
      open();
    } catch (error) {
      refuseLink(link, error);
    }
  }
}
