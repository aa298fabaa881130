// If a mail goes out with another From than its mailbox, the From mailbox is watched too, because reports on the mail go there.
import { canonicalMailbox } from '../../domain/address/mailbox-name.ts';
import type { Delivery } from './delivery.ts';

/** Throws StoreUnavailable. */
export async function watchFrom({ context, record: { mailbox } }: Delivery, from: string | undefined): Promise<void> {
  const watched = from && canonicalMailbox(from);
  if (watched && watched !== mailbox) await context.registry.touch(watched, mailbox);
}
