// What happens to the content once a request is settled: the claim check goes, and what may be sent again is kept for a while.
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import type { Context } from '../context.ts';

/** The bytes of the content, or undefined where the blob is gone. Throws StoreUnavailable where the store is out of reach. */
export async function loadContent(context: Pick<Context, 'contents'>, message: QueueMessage): Promise<Uint8Array | undefined> {
  const { content } = message;
  if (content.kind === 'claimCheck') return context.contents.get(content.claimCheck);
  return Buffer.from(content.text, content.format === 'mime' ? 'base64' : 'utf8');
}

/** Keeps the content where `resend` finds it. Comes before the final event, so that a terminal request has its content. */
export async function keepForResend(context: Context, message: QueueMessage): Promise<void> {
  const bytes = await loadContent(context, message);
  if (bytes) await context.contents.keep(message.id, bytes);
}

/** Removes the claim check of a settled request. What can't be removed now is removed by the container's lifecycle rule. */
export async function releaseContent(context: Context, message: QueueMessage): Promise<void> {
  if (message.content.kind !== 'claimCheck') return;
  await context.contents.remove(message.content.claimCheck).catch(() => undefined);
}
