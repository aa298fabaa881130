// From an item made of JSON to MIME, as Exchange's transport converts it.
import MailComposer, { type MailComposerAttachment, type MailComposerOptions } from 'nodemailer/lib/mail-composer';
import type { Attachment, EmailAddress, MessageContent } from '../store/item.ts';
import { headerNameOf, wellKnownProperties } from '../validation/extended-properties.ts';
import { readMessage } from '../validation/message.ts';
import { htmlToText } from './html-to-text.ts';

const address = ({ name, address: mail }: EmailAddress) => ({ name: name === mail ? '' : name, address: mail });
const addresses = (list: readonly EmailAddress[]) => list.map(address);

function extendedText(content: MessageContent, id: string): string {
  const value = content.extendedProperties.get(id)?.value;
  return typeof value === 'string' ? value : '';
}

async function writeAttachment(attachment: Attachment, now: number): Promise<MailComposerAttachment> {
  if (attachment.kind === 'item' && /message$/i.test(String(attachment.item?.['@odata.type']))) {
    const inner = readMessage(attachment.item ?? {}, now);
    const content = await writeMime(inner, now);
    return { content, contentType: 'message/rfc822', filename: `${attachment.name}.eml`, contentTransferEncoding: '8bit' };
  }
  const contentType = attachment.kind === 'item' ? 'application/json' : (attachment.contentType ?? 'application/octet-stream');
  return {
    content: attachment.content,
    contentType,
    filename: attachment.name,
    contentDisposition: attachment.isInline ? 'inline' : 'attachment',
    ...(attachment.contentId === null ? {} : { cid: attachment.contentId }),
  };
}

/** PidTagSensitivity as a header field (MS-OXCMAIL 2.1.3.2.13). */
const sensitivities: Record<string, string> = { '1': 'Personal', '2': 'Private', '3': 'Company-Confidential' };

/** Header fields in the order in which they are written; named properties of PS_INTERNET_HEADERS are header fields. */
function otherHeaders(content: MessageContent): { key: string; value: string }[] {
  const headers = content.headers.map(({ name, value }) => ({ key: name, value }));
  for (const property of content.extendedProperties.values()) {
    const name = headerNameOf(property.id);
    if (name !== undefined && typeof property.value === 'string') headers.push({ key: name, value: property.value });
  }
  const unsubscribe = extendedText(content, wellKnownProperties.listUnsubscribe);
  if (unsubscribe !== '') headers.push({ key: 'List-Unsubscribe', value: unsubscribe });
  const sensitivity = sensitivities[extendedText(content, wellKnownProperties.sensitivity)];
  if (sensitivity !== undefined) headers.push({ key: 'Sensitivity', value: sensitivity });
  if (content.conversationIndex !== '') headers.push({ key: 'Thread-Index', value: content.conversationIndex });
  const thread = content.subject.replace(/^((re|fw|aw|wg): ?)+/i, '');
  if (thread !== '') headers.push({ key: 'Thread-Topic', value: thread });
  if (content.importance !== 'normal') headers.push({ key: 'Importance', value: content.importance });
  const receipt = content.from ?? content.sender;
  if (content.isReadReceiptRequested && receipt !== null) headers.push({ key: 'Disposition-Notification-To', value: receipt.address });
  if (content.isDeliveryReceiptRequested && receipt !== null) headers.push({ key: 'Return-Receipt-To', value: receipt.address });
  return headers;
}

/** The whole message with its Bcc: transport takes that out of what it hands on. */
export async function writeMime(content: MessageContent, now: number): Promise<Buffer> {
  const isHtml = content.body.contentType === 'html';
  const options: MailComposerOptions = {
    ...(content.from === null ? {} : { from: address(content.from) }),
    ...(content.sender !== null && content.from !== null && content.sender.address.toLowerCase() !== content.from.address.toLowerCase()
      ? { sender: address(content.sender) }
      : {}),
    to: addresses(content.toRecipients),
    cc: addresses(content.ccRecipients),
    bcc: addresses(content.bccRecipients),
    replyTo: addresses(content.replyTo),
    subject: content.subject,
    date: new Date(content.sentDateTime),
    ...(content.internetMessageId === '' ? {} : { messageId: content.internetMessageId }),
    inReplyTo: extendedText(content, wellKnownProperties.inReplyTo) || content.inReplyTo,
    references: extendedText(content, wellKnownProperties.references) || content.references,
    text: isHtml ? htmlToText(content.body.content) : content.body.content,
    ...(isHtml ? { html: content.body.content } : {}),
    attachments: await Promise.all(content.attachments.map((one) => writeAttachment(one, now))),
    headers: otherHeaders(content),
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'win',
  };
  const message = new MailComposer(options).compile();
  message.keepBcc = true;
  return message.build() as Promise<Buffer>;
}
