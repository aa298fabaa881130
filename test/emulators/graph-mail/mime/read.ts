// From MIME to the content of an item, as Exchange does when it stores a message.
import parseAddresses from 'nodemailer/lib/addressparser';
import PostalMime, { decodeWords, type Attachment as MimePart } from 'postal-mime';
import { errors } from '../http/errors.ts';
import { newAttachmentId } from '../store/ids.ts';
import { type Attachment, type EmailAddress, emptyContent, type MessageContent } from '../store/item.ts';
import { type SplitMessage, splitMessage, withFoldedFields } from './header-block.ts';

/** Of every field of a name. Nodemailer's parser reads addresses as RFC 5322 does, comments in comments included; names are decoded by postal-mime. */
function addressesIn(message: SplitMessage, name: string): EmailAddress[] {
  const values = message.fields
    .filter((one) => one.name.toLowerCase() === name)
    .map(({ value }) => Buffer.from(value, 'latin1').toString());
  return values
    .flatMap((value) => parseAddresses(value, { flatten: true }))
    .map(({ address, name: display }) => ({ address: address.trim(), name: decodeWords(display) || address }));
}

/** Item class by content type (MS-OXCMAIL, S/MIME classes of MS-OXOSMIME). */
function itemClassOf(message: SplitMessage): string {
  const type = (message.fields.find((one) => /^content-type$/i.test(one.name))?.value ?? '').toLowerCase();
  if (/^multipart\/signed/.test(type)) return 'IPM.Note.SMIME.MultipartSigned';
  if (/^application\/(x-)?pkcs7-mime/.test(type)) return 'IPM.Note.SMIME';
  return 'IPM.Note';
}

function readPart(part: MimePart, now: number): Attachment {
  const content = typeof part.content === 'string' ? Buffer.from(part.content) : Buffer.from(part.content as ArrayBuffer);
  const contentId = part.contentId?.replace(/^<|>$/g, '') ?? null;
  return {
    id: newAttachmentId(),
    kind: 'file',
    name: part.filename ?? (part.mimeType === 'message/rfc822' ? 'message.eml' : 'attachment'),
    contentType: part.mimeType,
    isInline: part.disposition === 'inline' || part.related === true,
    contentId,
    lastModified: now,
    content,
  };
}

const importances: Record<string, MessageContent['importance']> = {
  low: 'low',
  high: 'high',
  '5': 'low',
  '4': 'low',
  '1': 'high',
  '2': 'high',
};

/** Reads a message; bytes without a single header field are no message. */
export async function readMime(mime: Buffer, now: number): Promise<MessageContent> {
  const message = splitMessage(mime);
  if (!message.fields.some((one) => one.name !== '')) throw errors.invalidMime();
  const value = (name: string) => message.fields.find((one) => one.name.toLowerCase() === name)?.value ?? '';
  const parsed = await PostalMime.parse(withFoldedFields(message), { maxNestingDepth: 256, forceRfc822Attachments: true }).catch(() => {
    throw errors.invalidMime();
  });
  const sent = Date.parse(parsed.date ?? '');
  const [from] = addressesIn(message, 'from');
  const [sender] = addressesIn(message, 'sender');
  const isHtml = parsed.html !== undefined && parsed.html !== '';
  return {
    ...emptyContent(now),
    subject: parsed.subject ?? '',
    body: isHtml ? { contentType: 'html', content: parsed.html ?? '' } : { contentType: 'text', content: parsed.text ?? '' },
    from: from ?? null,
    sender: sender ?? from ?? null,
    toRecipients: addressesIn(message, 'to'),
    ccRecipients: addressesIn(message, 'cc'),
    bccRecipients: addressesIn(message, 'bcc'),
    replyTo: addressesIn(message, 'reply-to'),
    importance: importances[(value('importance') || value('x-priority').slice(0, 1)).toLowerCase()] ?? 'normal',
    internetMessageId: (parsed.messageId ?? '').trim(),
    inReplyTo: (parsed.inReplyTo ?? '').trim(),
    references: (parsed.references ?? '').trim(),
    conversationIndex: value('thread-index'),
    headers: message.fields.filter((one) => /^x-/i.test(one.name)).map(({ name, value: text }) => ({ name, value: text })),
    isReadReceiptRequested: value('disposition-notification-to') !== '',
    isDeliveryReceiptRequested: value('return-receipt-to') !== '' ? true : null,
    sentDateTime: Number.isNaN(sent) ? now : sent,
    attachments: parsed.attachments.map((part) => readPart(part, now)),
    itemClass: itemClassOf(message),
    mime,
  };
}
