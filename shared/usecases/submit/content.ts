// The content of a send request: inline in the queue message or in Blob Storage, and what becomes of it at the end.
import type { Delivery } from './delivery.ts';

/** Whose content: any delivery, or the enqueuer's queue message. */
type Owner = Pick<Delivery, 'context' | 'message'>;

/** The bytes of the content, or undefined if the blob is gone. Throws StoreUnavailable. */
export async function loadContent({ context, message: { content } }: Owner): Promise<Uint8Array | undefined> {
  if (content.kind === 'claimCheck') return context.contents.get(content.claimCheck);
  return Buffer.from(content.text, content.format === 'mime' ? 'base64' : 'utf8');
}

/** Copies the content to where `resend` finds it. Throws StoreUnavailable. */
export async function keepForResend(owner: Owner): Promise<void> {
  const bytes = await loadContent(owner);
  if (bytes) await owner.context.contents.keep(owner.message.id, bytes);
}

/** Removes the claim check of a settled request. If it cannot be removed now, the container's lifecycle rule removes it. */
export async function releaseContent({ context, message: { content } }: Owner): Promise<void> {
  if (content.kind !== 'claimCheck') return;
  await context.contents.remove(content.claimCheck).catch(() => undefined);
}
