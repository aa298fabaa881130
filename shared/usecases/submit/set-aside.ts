// Poison: a queue message that the worker cannot handle is put aside with its reason, so that the lane goes on.
import type { Context } from '../context.ts';
import type { Delivery } from './delivery.ts';

/** Throws StoreUnavailable. */
export async function setAside({ context, message }: Delivery, reason: string): Promise<void> {
  await context.contents.setAside(`${message.id}-${message.step}`, message, reason);
  context.telemetry.event('poisonSetAside', { sendRequestId: message.id, mailbox: message.mailbox, reason });
}

/** A queue message that is not ours, or of an unknown version. Throws StoreUnavailable: it then comes again. */
export async function setAsideUnknown(context: Context, name: string, body: unknown, reason: string): Promise<void> {
  await context.contents.setAside(name, body, reason);
  context.telemetry.event('poisonSetAside', { reason });
}
