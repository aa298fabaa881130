// What a mail address is (RFC 5321 section 4.1.2, RFC 5322 section 3.4.1, RFC 6531), and when two are the same.
import { asciiDomain, unicodeDomain } from './domain-name.ts';

/** RFC 5321 section 4.5.3.1: 64 octets of local part, 255 of domain, and the at sign. */
const MAXIMUM_LENGTH = 320;

/** Blanks, control characters, half surrogate pairs and RFC 5322's specials, the dot excepted. */
const SPECIAL = '\\s"<>()[\\]:;,\\\\@\\p{Cc}\\p{Cs}';
const LOCAL = `(?:"(?:[^"\\\\\\p{Cc}\\p{Cs}]|\\\\[^\\p{Cc}\\p{Cs}]){1,62}"|[^${SPECIAL}]{1,64})`;
const DOMAIN = '(?:\\[[^\\]\\s\\p{Cc}]{1,64}\\]|[\\p{L}\\p{N}\\p{M}_-]+(?:\\.[\\p{L}\\p{N}\\p{M}_-]+)*)';
/** Any dots are allowed within a local part: some providers have given out addresses with two in a row. */
const ADDRESS = new RegExp(`^${LOCAL}@${DOMAIN}$`, 'u');
const DOMAIN_ALONE = new RegExp(`^${DOMAIN}$`, 'u');
/** RFC 5322 section 3.2.3, with the characters of RFC 6532. */
const DOT_ATOM = new RegExp(`^[^${SPECIAL}.]+(?:\\.[^${SPECIAL}.]+)*$`, 'u');

/** A mail address by its meaning: the local part without its quotes, the domain in its one spelling. */
interface Parts {
  local: string;
  domain: string;
}

const unquoted = (local: string): string =>
  local.length > 1 && local.startsWith('"') && local.endsWith('"') ? local.slice(1, -1).replace(/\\(.)/gsu, '$1') : local;

/** A local part as RFC 5322 writes it: in quotes only if it needs them. */
export const localText = (local: string): string => (DOT_ATOM.test(local) ? local : `"${local.replace(/["\\]/g, '\\$&')}"`);

/** Whether it is an address by itself: nothing stands around it, and nothing within it needs to be left out. */
export const isAddress = (text: string): boolean =>
  text.length <= MAXIMUM_LENGTH && ADDRESS.test(text) && asciiDomain(text.slice(text.lastIndexOf('@') + 1)) !== undefined;

/** Blanks and angle brackets around it do not count. */
function bare(text: string): string {
  const trimmed = text.trim();
  return trimmed.startsWith('<') && trimmed.endsWith('>') ? trimmed.slice(1, -1).trim() : trimmed;
}

/** Full stops of East Asian scripts, which UTS #46 takes for dots. */
const IDEOGRAPHIC_DOTS = /[\u3002\uFF0E\uFF61]/g;

/** As leniently as two may be compared: a report writes a local part without the quotes that it needs, or a domain with its last dot. */
function partsOf(text: string): Parts | undefined {
  if (text.length > MAXIMUM_LENGTH) return undefined;
  const at = text.lastIndexOf('@');
  const local = unquoted(text.slice(0, Math.max(at, 0)));
  const written = text
    .slice(at + 1)
    .replace(IDEOGRAPHIC_DOTS, '.')
    .replace(/\.$/, '');
  const domain = DOMAIN_ALONE.test(written) ? asciiDomain(written) : undefined;
  return local !== '' && domain !== undefined ? { local, domain } : undefined;
}

const lower = (text: string): string => text.normalize('NFC').toLowerCase();

/**
 * One text for all spellings of an address: without needless quotes, without case (no receiving system in use tells addresses apart by
 * it, RFC 5321 section 2.4; Exchange compares proxy addresses so), in Unicode's NFC, its domain as A-labels. If it is not an address, such
 * as an X.400 name, the text itself in lower case.
 */
export function addressKey(text: string): string {
  const parts = partsOf(bare(text));
  return parts ? `${localText(lower(parts.local))}@${parts.domain}` : lower(bare(text));
}

export const sameAddress = (a: string, b: string): boolean => addressKey(a) === addressKey(b);

/** The domain in its one spelling; undefined for what is no address by itself. */
export const domainOf = (address: string): string | undefined =>
  isAddress(address) ? asciiDomain(address.slice(address.lastIndexOf('@') + 1)) : undefined;

/** As a header of RFC 5322 names it: quotes where they are needed; A-labels, which every transport takes, unless the local part needs RFC 6532. */
export function headerAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const local = localText(unquoted(address.slice(0, at)));
  const domain = address.slice(at + 1);
  return `${local}@${/^[\x20-\x7e]+$/.test(local) ? (asciiDomain(domain) ?? domain) : domain}`;
}

/**
 * The texts under which an index may have an address. New rows have the first one. Rows that were written before there was one text per
 * address have the text that was posted, in lower case: what was asked for, and the other usual spellings, quoted and not, in A- and U-labels.
 */
export function searchKeys(text: string): string[] {
  const keys = [addressKey(text), lower(text.trim())];
  const parts = partsOf(bare(text));
  if (parts) {
    const local = lower(parts.local);
    const domains = new Set([parts.domain, lower(unicodeDomain(parts.domain))]);
    for (const domain of domains) keys.push(`${local}@${domain}`, `"${local.replace(/["\\]/g, '\\$&')}"@${domain}`);
  }
  return [...new Set(keys)];
}
