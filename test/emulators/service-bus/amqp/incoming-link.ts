// A link on which a client sends messages to a queue.

import { BrokerError, conditions } from '../core/errors.ts';
import type { Queue } from '../core/queue.ts';
import { MAX_MESSAGE_SIZE } from '../core/queue-properties.ts';
import type { Faults } from '../faults.ts';
import { acceptLink, amqpError, grantCredit } from './attaches.ts';
import type { ClientConnection } from './client-connection.ts';
import { decodeTransfer } from './decode-message.ts';
import { faulty } from './faulty.ts';
import { type Delivery, messages, type ReceiverLink } from './rhea-internals.ts';
import { rawBytesOf } from './session-patches.ts';

export function openIncomingLink(connection: ClientConnection, link: ReceiverLink, queue: Queue, faults: Faults): void {
  acceptLink(link);
  grantCredit(link);
  link.on('message', ({ delivery }) => {
    grantCredit(link);
    faulty(faults.take('send', queue.name), connection, {
      apply: () => take(rawBytesOf(link), delivery!, queue, connection.now()),
      answer: () => delivery!.update(true, messages.accepted().described()),
      refuse: (error) => delivery!.update(true, messages.rejected({ error: amqpError(error) }).described()),
      forget: () => {
        delivery!.settled = true;
      },
    });
  });
}

function take(raw: Buffer, delivery: Delivery, queue: Queue, now: number): void {
  if (raw.length > MAX_MESSAGE_SIZE) {
    throw new BrokerError(
      conditions.messageTooLarge,
      `The received message (delivery-id:${delivery.id}, size:${raw.length} bytes) exceeds the limit (${MAX_MESSAGE_SIZE} bytes) currently allowed on the link.`,
    );
  }
  queue.send(decodeTransfer(raw, delivery.format, now));
}
