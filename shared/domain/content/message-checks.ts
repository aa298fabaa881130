// Checks of a message for every operation: the number and names of headers, line breaks in texts that become headers, our own marks.

import { isAddress } from '../address/address.ts';
import { looksLikeOurs, MARK_HEADER, MARK_PROPERTY, MAXIMUM_CUSTOM_HEADERS } from '../doubt/marks.ts';
import { hasControlCharacter, printable } from './addresses.ts';
import { contentProblems, MAXIMUM_ATTACHMENTS } from './content-limits.ts';
import { dataUrlLength, MAXIMUM_DATA_URL_LENGTH } from './data-images.ts';
import { extendedPropertyProblem } from './extended-properties.ts';
import { type GraphRecipient, HEADER_NAME, MESSAGE_ID, type Message } from './message-schema.ts';
import { type Problem, problems } from './problem.ts';

const headerName = new RegExp(HEADER_NAME);
const messageId = new RegExp(MESSAGE_ID, 'u');
/** Properties of the item that are headers of the mail: PS_INTERNET_HEADERS, and the tags of MS-OXCMAIL 2.1.3.2 that callers use. */
const HEADER_PROPERTY = /\{00020386-0000-0000-c000-000000000046\}|^\s*String\s+0x0*(?:1035|1039|1042|1045)\s*$/i;

export const addressOf = (recipient: GraphRecipient | null | undefined): string => recipient?.emailAddress?.address?.trim() ?? '';

/** Each attachment can take a call to Graph, and Exchange would refuse the mail in the end. */
function attachmentsProblem({ attachments }: Message): Problem | undefined {
  const count = attachments?.length ?? 0;
  return count > MAXIMUM_ATTACHMENTS ? contentProblems.attachments(count) : undefined;
}

function headerProblem({ internetMessageHeaders }: Message): Problem | undefined {
  const headers = internetMessageHeaders ?? [];
  if (headers.length > MAXIMUM_CUSTOM_HEADERS) return problems.tooManyHeaders(headers.length);
  const invalid = headers.find(({ name }) => !headerName.test(name));
  if (invalid) return problems.invalidHeader(printable(invalid.name));
  return headers.some(({ name }) => name.toLowerCase() === MARK_HEADER) ? problems.reservedMark(MARK_HEADER) : undefined;
}

const asOne = (text: string): string => text.trim().replace(/\s+/g, ' ').toLowerCase();
const RESERVED_PROPERTIES = [MARK_PROPERTY, `String {00020386-0000-0000-C000-000000000046} Name ${MARK_HEADER}`].map(asOne);

function reservedProblem({ singleValueExtendedProperties }: Message): Problem | undefined {
  const reserved = singleValueExtendedProperties?.find(({ id }) => RESERVED_PROPERTIES.includes(asOne(id)));
  return reserved && problems.reservedMark(printable(reserved.id));
}

/** With such a Message-ID we would match a report or a copy to the wrong mail. The property by tag (0x1035) is refused in any case. */
const messageIdProblem = ({ internetMessageId }: Message, prefix: string): Problem | undefined =>
  internetMessageId && looksLikeOurs(internetMessageId)
    ? problems.reservedMessageId(`The property '${prefix}internetMessageId'`)
    : undefined;

/** Each text that becomes a header or a parameter of one, with its path. */
function* headerTexts(message: Message): Generator<[path: string, text: string | null | undefined]> {
  const { subject, internetMessageHeaders, categories, attachments, singleValueExtendedProperties, from, sender } = message;
  const lists = { toRecipients: 0, ccRecipients: 0, bccRecipients: 0, replyTo: 0 };
  yield ['subject', subject];
  for (const name of Object.keys(lists) as (keyof typeof lists)[]) {
    for (const [i, recipient] of (message[name] ?? []).entries()) yield* recipientTexts(`${name}[${i}]`, recipient);
  }
  yield* recipientTexts('from', from);
  yield* recipientTexts('sender', sender);
  for (const [i, { value }] of (internetMessageHeaders ?? []).entries()) yield [`internetMessageHeaders[${i}].value`, value];
  for (const [i, category] of (categories ?? []).entries()) yield [`categories[${i}]`, category];
  for (const [i, { id, value }] of (singleValueExtendedProperties ?? []).entries()) {
    if (HEADER_PROPERTY.test(id)) yield [`singleValueExtendedProperties[${i}].value`, value];
  }
  for (const [i, attachment] of (attachments ?? []).entries()) {
    const { name, contentType, contentId, contentLocation }: Partial<Record<string, unknown>> = attachment;
    for (const [property, text] of Object.entries({ name, contentType, contentId, contentLocation })) {
      yield [`attachments[${i}].${property}`, text as string | null | undefined];
    }
  }
}

