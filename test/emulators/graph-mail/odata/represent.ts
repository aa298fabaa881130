// An item as Graph shows it: properties, selection, expansions.
import type { GraphRequest } from '../http/request.ts';
import { splitMessage } from '../mime/header-block.ts';
import { htmlToText, preview } from '../mime/html-to-text.ts';
import type { Switches } from '../options.ts';
import type { Attachment, EmailAddress, Item } from '../store/item.ts';
import type { Mailbox } from '../store/mailbox.ts';
import type { Expansion } from './query-options.ts';
import { extendedValue } from './values.ts';

export const isoDate = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** Changes with every change of the item, as Exchange's does. */
function changeKeyOf(item: Item): string {
  const bytes = Buffer.from('090000001600000000000000000000000000000000000000', 'hex');
  bytes.writeUInt32BE(item.key, 12);
  bytes.writeUInt32BE(item.version, 20);
  return bytes.toString('base64');
}
export const etagOf = (item: Item) => `W/"${changeKeyOf(item)}"`;

const recipient = ({ name, address }: EmailAddress) => ({ emailAddress: { name, address } });
const recipientOrNull = (value: EmailAddress | null) => (value === null ? null : recipient(value));

export interface View {
  readonly request: GraphRequest;
  readonly switches: Switches;
  readonly select: readonly string[] | null;
  readonly expand: Expansion;
}

export const noExpansion: Expansion = { attachments: false, single: [], multiple: [] };

export const idOf = (item: Item, request: GraphRequest) => (request.prefer.immutableIds ? item.immutableId : item.id);

export function showAttachment(attachment: Attachment, withContent = true): Record<string, unknown> {
  const { id, kind, name, contentType, isInline, lastModified, content, contentId } = attachment;
  return {
    '@odata.type': `#microsoft.graph.${kind}Attachment`,
    '@odata.mediaContentType': contentType,
    id,
    lastModifiedDateTime: isoDate(lastModified),
    name,
    contentType,
    size: content.length + 200,
    isInline,
    ...(kind === 'file' ? { contentId, contentLocation: null, ...(withContent ? { contentBytes: content.toString('base64') } : {}) } : {}),
  };
}

/** Received mail has all its headers; a draft those set on it; of sent mail they are reported as absent (microsoft-graph-docs#3066, #4436). */
function headersOf(item: Item) {
  if (item.received && item.mime !== null) return splitMessage(item.mime).fields.map(({ name, value }) => ({ name, value }));
  return item.isDraft ? item.headers : [];
}

function bodyOf(item: Item, request: GraphRequest) {
  if (!request.prefer.textBodies || item.body.contentType === 'text') return item.body;
  return { contentType: 'text', content: htmlToText(item.body.content) };
}

function properties(item: Item, { request }: View): Record<string, unknown> {
  return {
    createdDateTime: isoDate(item.createdDateTime),
    lastModifiedDateTime: isoDate(item.lastModifiedDateTime),
    changeKey: changeKeyOf(item),
    categories: item.categories,
    receivedDateTime: isoDate(item.receivedDateTime),
    sentDateTime: isoDate(item.sentDateTime),
    hasAttachments: item.attachments.some(({ isInline }) => !isInline),
    internetMessageId: item.internetMessageId,
    subject: item.subject,
    bodyPreview: preview(item.body),
    importance: item.importance,
    parentFolderId: item.folderId,
    conversationId: item.conversationId,
    conversationIndex: item.conversationIndex,
    isDeliveryReceiptRequested: item.isDeliveryReceiptRequested,
    isReadReceiptRequested: item.isReadReceiptRequested,
    isRead: item.isRead,
    isDraft: item.isDraft,
    webLink: `https://outlook.office365.com/owa/?ItemID=${encodeURIComponent(item.id)}&exvsurl=1&viewmodel=ReadMessageItem`,
    inferenceClassification: item.inferenceClassification,
    body: bodyOf(item, request),
    sender: recipientOrNull(item.sender),
    from: recipientOrNull(item.from),
    toRecipients: item.toRecipients.map(recipient),
    ccRecipients: item.ccRecipients.map(recipient),
    bccRecipients: item.bccRecipients.map(recipient),
    replyTo: item.replyTo.map(recipient),
    flag: item.flag,
  };
}

function expanded(item: Item, ids: readonly string[], switches: Switches, single: boolean) {
  return ids.flatMap((id) => {
    const value = extendedValue(item, id, switches);
    return value === undefined || (typeof value === 'string') !== single ? [] : [{ id, value }];
  });
}

export function showItem(item: Item, view: View): Record<string, unknown> {
  const { select, expand, switches, request } = view;
  const all = properties(item, view);
  const shown: Record<string, unknown> = { '@odata.etag': etagOf(item), id: idOf(item, request) };
  for (const [name, value] of Object.entries(all)) if (select === null || select.includes(name)) shown[name] = value;
  if (select?.includes('uniqueBody')) shown['uniqueBody'] = bodyOf(item, request);
  if (select?.includes('internetMessageHeaders')) {
    const headers = headersOf(item);
    if (headers.length > 0) shown['internetMessageHeaders'] = headers;
  }
  const single = expanded(item, expand.single, switches, true);
  if (single.length > 0) shown['singleValueExtendedProperties'] = single;
  const multiple = expanded(item, expand.multiple, switches, false);
  if (multiple.length > 0) shown['multiValueExtendedProperties'] = multiple;
  if (expand.attachments) shown['attachments'] = item.attachments.map((one) => showAttachment(one));
  return shown;
}

export function entityContext(request: GraphRequest, mailbox: Mailbox, path: string): string {
  return `${request.baseUrl}/v1.0/$metadata#users('${encodeURIComponent(mailbox.objectId)}')/${path}`;
}
