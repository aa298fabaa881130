// Where mail goes out with another From than its mailbox, that one is watched too: reports on it go there.
import { canonicalMailbox } from '../../domain/accept/mailbox-name.ts';
import type { Context } from '../context.ts';

/** Throws StoreUnavailable where the registry is out of reach. */
export async function watchFrom(context: Pick<Context, 'registry'>, mailbox: string, from: string | undefined): Promise<void> {
  const watched = from && canonicalMailbox(from);
  if (watched && watched !== mailbox) await context.registry.touch(watched, mailbox);
}
