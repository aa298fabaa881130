// The address in a recipient field of a report (RFC 3464 section 2.3.1, RFC 6533 section 3), as mail systems really write it.
import { decodeWords } from 'postal-mime';
import { addressKey } from './address.ts';

/** `rfc822;`, `utf-8;`, `x400;`: what kind of address follows. */
const TYPE = /^\s*[a-z0-9/-]{1,30}\s*;/i;

/** Without its comments, which nest; quotes keep theirs. What stands in the first angle brackets is the address. */
function essential(value: string): string {
  let [text, depth, isQuoted] = ['', 0, false];
  for (let i = 0; i < value.length; i++) {
    const character = value[i] as string;
    const isPair = character === '\\' && value[i + 1] !== 'x';
    if (character === '"' && depth === 0) isQuoted = !isQuoted;
    if (!isQuoted && character === '(') depth++;
    else if (!isQuoted && character === ')' && depth > 0) depth--;
    else if (depth === 0) {
      if (!isQuoted && character === '<') text = '';
      else if (!isQuoted && character === '>') return text;
      else text += character;
    }
    if (isPair && i + 1 < value.length) {
      i++;
      if (depth === 0) text += value[i];
    }
  }
  return text;
}

/** utf-8-addr-unitext and utf-8-addr-xtext: `\x{4E2D}` stands for a character. */
function decodeEmbedded(value: string): string {
  return value.replace(/\\x\{([0-9a-f]{2,6})\}/gi, (whole, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Quotes around the whole, as `'bob@example.com'`, do not belong to the address; quotes around or within a local part do. */
function withoutOuterQuotes(text: string): string {
  const inner = /^(?:'([^'][^'@]*@[^']+)'|"([^"][^"@]*@[^"]+)")$/.exec(text);
  return inner?.[1] ?? inner?.[2] ?? text;
}

/** RFC 822's source route before an address, as in `@relay.example.net:bob@example.com` (RFC 5321 appendix C): it names the route, not the recipient. */
const withoutRoute = (text: string): string => (text.startsWith('@') ? text.slice(text.indexOf(':') + 1) : text);

const AFTER_AN_ADDRESS = ' \t;,:.';

/** Without what stands after the address, and without blanks around the at sign and in the domain: a folded line leaves one. */
function tidy(text: string): string {
  let end = text.length;
  while (end > 0 && AFTER_AN_ADDRESS.includes(text[end - 1] as string)) end--;
  const address = withoutRoute(
    text
      .slice(0, end)
      .trim()
      .replace(/^mailto:/i, ''),
  );
  const at = address.lastIndexOf('@');
  return at < 0
    ? address
    : `${address.slice(0, at).trimEnd()}@${address
        .slice(at + 1)
        .split(/\s/)
        .join('')}`;
}

/** `strip` takes what stands before an address in its field. */
function readAddress(value: string, strip: (text: string) => string): string | undefined {
  const found = decodeEmbedded(strip(essential(value)));
  // In an X.400 name `(a)` stands for an at sign: what is no mail address keeps its comments.
  const text = found.includes('@') ? withoutOuterQuotes(tidy(found)) : decodeEmbedded(strip(value)).replace(/[<>]/g, '').trim();
  return text === '' ? undefined : addressKey(text);
}

/** An address in running text or in a header, by its key; X.400 names, pipes and files are kept as they are, in lower case. Undefined for nothing. */
export const addressIn = (value: string): string | undefined => readAddress(value, (text) => text);

/** Some systems write the type twice, or with a colon. */
const AGAIN = /^\s*(?:rfc822|utf-8|smtp)\s*[;:]/i;
const withoutType = (text: string): string => text.replace(TYPE, '').replace(AGAIN, '').replace(AGAIN, '');

const decoded = (value: string): string | undefined => (value.includes('=?') ? readAddress(decodeWords(value), withoutType) : undefined);

/** `rfc822; <User@Example.COM>` becomes `user@example.com`. Encoded words (RFC 2047) have no place there: one that hides the at sign is read. */
export function readRecipientField(value: string): string | undefined {
  const address = readAddress(value, withoutType);
  return address?.includes('@') ? address : (decoded(value) ?? address);
}

/** The same field with its encoded words decoded, if that is another address: some systems write a local part beyond ASCII so. */
export function decodedRecipient(value: string): string | undefined {
  const found = decoded(value);
  return found === readRecipientField(value) ? undefined : found;
}

const decodeHex = (text: string, hex: RegExp): string =>
  text.replace(hex, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** Exchange packs an address that it cannot use into one of its own domain: `_` stands for a slash, `+40` for an at sign (MS-OXCMAIL 2.1.3.1.8, IMCEA). */
const ENCAPSULATED = /^imcea(?:invalid|smtp)-(.{1,250})@[^@]{1,255}$/;

/**
 * An address that nobody was sent to: an ORCPT parameter that was copied as it is has `+2B` for a plus sign (xtext, RFC 3461 section 4).
 * Undefined if it has nothing of the kind.
 */
export function withoutXtext(address: string): string | undefined {
  const text = decodeHex(address, /\+([2-7][0-9a-f])/gi);
  return text === address ? undefined : addressKey(text);
}

/** What was encapsulated; undefined if nothing was. */
export function withoutEncapsulation(address: string): string | undefined {
  const packed = ENCAPSULATED.exec(address)?.[1];
  return packed === undefined ? undefined : addressKey(decodeHex(packed.replace(/_/g, '/'), /\+([0-9a-f]{2})/gi));
}
