// The one way in which $cbs and $management take requests and answer them (AMQP Management 1.0, draft, section 3.2).
import { BrokerError, conditions } from '../core/errors.ts';
import { acceptLink, amqpError, grantCredit } from './attaches.ts';
import type { ClientConnection } from './client-connection.ts';
import { ReplyLink } from './reply-link.ts';
import { type AmqpMessage, messages, type ReceiverLink, type SenderLink, type Typed } from './rhea-internals.ts';
import { sectionCodes, splitSections } from './sections.ts';
import { readTyped } from './sections-typed.ts';
import { rawBytesOf } from './session-patches.ts';

export interface Request {
  readonly message: AmqpMessage;
  answer(properties: Record<string, unknown>, body?: unknown): void;
}

/** A client wants to ask the node. A request that can't be answered is refused before anything is done. */
export function takeRequests(connection: ClientConnection, link: ReceiverLink, node: string, handle: (request: Request) => void): void {
  acceptLink(link);
  grantCredit(link);
  link.on('message', ({ message: content, delivery }) => {
    grantCredit(link);
    const message = content as AmqpMessage;
    const replies = connection.replyLinks.find({ node, session: link.session, replyTo: message.reply_to });
    if (!replies) {
      delivery!.update(true, messages.rejected({ error: amqpError(unanswerable(node, message.reply_to)) }).described());
      return;
    }
    delivery!.update(true, messages.accepted().described());
    const correlation = correlationOf(rawBytesOf(link));
    const answer = (properties: Record<string, unknown>, body?: unknown) =>
      replies.send({ ...correlation, application_properties: properties, body: body ?? null });
    handle({ message, answer });
  });
}

/** A client wants to receive the node's answers. */
export function sendReplies(connection: ClientConnection, link: SenderLink, node: string): void {
  acceptLink(link);
  const replies = new ReplyLink(link, node);
  connection.replyLinks.add(replies);
  link.on('sender_close', () => connection.replyLinks.delete(replies));
}

/** The request's message-id with its own AMQP type: rhea would make a uuid of all that is binary. */
function correlationOf(raw: Buffer): { correlation_id?: Typed } {
  const properties = splitSections(raw).find((part) => part.code === sectionCodes.properties);
  const id = properties && readTyped(properties.bytes).value[0];
  return id === undefined || id.value === null ? {} : { correlation_id: id };
}

function unanswerable(node: string, replyTo: string | undefined): BrokerError {
  const named = replyTo === undefined ? 'It has no reply-to' : `No link from '${node}' has the reply-to '${replyTo}' as its name or target`;
  return new BrokerError(
    conditions.notAllowed,
    `The request cannot be answered. ${named}, and no link of its session receives from '${node}'. Attach such a link first.`,
  );
}
