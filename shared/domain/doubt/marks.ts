// The marks that we put into a mail to find it again: our Message-ID, a named extended property, and an x- header.
import { domainOf } from '../address/address.ts';
import { isSendRequestId } from '../log/send-request-id.ts';

/** The header that carries the send request's id. Exchange may drop it ("X-haustion" protection), so it is never the only mark. */
export const MARK_HEADER = 'x-send-request-id';

/** PS_PUBLIC_STRINGS: a named property that stays in the mailbox and is not transmitted. */
export const MARK_PROPERTY = 'String {00020329-0000-0000-C000-000000000046} Name SendRequestId';

/** PS_INTERNET_HEADERS: the same header as a property of the item, for mails submitted as MIME. */
export const MARK_HEADER_PROPERTY = `String {00020386-0000-0000-C000-000000000046} Name ${MARK_HEADER}`;

/** Graph allows five custom headers in a message. */
export const MAXIMUM_CUSTOM_HEADERS = 5;

/** RFC 2606: it can never exist. */
const NO_DOMAIN = 'localhost.invalid';

/** The Message-ID of a send request that has none from its caller: `<{id}@{sender's domain}>`, RFC 5322 section 3.6.4; `localhost.invalid` for an object id. */
export const messageIdFor = (id: string, fromAddress: string): string => `<${id}@${domainOf(fromAddress) ?? NO_DOMAIN}>`;

/** The id inside a Message-ID of ours, whatever its case; undefined if it isn't one. */
export function idOfMessageId(messageId: string): string | undefined {
  const id = /^<?([0-9a-z]{28})@[^<>\s@]+>?$/i.exec(messageId.trim())?.[1]?.toLowerCase();
  return id !== undefined && isSendRequestId(id) ? id : undefined;
}

/** Whether a caller's own Message-ID could be taken for ours, also if its local part is quoted (RFC 5322 section 4.5.4) or has blanks around it. */
export const looksLikeOurs = (messageId: string): boolean => idOfMessageId(messageId.replace(/["\s]/g, '')) !== undefined;

/** Message-IDs compared the second time around: without angle brackets and case. */
export const normaliseMessageId = (messageId: string): string => messageId.trim().replace(/^<|>$/g, '').toLowerCase();
