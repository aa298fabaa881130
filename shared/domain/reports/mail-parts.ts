// Divides a mail, in bounded time, into what the report parsers need. Never throws, for any bytes.

import PostalMime, { type Attachment, decodeWords, type Email } from 'postal-mime';
import { type Field, fieldValue, readFieldGroups } from './header-fields.ts';
import * as limits from './limits.ts';

export type MailParts = {
  headers: Field[];
  /** Decoded. */
  subject: string;
  /** The human part. */
  text: string;
  html: string;
  deliveryStatuses: string[];
  dispositionNotifications: string[];
  /** Returned originals: whole messages, or only their headers. */
  originals: string[];
  /** An abuse complaint (ARF, RFC 5965), which is not a delivery report. */
  feedbackReport: boolean;
};

export async function readMailParts(raw: Uint8Array): Promise<MailParts> {
  const bytes = boundedPrefix(raw);
  const mail = await parseMime(bytes);
  if (!mail) return withoutMime(bytes);
  const repaired = hasContent(mail) ? undefined : await parseMime(withFoundBoundary(bytes));
  return fromMail(mail, repaired && hasContent(repaired) ? repaired : mail, bytes);
}

async function parseMime(bytes: Uint8Array): Promise<Email | undefined> {
  const options = {
    forceRfc822Attachments: true,
    maxNestingDepth: limits.MAXIMUM_NESTING_DEPTH,
    maxHeadersSize: limits.MAXIMUM_REPORT_HEADER_BYTES,
  };
  return PostalMime.parse(bytes, options).catch(() => undefined);
}

function hasContent(mail: Email): boolean {
  return mail.attachments.length > 0 || mail.text !== undefined || mail.html !== undefined;
}

/** A multipart whose header lost its boundary, or names another one: the first line that can be one is taken for it. */
function withFoundBoundary(bytes: Uint8Array): Uint8Array {
  const body = bodyText(bytes);
  const boundary = /\n--([^\r\n"]{1,70})\r?\n/.exec(body)?.[1]?.trimEnd() ?? '';
  return new TextEncoder().encode(`Content-Type: multipart/mixed; boundary="${boundary}"\r\n${body}`);
}

function fromMail(mail: Email, content: Email, bytes: Uint8Array): MailParts {
  const ofType = (pattern: RegExp) => content.attachments.filter((part) => pattern.test(part.mimeType)).map(contentText);
  const headers = mail.headers.map(({ key, value }) => ({ name: key, value }));
  const text = [content.text ?? '', ...ofType(/^text\/plain\b/)].join('\n');
  return {
    headers,
    subject: decodedSubject(headers),
    text: wholeLines(hasContent(content) ? text : bodyText(bytes), limits.MAXIMUM_TEXT),
    html: wholeLines(content.html ?? '', limits.MAXIMUM_HTML),
    deliveryStatuses: ofType(/^message\/(?:global-)?delivery-status$/).map(decodeNested),
    dispositionNotifications: ofType(/^message\/(?:global-)?disposition-notification$/),
    originals: ofType(/^(?:message\/(?:rfc822|global)(?:-headers)?|text\/rfc822-headers)$/),
    feedbackReport: content.attachments.some((part) => part.mimeType === 'message/feedback-report'),
  };
}

/** A status part that holds one more part in base64, with headers of its own. */
function decodeNested(text: string): string {
  const nested =
    /^(?:[\w-]{1,76}:[^\n]*\n){0,9}?content-transfer-encoding:[ \t]*base64[ \t]*\r?\n(?:[\w-]{1,76}:[^\n]*\n){0,9}\r?\n([a-z0-9+/=\s]*)$/i.exec(
      text,
    )?.[1];
  const packed = nested?.replace(/[\s=]/g, '');
  return packed && packed.length % 4 !== 1 ? atob(packed) : text;
}

/** What the MIME parser refuses is read as plain text. */
function withoutMime(bytes: Uint8Array): MailParts {
  const headers = readFieldGroups(decode(bytes))[0] ?? [];
  return {
    headers,
    subject: decodedSubject(headers),
    text: wholeLines(bodyText(bytes), limits.MAXIMUM_TEXT),
    html: '',
    deliveryStatuses: [],
    dispositionNotifications: [],
    originals: [],
    feedbackReport: false,
  };
}

function decodedSubject(headers: readonly Field[]): string {
  return decodeWords((fieldValue(headers, 'subject') ?? '').slice(0, limits.MAXIMUM_VALUE)).trim();
}

function bodyText(bytes: Uint8Array): string {
  const text = decode(bytes);
  const body = /\r?\n\r?\n/.exec(text);
  return body ? text.slice(body.index) : '';
}

/** Attachments hold bytes, since no other encoding is asked for. */
function contentText(part: Attachment): string {
  return decode(new Uint8Array(part.content as ArrayBuffer));
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, limits.MAXIMUM_FIELDS_TEXT));
}

/** A line cut in two could end in an address that nobody has. */
function wholeLines(text: string, maximum: number): string {
  return text.length <= maximum ? text : text.slice(0, Math.max(text.lastIndexOf('\n', maximum), 0));
}

/** Leading blank lines would hide the headers; too many bytes, lines or boundary-like lines would cost too much. */
function boundedPrefix(raw: Uint8Array): Uint8Array {
  let start = 0;
  while (raw[start] === 0x0a || raw[start] === 0x0d) start++;
  const bytes = raw.subarray(start, start + limits.MAXIMUM_BYTES);
  let lines = 0;
  let dashLines = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, end + 1)) {
    lines++;
    if (bytes[end + 1] === 0x2d && bytes[end + 2] === 0x2d) dashLines++;
    if (lines > limits.MAXIMUM_LINES || dashLines > limits.MAXIMUM_DASH_LINES) return bytes.subarray(0, end);
  }
  return bytes;
}
