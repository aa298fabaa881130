// Replaces the recipients of a whole RFC 5322 message: removes its To, Cc and Bcc fields, and puts new ones on top. No other byte changes.
import { headerAddress } from '../address/address.ts';
import type { NamedMailbox } from '../content/address-fields.ts';
import type { RecipientType } from '../log/send-request.ts';

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const FIELD_NAME = /^([\x21-\x39\x3b-\x7e]+)[ \t]*$/;
/** Names the original recipients. */
export const REDIRECT_HEADER = 'x-redirected-from';
/** Some transports send a resent message to its Resent- fields. */
const REPLACED = ['to', 'cc', 'bcc', 'resent-to', 'resent-cc', 'resent-bcc', REDIRECT_HEADER];
const NAMES: Record<RecipientType, string> = { to: 'To', cc: 'Cc', bcc: 'Bcc' };

const latin1 = new TextDecoder('windows-1252');

/** In lower case; undefined for a line that continues the field before it, indented or not, as `mime-header.ts` reads it. */
function fieldNameOf(line: Uint8Array): string | undefined {
  const colon = line.indexOf(COLON);
  return colon < 0 ? undefined : FIELD_NAME.exec(latin1.decode(line.subarray(0, colon)))?.[1]?.toLowerCase();
}

/** The parts of the message that stay: a replaced field goes with the lines that continue it. */
function kept(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let isReplaced = false;
  let from = 0;
  while (from < bytes.length) {
    const feed = bytes.indexOf(LF, from);
    const end = feed < 0 ? bytes.length : feed + 1;
    const first = bytes[from];
    if (first === LF || (first === CR && bytes[from + 1] === LF)) break;
    const field = fieldNameOf(bytes.subarray(from, end));
    if (field !== undefined) isReplaced = REPLACED.includes(field);
    if (!isReplaced) parts.push(bytes.subarray(from, end));
    from = end;
  }
  return [...parts, bytes.subarray(from)];
}

const lineEndingOf = (bytes: Uint8Array): string => {
  const feed = bytes.indexOf(LF);
  return feed >= 0 && bytes[feed - 1] !== CR ? '\n' : '\r\n';
};

/** RFC 5322 section 2.1.1: no line is longer than 998 characters. */
const MAXIMUM_LINE = 900;

function written({ name, address }: NamedMailbox): string {
  const bare = headerAddress(address);
  const named = `${name} <${bare}>`;
  return name === '' || new TextEncoder().encode(named).length > MAXIMUM_LINE ? bare : named;
}

/** One address a line, so that no line grows too long. */
function fieldsOf(recipients: readonly NamedMailbox[], end: string): string {
  const of = (type: RecipientType) => recipients.filter((recipient) => recipient.type === type).map(written);
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
  const top = new TextEncoder().encode(`${header}${fieldsOf(recipients, end)}`);
  const parts = [top, ...kept(bytes)];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
