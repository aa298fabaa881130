// Replaces the recipients of a whole RFC 5322 message: its To, Cc and Bcc fields go, new ones come on top, all else stays byte for byte.
import type { Recipient, RecipientType } from './send-request.ts';

const LF = 0x0a;
const CR = 0x0d;
const FIELD = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:/;
const REPLACED = ['to', 'cc', 'bcc'];
const NAMES: Record<RecipientType, string> = { to: 'To', cc: 'Cc', bcc: 'Bcc' };

/** The parts of the message that stay: a replaced field goes with the lines that continue it. */
function kept(bytes: Uint8Array): Uint8Array[] {
  const latin1 = new TextDecoder('windows-1252');
  const parts: Uint8Array[] = [];
  let isReplaced = false;
  let from = 0;
  while (from < bytes.length) {
    const feed = bytes.indexOf(LF, from);
    const end = feed < 0 ? bytes.length : feed + 1;
    const first = bytes[from];
    if (first === LF || (first === CR && bytes[from + 1] === LF)) break;
    const isContinued = first === 0x20 || first === 0x09;
    const field = isContinued ? undefined : FIELD.exec(latin1.decode(bytes.subarray(from, Math.min(end, from + 100))))?.[1];
    if (field !== undefined) isReplaced = REPLACED.includes(field.toLowerCase());
    if (!isReplaced) parts.push(bytes.subarray(from, end));
    from = end;
  }
  return [...parts, bytes.subarray(from)];
}

const lineEndingOf = (bytes: Uint8Array): string => {
  const feed = bytes.indexOf(LF);
  return feed >= 0 && bytes[feed - 1] !== CR ? '\n' : '\r\n';
};

/** One address a line, so that no line grows too long. */
function fieldsOf(recipients: readonly Recipient[], end: string): string {
  const of = (type: RecipientType) => recipients.filter((recipient) => recipient.type === type).map(({ address }) => address);
  return (['to', 'cc', 'bcc'] as const)
    .map((type) => [type, of(type)] as const)
    .filter(([, addresses]) => addresses.length > 0)
    .map(([type, addresses]) => `${NAMES[type]}: ${addresses.join(`,${end} `)}${end}`)
    .join('');
}

export function replaceRecipients(bytes: Uint8Array, recipients: readonly Recipient[], header: string): Uint8Array {
  const end = lineEndingOf(bytes);
  const top = new TextEncoder().encode(`${header}${end}${fieldsOf(recipients, end)}`);
  const parts = [top, ...kept(bytes)];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
