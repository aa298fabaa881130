// sendMail in MIME: base64 of a whole RFC 5322 message, which goes to Graph with not a byte below our header lines changed.
import { type Address, addressParser, decodeWords } from 'postal-mime';
import type { Recipient, RecipientType } from '../send-request.ts';
import { decodeBase64 } from './base64.ts';
import { checkRecipients, type Decoded } from './decoded.ts';
import { fieldsNamed, type MimeHeader, readMimeHeader } from './mime-header.ts';
import { type Checked, ok, problems, refused } from './problem.ts';

/** RFC 2076 and MS-OXCMAIL names of deferred delivery in a header. */
const DEFERRED_HEADERS = ['deferred-delivery', 'x-ms-exchange-organization-deferred-delivery'];

function* addressesIn(parsed: readonly Address[]): Generator<string> {
  for (const entry of parsed) {
    if (entry.group) yield* addressesIn(entry.group);
    else if (entry.address) yield entry.address.trim();
  }
}

function recipientsOf(header: MimeHeader): Recipient[] {
  const of = (name: string, type: RecipientType): Recipient[] =>
    fieldsNamed(header, name).flatMap((value) => [...addressesIn(addressParser(value))].map((address) => ({ address, type })));
  return [...of('to', 'to'), ...of('cc', 'cc'), ...of('bcc', 'bcc')];
}

const first = (header: MimeHeader, name: string): string | undefined => fieldsNamed(header, name)[0];

/** What the log and the worker need of a MIME message. The message itself stays as it is. */
export function decodeMimeMessage(body: Uint8Array, recipientLimit: number): Checked<Decoded> {
  const decoded = decodeBase64(body);
  if (!decoded.ok) return decoded;
  const header = readMimeHeader(decoded.value);
  if (!header) return refused(problems.mimeInvalid('It does not begin with a header.'));
  if (header.fields.some(({ name }) => DEFERRED_HEADERS.includes(name))) return refused(problems.deferredSendInMime());
  const recipients = checkRecipients(recipientsOf(header), recipientLimit);
  if (!recipients.ok) return recipients;
  const subject = first(header, 'subject');
  const [from] = addressesIn(addressParser(first(header, 'from') ?? ''));
  const messageId = /<[^<>\s]+>/.exec(first(header, 'message-id') ?? '')?.[0];
  return ok({
    content: decoded.value,
    recipients: recipients.value,
    saveToSentItems: true,
    ...(subject && { subject: decodeWords(subject) }),
    ...(from && { from }),
    ...(messageId && { internetMessageId: messageId }),
  });
}
