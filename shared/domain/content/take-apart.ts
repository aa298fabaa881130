// Takes a MIME message apart into Graph's message resource and attachments that travel by themselves: what a reader sees stays the same.
import PostalMime, { type Address, type Email, type Attachment as MimeAttachment } from 'postal-mime';
import { MARK_HEADER, MAXIMUM_CUSTOM_HEADERS } from '../doubt/marks.ts';
import { type Attachment, attachmentOf } from './attachment.ts';
import { hollowMime, type TakenOut } from './hollow-mime.ts';
import { readParts } from './mime-parts.ts';

type JsonObject = Record<string, unknown>;

export interface TakenApart {
  /** Without attachments. */
  message: JsonObject;
  attachments: Attachment[];
}

/** The tags of MS-OXCMAIL 2.1.3.2 for headers that are no property of Graph's message. */
const HEADER_PROPERTIES: Readonly<Record<string, string>> = {
  'in-reply-to': 'String 0x1042',
  references: 'String 0x1039',
  'list-unsubscribe': 'String 0x1045',
};

/** PidTagSensitivity, MS-OXCMAIL 2.1.3.2.13. */
const SENSITIVITY = 'Integer 0x0036';
const SENSITIVITIES: Readonly<Record<string, string>> = { personal: '1', private: '2', 'company-confidential': '3' };

/** X-Priority and its like in Graph's words (MS-OXCMAIL 2.1.3.2.12). */
const IMPORTANCES: Readonly<Record<string, string>> = { low: 'low', high: 'high', '1': 'high', '2': 'high', '4': 'low', '5': 'low' };

/** Exchange's own, which Graph refuses or Exchange sets itself. */
const NOT_PASSED_ON = /^x-(ms-exchange-|priority$|originating-ip$)/;

const recipientOf = ({ name, address = '' }: Address): JsonObject => ({ emailAddress: { address, ...(name && { name }) } });

const members = (address: Address): Address[] => address.group ?? [address];

const recipientsOf = (list: readonly Address[] | undefined): JsonObject[] =>
  (list ?? [])
    .flatMap(members)
    .filter(({ address }) => address)
    .map(recipientOf);

const headerOf = (email: Email, name: string): string => email.headers.find(({ key }) => key === name)?.value.trim() ?? '';

function bodyOf({ html, text }: Email): JsonObject {
  return html ? { contentType: 'html', content: html } : { contentType: 'text', content: text ?? '' };
}

function propertiesOf(email: Email): JsonObject[] {
  const headers = Object.entries(HEADER_PROPERTIES).map(([name, id]) => ({ id, value: headerOf(email, name) }));
  const sensitivity = { id: SENSITIVITY, value: SENSITIVITIES[headerOf(email, 'sensitivity').toLowerCase()] ?? '' };
  return [...headers, sensitivity].filter(({ value }) => value !== '');
}

/** The first of the caller's x- headers that Graph's five places hold; our own mark comes where there is room. */
const customHeaders = ({ headers }: Email): JsonObject[] =>
  headers
    .filter(({ key, value }) => /^x-[!-9;-~]+$/.test(key) && key !== MARK_HEADER && !NOT_PASSED_ON.test(key) && value !== '')
    .slice(0, MAXIMUM_CUSTOM_HEADERS)
    .map(({ originalKey, value }) => ({ name: originalKey, value }));

function messageOf(email: Email): JsonObject {
  const importance = IMPORTANCES[(headerOf(email, 'importance') || headerOf(email, 'x-priority').slice(0, 1)).toLowerCase()];
  const from = email.from && members(email.from)[0];
  const sender = email.sender && members(email.sender)[0];
  const lists: Record<string, JsonObject[]> = {
    toRecipients: recipientsOf(email.to),
    ccRecipients: recipientsOf(email.cc),
    bccRecipients: recipientsOf(email.bcc),
    replyTo: recipientsOf(email.replyTo),
    internetMessageHeaders: customHeaders(email),
    singleValueExtendedProperties: propertiesOf(email),
  };
  const keywords = headerOf(email, 'keywords')
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  return {
    subject: email.subject ?? '',
    body: bodyOf(email),
    ...(from?.address && { from: recipientOf(from) }),
    ...(sender?.address && { sender: recipientOf(sender) }),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    ...(keywords.length > 0 && { categories: keywords }),
    ...(importance !== undefined && { importance }),
    ...(headerOf(email, 'disposition-notification-to') && { isReadReceiptRequested: true }),
    ...(headerOf(email, 'return-receipt-to') && { isDeliveryReceiptRequested: true }),
  };
}

/** Graph wants a name; what has none gets one that says what it is. */
function nameOf({ filename, mimeType }: MimeAttachment, index: number): string {
  if (filename) return filename;
  const extension = mimeType === 'message/rfc822' ? 'eml' : /^(?:image|audio|video)\/([a-z0-9]+)/.exec(mimeType)?.[1];
  return `attachment-${index + 1}${extension ? `.${extension}` : ''}`;
}

/** It is text only where the parser is asked for that. */
const bytesOf = ({ content }: MimeAttachment): Uint8Array => new Uint8Array(content as ArrayBuffer);

/** The large attachment whose sign a part is. */
function takenOutFor(content: Uint8Array, takenOut: readonly TakenOut[]): TakenOut | undefined {
  const text = new TextDecoder().decode(content.subarray(0, 100)).trim();
  return takenOut.find(({ sign }) => sign === text);
}

function attachmentFrom(part: MimeAttachment, index: number, takenOut: readonly TakenOut[]): Attachment & { isOut: boolean } {
  const contentId = part.contentId?.trim().replace(/^<|>$/g, '');
  const properties = {
    name: nameOf(part, index),
    contentType: part.mimeType,
    isInline: part.related === true || (part.disposition === 'inline' && contentId !== undefined),
    ...(contentId && { contentId }),
  };
  const content = bytesOf(part);
  const out = takenOutFor(content, takenOut);
  if (out) return { ...attachmentOf(properties, out.make().length, out.make), isOut: true };
  return { ...attachmentOf(properties, content.length, () => content), isOut: false };
}

const parse = (mime: Uint8Array): Promise<Email> => PostalMime.parse(mime as Uint8Array<ArrayBuffer>, { forceRfc822Attachments: true });

const takenFrom = (email: Email, takenOut: readonly TakenOut[]) => ({
  message: messageOf(email),
  attachments: email.attachments.map((part, i) => attachmentFrom(part, i, takenOut)),
});

/**
 * Large attachments are kept out of the parser's way. Where it doesn't find each one's sign again, as in a message that two readers
 * understand differently, the whole message is parsed instead. `nonce` makes the signs unlike anything that may stand in a mail.
 */
export async function takeApart(mime: Uint8Array, nonce: string): Promise<TakenApart> {
  const hollow = hollowMime(mime, readParts(mime), nonce);
  const apart = takenFrom(await parse(hollow.mime), hollow.takenOut);
  if (apart.attachments.filter(({ isOut }) => isOut).length === hollow.takenOut.length) return apart;
  return takenFrom(await parse(mime), []);
}
