// The content of a mail that is sent again: without what identifies the first one, and with References to it. From what was posted, or from the copy.

import { headerMailbox } from '../accept/redirect-mime.ts';
import { isAddress } from '../address/address.ts';
import { mailboxesIn, readAddressFields } from '../content/address-fields.ts';
import { changeFields, lineEndingOf } from '../content/mime-fields.ts';
import { fieldsNamed, type MimeHeader, readMimeHeader } from '../content/mime-header.ts';
import { type Checked, ok, refused } from '../content/problem.ts';
import { readJson } from '../content/read-json.ts';
import { jsonBytes } from '../content/write-json.ts';
import { MARK_HEADER, normaliseMessageId } from '../doubt/marks.ts';
import type { SendRequestRecord } from '../log/send-request.ts';
import { isReplyOrForward } from '../operations.ts';
import { readMessageIds } from '../reports/message-id.ts';
import { notPossible } from './readdress.ts';

type JsonObject = Record<string, unknown>;

/** RFC 5322 section 3.6.4 sets no limit. The first and the latest are what programs thread by, and a header must stay small. */
const MAXIMUM_ANCESTORS = 20;

interface CopyFieldRule {
  /** In lower case; a name that ends in `-` stands for all that begin so. */
  name: string;
  reason: string;
  source: string;
}

/** Header fields of a copy that are not part of what was sent. */
export const COPY_FIELD_RULES: readonly CopyFieldRule[] = [
  { name: MARK_HEADER, reason: 'our mark: it would name the first mail', source: 'shared/domain/doubt/marks.ts' },
  { name: 'message-id', reason: 'the new mail has its own', source: 'RFC 5322 section 3.6.4' },
  { name: 'references', reason: 'written again, with the first mail at its end', source: 'RFC 5322 section 3.6.4' },
  { name: 'received', reason: 'the way of the first mail', source: 'RFC 5321 section 4.4' },
  { name: 'return-path', reason: 'the way of the first mail', source: 'RFC 5321 section 4.4' },
  { name: 'received-spf', reason: 'a check of the first mail', source: 'RFC 7208 section 9.1' },
  { name: 'authentication-results', reason: 'a check of the first mail', source: 'RFC 8601' },
  { name: 'arc-', reason: 'a check of the first mail', source: 'RFC 8617' },
  { name: 'deferred-delivery', reason: 'it would hold the mail back, and its time has passed', source: 'RFC 2156' },
  {
    name: 'x-originating-ip',
    reason: 'Exchange sets it',
    source: 'https://learn.microsoft.com/exchange/header-firewall-exchange-2013-help',
  },
  {
    name: 'x-originatororg',
    reason: 'Exchange sets it',
    source: 'https://learn.microsoft.com/exchange/header-firewall-exchange-2013-help',
  },
  {
    name: 'x-ms-exchange-',
    reason: 'Exchange sets it, and acts on it',
    source: 'https://learn.microsoft.com/exchange/header-firewall-exchange-2013-help',
  },
  { name: 'x-ms-has-attach', reason: 'Exchange sets it', source: 'MS-OXCMAIL section 2.1.3.2' },
  { name: 'x-ms-tnef-correlator', reason: 'Exchange sets it: it names the first mail', source: 'MS-OXCMAIL section 2.1.3.2' },
];

const isOfCopy = (field: string): boolean =>
  COPY_FIELD_RULES.some(({ name }) => (name.endsWith('-') ? field.startsWith(name) : field === name));

/** The Message-IDs of a References field that names the first mail, too. */
function ancestorsOf(references: string, first: string): string[] {
  const ids = [...readMessageIds(references).filter((id) => normaliseMessageId(id) !== normaliseMessageId(first)), first];
  return ids.length <= MAXIMUM_ANCESTORS ? ids : [ids[0] as string, ...ids.slice(1 - MAXIMUM_ANCESTORS)];
}

function referencesField(header: MimeHeader, first: string, end: string): string {
  return `References: ${ancestorsOf(fieldsNamed(header, 'references').join(' '), first).join(`${end} `)}${end}`;
}

/** PidTagInternetReferences (MS-OXOMSG section 2.2.1.25): Graph has no other place for it. */
const REFERENCES = 'String 0x1039';
const IS_REFERENCES = /^\s*string\s+0x0*1039\s*$/i;

