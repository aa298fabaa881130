// From MIME to the content of an item, as Exchange does when it stores a message.
import PostalMime, { type Address, type Attachment as MimePart } from 'postal-mime';
import { errors } from '../http/errors.ts';
import { newAttachmentId } from '../store/ids.ts';
import { type Attachment, type EmailAddress, emptyContent, type MessageContent } from '../store/item.ts';
import { type SplitMessage, splitMessage, withFoldedFields } from './header-block.ts';

function flatten(addresses: readonly (Address | undefined)[] | undefined): EmailAddress[] {
  return (addresses ?? []).flatMap((one) => {
    if (one === undefined) return [];
    const members = one.group ?? [one];
    return members.map((member) => ({ address: (member.address ?? '').trim(), name: member.name || (member.address ?? '') }));
  });
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
  const isHtml = parsed.html !== undefined && parsed.html !== '';
  return {
    ...emptyContent(now),
    subject: parsed.subject ?? '',
    body: isHtml ? { contentType: 'html', content: parsed.html ?? '' } : { contentType: 'text', content: parsed.text ?? '' },
    from: flatten([parsed.from])[0] ?? null,
    sender: flatten([parsed.sender ?? parsed.from])[0] ?? null,
    toRecipients: flatten(parsed.to),
    ccRecipients: flatten(parsed.cc),
    bccRecipients: flatten(parsed.bcc),
    replyTo: flatten(parsed.replyTo),
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
