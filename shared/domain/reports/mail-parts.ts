// Takes a mail apart, in bounded time, into what the report parsers need; never throws, whatever the bytes.

import PostalMime, { type Attachment, type Email } from 'postal-mime';
import type { Field } from './header-fields.ts';
import {
  MAXIMUM_BYTES,
  MAXIMUM_DASH_LINES,
  MAXIMUM_FIELDS_TEXT,
  MAXIMUM_HEADER_BYTES,
  MAXIMUM_HTML,
  MAXIMUM_NESTING_DEPTH,
  MAXIMUM_TEXT,
} from './limits.ts';

export type MailParts = {
  headers: Field[];
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
  const options = { forceRfc822Attachments: true, maxNestingDepth: MAXIMUM_NESTING_DEPTH, maxHeadersSize: MAXIMUM_HEADER_BYTES };
  const mail = await PostalMime.parse(bytes, options).catch(() => undefined);
  return mail ? fromMail(mail, bytes) : withoutMime(bytes);
}

function fromMail(mail: Email, bytes: Uint8Array): MailParts {
  const ofType = (pattern: RegExp) => mail.attachments.filter((part) => pattern.test(part.mimeType)).map(contentText);
  const hasParts = mail.attachments.length > 0 || mail.text !== undefined || mail.html !== undefined;
  return {
    headers: mail.headers.map(({ key, value }) => ({ name: key, value })),
    text: (hasParts ? [mail.text ?? '', ...ofType(/^text\/plain\b/)].join('\n') : bodyText(bytes)).slice(0, MAXIMUM_TEXT),
    html: (mail.html ?? '').slice(0, MAXIMUM_HTML),
    deliveryStatuses: ofType(/^message\/(?:global-)?delivery-status$/),
    dispositionNotifications: ofType(/^message\/(?:global-)?disposition-notification$/),
    originals: ofType(/^(?:message\/(?:rfc822|global)(?:-headers)?|text\/rfc822-headers)$/),
    feedbackReport: mail.attachments.some((part) => part.mimeType === 'message/feedback-report'),
  };
}

/** What the MIME parser refuses is read as plain text. */
function withoutMime(bytes: Uint8Array): MailParts {
  const text = bodyText(bytes);
  return { headers: [], text, html: '', deliveryStatuses: [], dispositionNotifications: [], originals: [], feedbackReport: false };
}

function bodyText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, MAXIMUM_FIELDS_TEXT));
  const body = /\r?\n\r?\n/.exec(text);
  return body ? text.slice(body.index, body.index + MAXIMUM_TEXT) : '';
}

/** Attachments hold bytes, since no other encoding is asked for. */
function contentText(part: Attachment): string {
  return new TextDecoder().decode(new Uint8Array(part.content as ArrayBuffer).subarray(0, MAXIMUM_FIELDS_TEXT));
}

/** Leading blank lines would hide the headers; too many bytes or boundary-like lines would cost too much. */
function boundedPrefix(raw: Uint8Array): Uint8Array {
  let start = 0;
  while (start < raw.length && (raw[start] === 0x0a || raw[start] === 0x0d)) start++;
  const bytes = raw.subarray(start, start + MAXIMUM_BYTES);
  let dashLines = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, end + 1)) {
    if (bytes[end + 1] !== 0x2d || bytes[end + 2] !== 0x2d) continue;
    dashLines++;
    if (dashLines > MAXIMUM_DASH_LINES) return bytes.subarray(0, end);
  }
  return bytes;
}