interface ExtendedProperty {
  id: string;
  value: unknown;
}

function referring(message: JsonObject, first: string): JsonObject {
  const properties = (message['singleValueExtendedProperties'] ?? []) as ExtendedProperty[];
  const before = properties.find(({ id }) => IS_REFERENCES.test(id));
  const value = ancestorsOf(typeof before?.value === 'string' ? before.value : '', first).join(' ');
  const others = properties.filter((property) => property !== before);
  return { ...message, singleValueExtendedProperties: [...others, { id: REFERENCES, value }] };
}

/** `refersTo`: the Message-ID of the first mail, if Exchange has had it. */
function freshJson({ operation }: SendRequestRecord, content: Uint8Array, refersTo: string | undefined): Checked<Uint8Array> {
  const read = readJson(content);
  if (!read.ok) return read;
  const body = read.value as JsonObject;
  const { internetMessageId: _, ...message } = (body['message'] ?? body) as JsonObject;
  // Exchange writes the References of an answer.
  const fresh = refersTo === undefined || isReplyOrForward(operation) ? message : referring(message, refersTo);
  return ok(jsonBytes(body['message'] === undefined ? fresh : { ...body, message: fresh }));
}

function freshMime(content: Uint8Array, first: string): Checked<Uint8Array> {
  const header = readMimeHeader(content);
  if (!header.ok) return header;
  const top = referencesField(header.value, first, lineEndingOf(content));
  return ok(changeFields(content, top, (name) => name === 'message-id' || name === 'references'));
}

/** Whether Exchange may have had the mail: then two mails must not have the same Message-ID. */
export const mayBeKnown = ({ status, acceptedDateTime }: SendRequestRecord): boolean =>
  acceptedDateTime !== undefined || status === 'unaccounted';

/** What was posted, for a mail of its own. In MIME that Exchange never had, not a byte changes. */
export function freshContent(record: SendRequestRecord, content: Uint8Array): Checked<Uint8Array> {
  const refersTo = mayBeKnown(record) ? record.internetMessageId : undefined;
  if (record.format === 'json')
    return refersTo === undefined && !record.callerSetMessageId ? ok(content) : freshJson(record, content, refersTo);
  return record.format === 'mime' && refersTo !== undefined ? freshMime(content, refersTo) : ok(content);
}

/** The copy may have been changed since we have seen it. */
function isOf({ id, internetMessageId }: SendRequestRecord, header: MimeHeader): boolean {
  const ids = fieldsNamed(header, 'message-id').flatMap(readMessageIds).map(normaliseMessageId);
  return ids.includes(normaliseMessageId(internetMessageId)) || fieldsNamed(header, MARK_HEADER).some((mark) => mark.toLowerCase() === id);
}

/** RFC 5322 section 3.3. */
const dateField = (now: string, end: string): string => `Date: ${new Date(now).toUTCString().replace('GMT', '+0000')}${end}`;

/**
 * From a copy in Sent Items the MIME that is sent again. If MIME was posted, all that was posted stays, byte for byte. Otherwise Exchange has
 * written the header: From is then what was asked for (the mailbox's owner can edit the copy), and Date is now.
 */
export function contentOfCopy(record: SendRequestRecord, copy: Uint8Array, now: string): Checked<Uint8Array> {
  const read = readMimeHeader(copy);
  if (!read.ok) return read;
  const header = read.value;
  if (!isOf(record, header)) return refused(notPossible('The item in Sent Items that was its copy is another mail now.'));
  const end = lineEndingOf(copy);
  const references = referencesField(header, record.internetMessageId, end);
  if (record.format === 'mime') return ok(changeFields(copy, references, isOfCopy));
  const fields = readAddressFields(header);
  if (!fields.ok) return fields;
  const from = record.from ?? record.mailbox;
  const [author] = mailboxesIn(fields.value, 'From');
  const fromField = isAddress(from) ? `From: ${headerMailbox({ address: from, name: author?.name ?? '' })}${end}` : '';
  const written = fromField === '' ? ['date'] : ['date', 'from', 'sender'];
  return ok(changeFields(copy, `${fromField}${dateField(now, end)}${references}`, (name) => isOfCopy(name) || written.includes(name)));
}
