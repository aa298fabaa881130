// How the server answers an attach: accepted, refused, or later.
import { BrokerError } from '../core/errors.ts';
import { MAX_MESSAGE_SIZE } from '../core/queue-properties.ts';
import type { AmqpError, AnyLink, ReceiverLink, SenderLink } from './rhea-internals.ts';
import { whole } from './whole-frames.ts';

/** Clients adopt the settle modes that the answer names, so each answer echoes them. */
function echoSettleModes(link: AnyLink): void {
  if (link.snd_settle_mode !== undefined) link.local.attach.snd_settle_mode = link.snd_settle_mode;
  if (link.rcv_settle_mode !== undefined) link.local.attach.rcv_settle_mode = link.rcv_settle_mode;
}

export function acceptLink(link: AnyLink): void {
  echoSettleModes(link);
  link.local.attach.source = link.source ? whole(link.source).described() : undefined;
  link.local.attach.target = link.target ? whole(link.target).described() : undefined;
  link.local.attach.max_message_size = MAX_MESSAGE_SIZE;
}

/** An attach without source and target, then the detach: an empty terminus would count as open (AMQP 1.0, part 2, section 2.6.3). */
export function refuseLink(link: AnyLink, error: unknown): void {
  echoSettleModes(link);
  link.local.attach.source = undefined;
  link.local.attach.target = undefined;
  link.open();
  link.close(amqpError(error));
}

/** All three fields, as Service Bus writes them: Python reads each by its place. */
export function amqpError(error: unknown): AmqpError {
  if (error instanceof BrokerError) return { condition: error.condition, description: error.message, info: null };
  throw error;
}

/** Takes back rhea's immediate answer; `open()` sends it later. */
export function postponeAnswer(link: SenderLink): void {
  link.state.local_open = false;
  link.state.open_requests--;
}

const CREDIT_WINDOW = 1000;

/** Grants credit with the attach and again when half is used. */
export function grantCredit(link: ReceiverLink): void {
  if (link.credit <= CREDIT_WINDOW / 2) link.flow(CREDIT_WINDOW - link.credit);
}
