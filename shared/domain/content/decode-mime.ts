// Every operation in MIME: base64 of a whole RFC 5322 message, which goes to Graph with not a byte below our header lines changed.
import { type Address, addressParser, decodeWords } from 'postal-mime';
import { MARK_HEADER } from '../doubt/marks.ts';
import type { Recipient, RecipientType } from '../log/send-request.ts';
import { isAddress } from './addresses.ts';
import { decodeBase64 } from './base64.ts';
import { checkRecipients, type Decoded, loggable, type RecipientRule } from './decoded.ts';
import { mimeSize } from './mail-size.ts';
import { fieldsNamed, type MimeHeader, readMimeHeader } from './mime-header.ts';
import { readParts } from './mime-parts.ts';
import { type Checked, ok, problems, refused } from './problem.ts';

/** RFC 2156's name of deferred delivery in a header, and Exchange's own. */
const DEFERRED_HEADERS = ['deferred-delivery', 'x-ms-exchange-organization-deferred-delivery'];

/** A colon opens a group, and reading groups in groups takes time: more of them than any real list of names has are not read. */
const MAXIMUM_COLONS = 4_000;
const ADDRESS_FIELDS = ['to', 'cc', 'bcc', 'from', 'sender'];

/** An entry without an address keeps its name in the address' place, so that the refusal can name it. */
function* addressesIn(parsed: readonly Address[]): Generator<string> {
  for (const entry of parsed) {
    if (entry.group) yield* addressesIn(entry.group);
    else yield (entry.address || entry.name).trim();
  }
}

function recipientsOf(header: MimeHeader): Recipient[] {
  const of = (name: string, type: RecipientType): Recipient[] =>
    fieldsNamed(header, name).flatMap((value) => [...addressesIn(addressParser(value))].map((address) => ({ address, type })));
  return [...of('to', 'to'), ...of('cc', 'cc'), ...of('bcc', 'bcc')];
}

const first = (header: MimeHeader, name: string): string | undefined => fieldsNamed(header, name)[0];

/** Who it says that it is from: From, or Sender where From has no address, comes first. What can't be an address is left to Exchange. */
function fromAddressesOf(header: MimeHeader): string[] {
  const named = ['from', 'sender'].flatMap((name) => fieldsNamed(header, name).flatMap((value) => [...addressesIn(addressParser(value))]));
  return [...new Set(named.filter(isAddress))];
}

/** What the log and the worker need of a MIME message. The message itself stays as it is. */
export function decodeMimeMessage(
  body: Uint8Array,
  recipientLimit: number,
  rule: RecipientRule | 'ofOriginal' = 'needed',
): Checked<Decoded> {
  const content = decodeBase64(body);
  if (content === undefined || content.length === 0) return refused(problems.mimeNotBase64());
  const header = readMimeHeader(content);
  if (!header.ok) return header;
  const parts = readParts(content);
  if (!parts.ok) return parts;
  const has = (...names: string[]): boolean => header.value.fields.some(({ name }) => names.includes(name));
  if (has(...DEFERRED_HEADERS)) return refused(problems.deferredSendInMime());
  if (has(MARK_HEADER))
    return refused(
      problems.mimeInvalid(`The header field ${MARK_HEADER} is reserved: this service marks each mail with it. Leave it out.`),
    );
  const crowded = ADDRESS_FIELDS.find((name) => fieldsNamed(header.value, name).join().split(':').length > MAXIMUM_COLONS);
  if (crowded) return refused(problems.mimeInvalid(`The header field ${crowded} has more groups than can be read.`));
  const recipients = rule === 'ofOriginal' ? ok([]) : checkRecipients(recipientsOf(header.value), recipientLimit, rule);
  if (!recipients.ok) return recipients;
  const subject = first(header.value, 'subject');
  const [from, ...otherFrom] = fromAddressesOf(header.value);
  const messageId = /<[^<>\s]{1,990}>/.exec(first(header.value, 'message-id') ?? '')?.[0];
  return ok({
    content,
    size: mimeSize(content),
    recipients: recipients.value,
    saveToSentItems: true,
    ...(subject && { subject: loggable(decodeWords(subject)) }),
    ...(from && { from }),
    ...(otherFrom.length > 0 && { otherFrom }),
    ...(messageId && { internetMessageId: messageId }),
  });
}
