// Takes a mail apart, in bounded time, into what the report parsers need; never throws, whatever the bytes.

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
  /** An abuse complaint (ARF, RFC 5965), which is no delivery report. */
  feedbackReport: boolean;
};

export async function readMailParts(raw: Uint8Array): Promise<MailParts> {
  const bytes = boundedPrefix(raw);
  const options = {
    forceRfc822Attachments: true,
    maxNestingDepth: limits.MAXIMUM_NESTING_DEPTH,
    maxHeadersSize: limits.MAXIMUM_HEADER_BYTES,
  };
  const mail = await PostalMime.parse(bytes, options).catch(() => undefined);
  return mail ? fromMail(mail, bytes) : withoutMime(bytes);
}

function fromMail(mail: Email, bytes: Uint8Array): MailParts {
  const ofType = (pattern: RegExp) => mail.attachments.filter((part) => pattern.test(part.mimeType)).map(contentText);
  const hasParts = mail.attachments.length > 0 || mail.text !== undefined || mail.html !== undefined;
  const headers = mail.headers.map(({ key, value }) => ({ name: key, value }));
  return {
    headers,
    subject: decodedSubject(headers),
    text: wholeLines(hasParts ? [mail.text ?? '', ...ofType(/^text\/plain\b/)].join('\n') : bodyText(bytes), limits.MAXIMUM_TEXT),
    html: wholeLines(mail.html ?? '', limits.MAXIMUM_HTML),
    deliveryStatuses: ofType(/^message\/(?:global-)?delivery-status$/),
    dispositionNotifications: ofType(/^message\/(?:global-)?disposition-notification$/),
    originals: ofType(/^(?:message\/(?:rfc822|global)(?:-headers)?|text\/rfc822-headers)$/),
    feedbackReport: mail.attachments.some((part) => part.mimeType === 'message/feedback-report'),
  };
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