function* recipientTexts(path: string, recipient: GraphRecipient | null | undefined): Generator<[string, string | null | undefined]> {
  yield [`${path}.emailAddress.address`, recipient?.emailAddress?.address];
  yield [`${path}.emailAddress.name`, recipient?.emailAddress?.name];
}

/** A line break in what becomes a header would make another header. */
function controlProblem(message: Message, prefix: string): Problem | undefined {
  for (const [path, text] of headerTexts(message)) {
    if (text && hasControlCharacter(text)) return problems.lineBreak(prefix + path);
  }
  return undefined;
}

/** The same for recipients that are named beside the message. `path`: of their list. */
export function besideProblem(recipients: readonly GraphRecipient[], path: string): Problem | undefined {
  for (const [i, recipient] of recipients.entries()) {
    for (const [at, text] of recipientTexts(`${path}[${i}]`, recipient))
      if (text && hasControlCharacter(text)) return problems.lineBreak(at);
  }
  return undefined;
}

function identityProblem({ internetMessageId, from, sender, replyTo }: Message, prefix: string): Problem | undefined {
  if (internetMessageId && !messageId.test(internetMessageId)) {
    return problems.wrongType(`${prefix}internetMessageId`, 'expected <id@domain> (RFC 5322)');
  }
  for (const [name, recipient] of Object.entries({ from, sender })) {
    if (!recipient) continue;
    const address = addressOf(recipient);
    // Exchange would look for a name alone in the address book.
    if (address === '') return problems.authorWithoutAddress(prefix + name);
    if (!isAddress(address)) return problems.wrongType(`${prefix}${name}.emailAddress.address`, 'expected a mail address');
  }
  const index = (replyTo ?? []).findIndex((recipient) => !isAddress(addressOf(recipient)));
  return index < 0 ? undefined : problems.wrongType(`${prefix}replyTo[${index}].emailAddress.address`, 'expected a mail address');
}

/** Graph takes no file attachment without content (msgraph-sdk-python issue 667). Large content is no string here (read-json.ts). */
function attachmentProblem({ attachments }: Message, prefix: string): Problem | undefined {
  const empty = (attachments ?? []).findIndex(
    (one) => 'contentBytes' in one && typeof one.contentBytes === 'string' && one.contentBytes.trim() === '',
  );
  return empty < 0 ? undefined : problems.emptyAttachment(`${prefix}attachments[${empty}].contentBytes`);
}

function dataImageProblem({ body }: Message, prefix: string): Problem | undefined {
  const length = body?.contentType?.toLowerCase() === 'html' ? dataUrlLength(body.content ?? '') : 0;
  return length > MAXIMUM_DATA_URL_LENGTH
    ? problems.dataImagesTooLarge(`${prefix}body.content`, length, MAXIMUM_DATA_URL_LENGTH)
    : undefined;
}

/** `prefix`: the path of the message in the body, with its dot. */
export const messageProblem = (message: Message, prefix: string): Problem | undefined =>
  attachmentsProblem(message) ??
  headerProblem(message) ??
  reservedProblem(message) ??
  extendedPropertyProblem(message, prefix) ??
  controlProblem(message, prefix) ??
  messageIdProblem(message, prefix) ??
  identityProblem(message, prefix) ??
  attachmentProblem(message, prefix) ??
  dataImageProblem(message, prefix);
