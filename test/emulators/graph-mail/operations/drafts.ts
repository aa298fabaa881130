// Making drafts: what Exchange fills in when an item is created, and who may be in its From.
import { errors } from '../http/errors.ts';
import { readMime } from '../mime/read.ts';
import { newConversationId, newConversationIndex, newInternetMessageId } from '../store/ids.ts';
import type { EmailAddress, Item, MessageContent } from '../store/item.ts';
import type { Mailbox } from '../store/mailbox.ts';
import { conversationFor } from '../transport/store-delivered.ts';
import type { Json } from '../validation/check.ts';
import { withoutLargeDataImages } from '../validation/data-images.ts';
import { readMessage } from '../validation/message.ts';
import type { Call } from './call.ts';

export const ownAddress = (mailbox: Mailbox): EmailAddress => ({ name: mailbox.displayName, address: mailbox.address });

/** A full mailbox takes no draft: step 1 of a Graph mail fails. */
export function checkRoom({ state, mailbox }: Call, size: number): void {
  if (mailbox.state === 'full') throw errors.mailboxFull(state.switches.quotaStatus);
  if (size > state.switches.messageSizeLimit) throw errors.messageTooLarge();
}

export const sizeOf = (content: MessageContent) =>
  (content.mime?.length ?? content.body.content.length) + content.attachments.reduce((sum, one) => sum + one.content.length, 0);

export function addDraft(call: Call, content: MessageContent, folderName = 'drafts'): Item {
  const { mailbox, state } = call;
  checkRoom(call, sizeOf(content));
  const now = state.clock.now();
  const from = content.from ?? ownAddress(mailbox);
  const folder = mailbox.folder(folderName) ?? mailbox.wellKnown('drafts');
  const complete: MessageContent = {
    ...content,
    from,
    sender: content.sender ?? from,
    internetMessageId: content.internetMessageId || newInternetMessageId(),
    conversationId: content.conversationId || (content.inReplyTo === '' ? newConversationId() : conversationFor(mailbox, content)),
    conversationIndex: content.conversationIndex || newConversationIndex(now),
  };
  return mailbox.add(complete, folder.id, now, { isDraft: true });
}

export function contentFromJson({ state }: Call, json: Json): MessageContent {
  const content = readMessage(json, state.clock.now());
  return state.switches.dropsLargeDataImages ? withoutLargeDataImages(content) : content;
}

export function contentFromMime({ state }: Call, mime: Buffer): Promise<MessageContent> {
  return readMime(mime, state.clock.now());
}
