// The values of an item that filters, orders and expansions read.
import { flagsSeen } from '../faults/unsent.ts';
import { splitMessage } from '../mime/header-block.ts';
import { preview } from '../mime/html-to-text.ts';
import type { Switches } from '../options.ts';
import type { Item } from '../store/item.ts';
import { headerNameOf, wellKnownProperties } from '../validation/extended-properties.ts';
import type { Literal } from './parser.ts';

const date = (time: number): Literal => ({ date: Math.floor(time / 1000) * 1000 });

const readers: Readonly<Record<string, (item: Item) => Literal>> = {
  id: (item) => item.id,
  subject: (item) => item.subject,
  bodyPreview: (item) => preview(item.body),
  'body/content': (item) => item.body.content,
  conversationId: (item) => item.conversationId,
  internetMessageId: (item) => item.internetMessageId,
  isDraft: (item) => item.isDraft,
  isRead: (item) => item.isRead,
  hasAttachments: (item) => item.attachments.some(({ isInline }) => !isInline),
  isReadReceiptRequested: (item) => item.isReadReceiptRequested,
  isDeliveryReceiptRequested: (item) => item.isDeliveryReceiptRequested,
  importance: (item) => item.importance,
  inferenceClassification: (item) => item.inferenceClassification,
  parentFolderId: (item) => item.folderId,
  'flag/flagStatus': (item) => String(item.flag['flagStatus']),
  'from/emailAddress/address': (item) => item.from?.address ?? null,
  'from/emailAddress/name': (item) => item.from?.name ?? null,
  'sender/emailAddress/address': (item) => item.sender?.address ?? null,
  'sender/emailAddress/name': (item) => item.sender?.name ?? null,
  receivedDateTime: (item) => date(item.receivedDateTime),
  sentDateTime: (item) => date(item.sentDateTime),
  createdDateTime: (item) => date(item.createdDateTime),
  lastModifiedDateTime: (item) => date(item.lastModifiedDateTime),
};

export const readerFor = (path: string) => (Object.hasOwn(readers, path) ? readers[path] : undefined);

/** mfRead 1, mfUnsent 8, mfSubmitted 4, mfHasAttach 16, mfFromMe 32 (MS-OXCMSG 2.2.1.6). */
function messageFlags(item: Item): number {
  return (item.isRead ? 1 : 0) + (item.isDraft ? 8 : 0) + (item.submitted ? 4 : 0) + (item.attachments.length > 0 ? 16 : 0);
}

/** The value of an extended property, set by a caller or kept by Exchange itself. */
export function extendedValue(item: Item, id: string, switches: Switches): string | readonly string[] | undefined {
  if (id === wellKnownProperties.messageClass) return item.itemClass;
  if (id === wellKnownProperties.messageFlags)
    return switches.messageFlagsReadable ? flagsSeen(item, messageFlags(item))?.toString() : undefined;
  const stored = item.extendedProperties.get(id)?.value;
  if (stored !== undefined) return stored;
  if (id === wellKnownProperties.internetMessageId) return item.internetMessageId;
  if (id === wellKnownProperties.subject) return item.subject;
  if (id === wellKnownProperties.inReplyTo) return item.inReplyTo || undefined;
  if (id === wellKnownProperties.references) return item.references || undefined;
  if (id === wellKnownProperties.transportHeaders && item.mime !== null && item.received) {
    return splitMessage(item.mime)
      .fields.map(({ raw }) => raw)
      .join('');
  }
  const header = headerNameOf(id)?.toLowerCase();
  return header === undefined ? undefined : item.headers.find(({ name }) => name.toLowerCase() === header)?.value;
}
