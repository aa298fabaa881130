// Gives the content of a mail to other recipients: in JSON by its lists, in MIME by its header fields.

import { replaceRecipients } from '../accept/redirect-mime.ts';
import { addressKey } from '../address/address.ts';
import { type NamedMailbox, readAddressFields, recipientsIn } from '../content/address-fields.ts';
import { parameterOf } from '../content/content-type-field.ts';
import { addressOf } from '../content/message-checks.ts';
import type { GraphRecipient } from '../content/message-schema.ts';
import { readMimeHeader } from '../content/mime-header.ts';
import { type MimePart, readParts } from '../content/mime-parts.ts';
import { type Checked, ok, type Problem, refused } from '../content/problem.ts';
import { readJson } from '../content/read-json.ts';
import { jsonBytes } from '../content/write-json.ts';
import type { Recipient, RecipientType } from '../log/send-request.ts';
import { type ContentFormat, OPERATION_TABLE, type Operation } from '../operations.ts';

type JsonObject = Record<string, unknown>;

/** What is asked for cannot be done with this mail. */
export const notPossible = (why: string): Problem => ({ status: 409, code: 'InvalidSendRequestState', message: why });

const LISTS: Record<RecipientType, string> = { to: 'toRecipients', cc: 'ccRecipients', bcc: 'bccRecipients' };

/** Types of `application/pkcs7-mime` that anybody can read (RFC 8551 section 3.2.2). A type that is not named may be encrypted. */
const READABLE = ['signed-data', 'certs-only', 'compressed-data'];

/** Encrypted for its recipients (S/MIME, RFC 8551; OpenPGP, RFC 3156): nobody else can read it. */
export const isEncrypted = ({ type, header, parts }: MimePart): boolean =>
  type === 'multipart/encrypted' ||
  (/^application\/(?:x-)?pkcs7-mime$/.test(type) && !READABLE.includes((parameterOf(header, 'smime-type') ?? '').toLowerCase())) ||
  parts.some(isEncrypted);

const firstAddress = ({ address, replaces }: Recipient): string => addressKey(replaces ?? address);

/** The other properties of a recipient, such as its name, stay. */
function inJson(content: Uint8Array, recipients: readonly Recipient[]): Checked<Uint8Array> {
  const read = readJson(content);
  if (!read.ok) return read;
  const body = read.value as JsonObject;
  const described = (body['message'] ?? body) as JsonObject;
  const named = Array.isArray(body['toRecipients']) ? body : described;
  const known = new Map<string, GraphRecipient>();
  for (const holder of [body, described]) {
    for (const list of Object.values(LISTS)) {
      for (const recipient of (holder[list] ?? []) as GraphRecipient[]) known.set(addressKey(addressOf(recipient)), recipient);
      delete holder[list];
    }
  }
  const entryOf = (recipient: Recipient) => {
    const before = known.get(firstAddress(recipient));
    return { ...before, emailAddress: { ...before?.emailAddress, address: recipient.address } };
  };
  for (const type of ['to', 'cc', 'bcc'] as const) {
    const list = recipients.filter((recipient) => recipient.type === type).map(entryOf);
    if (list.length > 0) (type === 'to' ? named : described)[LISTS[type]] = list;
  }
  return ok(jsonBytes(body));
}

function inMime(content: Uint8Array, recipients: readonly Recipient[]): Checked<Uint8Array> {
  const parts = readParts(content);
  if (!parts.ok) return parts;
  if (isEncrypted(parts.value) && recipients.some(({ replaces }) => replaces !== undefined)) {
    return refused(
      notPossible(
        'The mail is encrypted for its recipients (S/MIME or OpenPGP): another address could not read it. Post it again, encrypted for that address.',
      ),
    );
  }
  const header = readMimeHeader(content);
  const fields = header.ok ? readAddressFields(header.value) : header;
  if (!fields.ok) return fields;
  const names = new Map(recipientsIn(fields.value).map(({ address, name }) => [addressKey(address), name]));
  const mailboxes = recipients.map((recipient): NamedMailbox => {
    const { address, type } = recipient;
    return { address, type, name: names.get(firstAddress(recipient)) ?? '' };
  });
  return ok(replaceRecipients(content, mailboxes));
}

/**
 * The content with these recipients, and no others. Refused if the content does not name its recipients, and if it is encrypted and an
 * address was corrected.
 */
export function readdress(
  operation: Operation,
  format: ContentFormat,
  content: Uint8Array,
  recipients: readonly Recipient[],
): Checked<Uint8Array> {
  const { recipients: named, body } = OPERATION_TABLE[operation];
  if (named !== 'own') {
    return refused(
      notPossible(`The mail was posted by '${operation}': Exchange chooses its recipients, so it can be sent again only to all of them.`),
    );
  }
  if (format === 'mime') return inMime(content, recipients);
  if (body === 'forward' && recipients.every(({ type }) => type !== 'to')) {
    return refused(notPossible('The mail is a forward, and Graph takes a forward only with a recipient in To.'));
  }
  return inJson(content, recipients);
}
