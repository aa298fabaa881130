// How the control API shows what the emulator holds.
import { isoDate } from '../odata/represent.ts';
import type { Item } from '../store/item.ts';
import type { Mailbox } from '../store/mailbox.ts';
import type { TransportRecord } from '../transport/journal.ts';

export function showMailbox(mailbox: Mailbox) {
  const { objectId, address, aliases, displayName, state, sendAs, sendOnBehalf } = mailbox;
  const folders = [...mailbox.folders.values()].map((folder) => ({
    id: folder.id,
    name: folder.wellKnownName ?? folder.displayName,
    displayName: folder.displayName,
    items: mailbox.itemsIn(folder.id).length,
  }));
  return { objectId, address, aliases, displayName, state, sendAs, sendOnBehalf, folders };
}

export function showMail(mailbox: Mailbox, item: Item) {
  const folder = mailbox.folders.get(item.folderId);
  return {
    key: item.key,
    id: item.id,
    immutableId: item.immutableId,
    folder: folder?.wellKnownName ?? folder?.displayName ?? '',
    itemClass: item.itemClass,
    subject: item.subject,
    from: item.from?.address ?? null,
    to: item.toRecipients.map(({ address }) => address),
    cc: item.ccRecipients.map(({ address }) => address),
    bcc: item.bccRecipients.map(({ address }) => address),
    internetMessageId: item.internetMessageId,
    isDraft: item.isDraft,
    isRead: item.isRead,
    submitted: item.submitted,
    createdDateTime: isoDate(item.createdDateTime),
    receivedDateTime: isoDate(item.receivedDateTime),
    properties: Object.fromEntries([...item.extendedProperties.values()].map(({ id, value }) => [id, value])),
    attachments: item.attachments.map(({ name, content }) => ({ name, size: content.length })),
  };
}

/** One record per mail handed on; its bytes only when asked for. */
export function showDelivery(record: TransportRecord, withMime: boolean) {
  const { mime, takenDateTime, handedOnDateTime, ...rest } = record;
  return {
    ...rest,
    takenDateTime: new Date(takenDateTime).toISOString(),
    handedOnDateTime: new Date(handedOnDateTime).toISOString(),
    size: mime.length,
    ...(withMime ? { mime: mime.toString('base64') } : {}),
  };
}
