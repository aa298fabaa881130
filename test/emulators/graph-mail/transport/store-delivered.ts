// Puts a delivered mail into a mailbox, in the conversation that it belongs to.

import { newConversationId, newInternetMessageId } from '../store/ids.ts';
import type { Item, MessageContent } from '../store/item.ts';
import type { Mailbox } from '../store/mailbox.ts';

/** The conversation of the mail that this one answers, if the mailbox has it. */
export function conversationFor(mailbox: Mailbox, content: MessageContent): string {
  const named = new Set([content.inReplyTo, ...content.references.split(/\s+/), content.internetMessageId].filter((id) => id !== ''));
  if (named.size > 0) {
    for (const item of mailbox.items.values()) if (named.has(item.internetMessageId)) return item.conversationId;
  }
  return newConversationId();
}

export function storeDelivered(
  mailbox: Mailbox,
  content: MessageContent,
  now: number,
  folderName = 'inbox',
  more: Partial<Item> = {},
): Item {
  const internetMessageId = content.internetMessageId || newInternetMessageId();
  const conversationId = conversationFor(mailbox, content);
  const folder = mailbox.folder(folderName) ?? mailbox.addFolder(folderName);
  return mailbox.add({ ...content, internetMessageId, conversationId, isRead: false, bccRecipients: [] }, folder.id, now, {
    received: true,
    ...more,
  });
}
