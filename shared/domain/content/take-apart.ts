// Divides a MIME message into Graph's message resource and attachments that are uploaded separately. A reader sees the same mail.
import PostalMime, { decodeWords, type Email } from 'postal-mime';
import type { Mailbox } from '../address/address-list.ts';
import { MARK_HEADER, MAXIMUM_CUSTOM_HEADERS } from '../doubt/marks.ts';
import { type AddressField, mailboxesIn, readAddressFields } from './address-fields.ts';
import { MAXIMUM_HEADER_BYTES } from './content-limits.ts';
import { contentIdOf } from './content-type-field.ts';
import { MAXIMUM_CONTENT_BYTES, MAXIMUM_MIME_BYTES } from './graph-limits.ts';
import { readMimeHeader } from './mime-header.ts';
import { type Layout, layoutOf } from './mime-layout.ts';
import { isSignedOrEncrypted, readParts } from './mime-parts.ts';
import { contentOf, textOf } from './part-content.ts';
import { type Checked, ok, type Problem, problems, refused } from './problem.ts';
import { jsonLength } from './write-json.ts';

type JsonObject = Record<string, unknown>;

/** A phrase (RFC 5322 section 3.2.5) as people read it. */
const displayName = (phrase: string): string =>
  decodeWords(phrase.replace(/"((?:[^"\\]|\\.)*)"?/g, (_, inner: string) => inner.replace(/\\(.)/g, '$1')));

export interface TakenApart {
  /** Without attachments. */
  message: JsonObject;
  files: FilePart[];
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

/** The address fields as the HTTP API reads them. This refuses only a message that the HTTP API accepted before it read them strictly. */
function addressesOf(mime: Uint8Array): Checked<AddressField[]> {
  const header = readMimeHeader(mime);
  const fields = header.ok ? readAddressFields(header.value) : header;
  return fields.ok ? fields : refused({ status: 400, code: 'ErrorInvalidRecipients', message: fields.problem.message });
}

const headerOf = (email: Email, name: string): string => email.headers.find(({ key }) => key === name)?.value.trim() ?? '';

function propertiesOf(email: Email): JsonObject[] {
  const headers = Object.entries(HEADER_PROPERTIES).map(([name, id]) => ({ id, value: headerOf(email, name) }));
  const sensitivity = { id: SENSITIVITY, value: SENSITIVITIES[headerOf(email, 'sensitivity').toLowerCase()] ?? '' };
  return [...headers, sensitivity].filter(({ value }) => value !== '');
}

/** The first of the caller's x- headers that Graph's five places hold; our own mark comes if there is room. */
const customHeaders = ({ headers }: Email): JsonObject[] =>
  headers
    .filter(({ key, value }) => /^x-[!-9;-~]+$/.test(key) && key !== MARK_HEADER && !NOT_PASSED_ON.test(key) && value !== '')
    .slice(0, MAXIMUM_CUSTOM_HEADERS)
    .map(({ originalKey, value }) => ({ name: originalKey, value }));

function messageOf(email: Email, addresses: readonly AddressField[], body: JsonObject): JsonObject {
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
    body,
    ...(from && { from }),
    ...(sender && { sender }),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    ...(keywords.length > 0 && { categories: keywords }),
    ...(importance !== undefined && { importance }),
    ...(headerOf(email, 'disposition-notification-to') && { isReadReceiptRequested: true }),
    ...(headerOf(email, 'return-receipt-to') && { isDeliveryReceiptRequested: true }),
  };
}

/** The properties of a file for Graph, and its bytes. */
export interface FilePart {
  properties: JsonObject;
  content: Uint8Array;
}

/** Graph wants a name; what has none gets one that says what it is. */
function nameOf(filename: string | null | undefined, type: string, index: number): string {
  if (filename) return filename;
  const extension = type === 'message/rfc822' ? 'eml' : /^(?:image|audio|video)\/([a-z0-9]+)/.exec(type)?.[1];
  return `attachment-${index + 1}${extension ? `.${extension}` : ''}`;
}

const parse = (header: Uint8Array): Promise<Email> =>
  PostalMime.parse(header as Uint8Array<ArrayBuffer>, { forceRfc822Attachments: true, maxHeadersSize: MAXIMUM_HEADER_BYTES + 2 });

/** File names have encodings of their own (RFC 2231, RFC 2047): read from the part's header alone. */
async function fileOf(mime: Uint8Array, { part, isInline }: Layout['files'][number], index: number): Promise<FilePart> {
  const { attachments } = await parse(mime.subarray(part.start, part.from));
  const contentId = contentIdOf(part.header);
  const properties = {
    '@odata.type': '#microsoft.graph.fileAttachment',
    name: nameOf(attachments[0]?.filename, part.type, index),
    contentType: part.type,
    isInline,
    ...(contentId && { contentId }),
  };
  return { properties, content: contentOf(mime, part) };
}

function bodyOf(mime: Uint8Array, { plain, html, htmlText }: Layout): JsonObject {
  if (html) return { contentType: 'html', content: htmlText };
  return { contentType: 'text', content: plain ? textOf(mime, plain) : '' };
}

const SIGNED_OR_ENCRYPTED =
  'It is signed or encrypted (S/MIME or OpenPGP), so it cannot be divided, and Graph takes MIME in one request only';

/** The message without its files, and the layout that tells where they are. Refuses with 413 a message that a reader would see differently afterwards. */
async function readWhole(mime: Uint8Array): Promise<Checked<{ message: JsonObject; layout: Layout }>> {
  const parts = readParts(mime);
  if (!parts.ok) return parts;
  const root = parts.value;
  const problem = (why: string) => problems.indivisible(mime.length, MAXIMUM_MIME_BYTES, why);
  if (isSignedOrEncrypted(root)) return refused(problem(SIGNED_OR_ENCRYPTED));
  const layout = layoutOf(mime, root, problem);
  if (!layout.ok) return layout;
  const addresses = addressesOf(mime);
  if (!addresses.ok) return addresses;
  const message = messageOf(await parse(mime.subarray(root.start, root.from)), addresses.value, bodyOf(mime, layout.value));
  if (jsonLength(message) <= MAXIMUM_CONTENT_BYTES) return ok({ message, layout: layout.value });
  return refused(problem('Its text alone is too large: only attachments can be uploaded separately'));
}

/** Why `takeApart` would refuse it, without making its files. */
export async function whyNotApart(mime: Uint8Array): Promise<Problem | undefined> {
  const whole = await readWhole(mime);
  return whole.ok ? undefined : whole.problem;
}

export async function takeApart(mime: Uint8Array): Promise<Checked<TakenApart>> {
  const whole = await readWhole(mime);
  if (!whole.ok) return whole;
  const { message, layout } = whole.value;
  const files: FilePart[] = [];
  for (const [i, file] of layout.files.entries()) files.push(await fileOf(mime, file, i));
  return ok({ message, files });
}
