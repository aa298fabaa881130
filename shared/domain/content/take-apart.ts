// Takes a MIME message apart into Graph's message resource and attachments that travel by themselves: what a reader sees stays the same.
import PostalMime, { decodeWords, type Email, type Attachment as MimeAttachment } from 'postal-mime';
import type { Mailbox } from '../address/address-list.ts';
import { MARK_HEADER, MAXIMUM_CUSTOM_HEADERS } from '../doubt/marks.ts';
import { type AddressField, mailboxesIn, readAddressFields } from './address-fields.ts';
import { type Attachment, attachmentOf } from './attachment.ts';
import { hollowMime, type TakenOut } from './hollow-mime.ts';
import { readMimeHeader } from './mime-header.ts';
import { readParts } from './mime-parts.ts';

type JsonObject = Record<string, unknown>;

/** Only of a message that was taken before address fields were read strictly. */
export class UnreadableAddresses extends Error {}

/** A phrase (RFC 5322 section 3.2.5) as people read it. */
const displayName = (phrase: string): string =>
  decodeWords(phrase.replace(/"((?:[^"\\]|\\.)*)"/g, (_, inner: string) => inner.replace(/\\(.)/g, '$1')));

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

const recipientOf = ({ name, address }: Mailbox): JsonObject => ({ emailAddress: { address, ...(name && { name: displayName(name) }) } });

/** The address fields as the front door has read them; throws UnreadableAddresses. */
function addressesOf(mime: Uint8Array): AddressField[] {
  const header = readMimeHeader(mime);
  const fields = header.ok ? readAddressFields(header.value) : header;
  if (!fields.ok) throw new UnreadableAddresses(fields.problem.message);
  return fields.value;
}

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

function messageOf(email: Email, addresses: readonly AddressField[]): JsonObject {
  const named = (field: string): JsonObject[] => mailboxesIn(addresses, field).map(recipientOf);
  const importance = IMPORTANCES[(headerOf(email, 'importance') || headerOf(email, 'x-priority').slice(0, 1)).toLowerCase()];
  const [from] = named('From');
  const [sender] = named('Sender');
  const lists: Record<string, JsonObject[]> = {
    toRecipients: named('To'),
    ccRecipients: named('Cc'),
    bccRecipients: named('Bcc'),
    replyTo: named('Reply-To'),
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
    ...(from && { from }),
    ...(sender && { sender }),
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

const takenFrom = (email: Email, addresses: readonly AddressField[], takenOut: readonly TakenOut[]) => ({
  message: messageOf(email, addresses),
  attachments: email.attachments.map((part, i) => attachmentFrom(part, i, takenOut)),
});

/**
 * Large attachments are kept out of the parser's way. Where it doesn't find each one's sign again, as in a message that two readers
 * understand differently, the whole message is parsed instead. `nonce` makes the signs unlike anything that may stand in a mail.
 */
export async function takeApart(mime: Uint8Array, nonce: string): Promise<TakenApart> {
  const addresses = addressesOf(mime);
  const hollow = hollowMime(mime, readParts(mime), nonce);
  const apart = takenFrom(await parse(hollow.mime), addresses, hollow.takenOut);
  if (apart.attachments.filter(({ isOut }) => isOut).length === hollow.takenOut.length) return apart;
  return takenFrom(await parse(mime), addresses, []);
}
