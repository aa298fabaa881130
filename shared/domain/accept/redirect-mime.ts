// Replaces the recipients of a whole RFC 5322 message: removes its To, Cc and Bcc fields, and puts new ones on top. No other byte changes.
import { headerAddress } from '../address/address.ts';
import type { Mailbox } from '../address/address-list.ts';
import type { NamedMailbox } from '../content/address-fields.ts';
import { changeFields, lineEndingOf } from '../content/mime-fields.ts';
import type { RecipientType } from '../log/send-request.ts';

/** Names the original recipients. */
export const REDIRECT_HEADER = 'x-redirected-from';
/** Some transports send a resent message to its Resent- fields. */
const REPLACED = ['to', 'cc', 'bcc', 'resent-to', 'resent-cc', 'resent-bcc', REDIRECT_HEADER];
const NAMES: Record<RecipientType, string> = { to: 'To', cc: 'Cc', bcc: 'Bcc' };

/** RFC 5322 section 2.1.1: no line is longer than 998 characters. */
const MAXIMUM_LINE = 900;

/** An address with its display name, unless the two would not fit into a line. */
export function headerMailbox({ name, address }: Mailbox): string {
  const bare = headerAddress(address);
  const named = `${name} <${bare}>`;
  return name === '' || new TextEncoder().encode(named).length > MAXIMUM_LINE ? bare : named;
}

/** One address a line, so that no line grows too long. */
function fieldsOf(recipients: readonly NamedMailbox[], end: string): string {
  const of = (type: RecipientType) => recipients.filter((recipient) => recipient.type === type).map(headerMailbox);
  return (['to', 'cc', 'bcc'] as const)
    .map((type) => [type, of(type)] as const)
    .filter(([, addresses]) => addresses.length > 0)
    .map(([type, addresses]) => `${NAMES[type]}: ${addresses.join(`,${end} `)}${end}`)
    .join('');
}

/** `from`: the original recipients in words, if the mail now goes to somebody else. */
export function replaceRecipients(bytes: Uint8Array, recipients: readonly NamedMailbox[], from?: string): Uint8Array {
  const end = lineEndingOf(bytes);
  const header = from === undefined ? '' : `${REDIRECT_HEADER}: ${from}${end}`;
  return changeFields(bytes, `${header}${fieldsOf(recipients, end)}`, (name) => REPLACED.includes(name));
}
