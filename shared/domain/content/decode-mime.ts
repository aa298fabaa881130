// Every operation in MIME: base64 of a whole RFC 5322 message, which goes to Graph unchanged below our header lines.
import { decodeWords } from 'postal-mime';
import { looksLikeOurs, MARK_HEADER } from '../doubt/marks.ts';
import { readMessageIds } from '../reports/message-id.ts';
import { authorsIn, readAddressFields, recipientsIn } from './address-fields.ts';
import { decodeBase64 } from './base64.ts';
import { checkRecipients, type Decoded, loggable, type RecipientCheck } from './decoded.ts';
import { mimeSize } from './mail-size.ts';
import { fieldsNamed, type MimeHeader, readMimeHeader } from './mime-header.ts';
import { readParts } from './mime-parts.ts';
import { type Checked, ok, problems, refused } from './problem.ts';

/** RFC 2156's name of deferred delivery in a header, and Exchange's own. */
const DEFERRED_HEADERS = ['deferred-delivery', 'x-ms-exchange-organization-deferred-delivery'];

const first = (header: MimeHeader, name: string): string | undefined => fieldsNamed(header, name)[0];

/** What the log and the worker need of a MIME message. The message itself stays as it is. */
export function decodeMimeMessage(
  body: Uint8Array,
  recipientLimit: number,
  rule: RecipientCheck | 'ofOriginal' = 'needed',
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
  if (fieldsNamed(header.value, 'message-id').flatMap(readMessageIds).some(looksLikeOurs))
    return refused(problems.reservedMessageId('The header field Message-ID'));
  const addresses = readAddressFields(header.value);
  if (!addresses.ok) return addresses;
  const named = recipientsIn(addresses.value).map(({ address, type }) => ({ address, type }));
  const recipients = rule === 'ofOriginal' ? ok([]) : checkRecipients(named, recipientLimit, rule);
  if (!recipients.ok) return recipients;
  const subject = first(header.value, 'subject');
  const [from, ...otherFrom] = authorsIn(addresses.value);
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
