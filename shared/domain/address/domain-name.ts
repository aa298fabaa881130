// The domain of a mail address in its one spelling: A-labels in lower case (RFC 5890), and which domains a pattern means.
import { domainToASCII, domainToUnicode } from 'node:url';

const ASCII = /^[\x21-\x7e]+$/;

/**
 * `exämple.com` and `XN--EXMPLE-CUA.com` are `xn--exmple-cua.com` (UTS #46, not transitional, as browsers do it). An address literal
 * (RFC 5321 section 4.1.3) is only put into lower case. Undefined if it is not a domain. https://www.unicode.org/reports/tr46/
 */
export function asciiDomain(domain: string): string | undefined {
  if (ASCII.test(domain)) return domain.toLowerCase();
  const ascii = domainToASCII(domain);
  // Digits of another script would be read as an IPv4 address with other labels.
  return ascii !== '' && ascii.split('.').length === domain.split('.').length ? ascii : undefined;
}

/** The spelling that people read: `xn--exmple-cua.com` is `exämple.com`. */
export const unicodeDomain = (domain: string): string => domainToUnicode(domain) || domain;

/** Whether a domain in its one spelling is meant by `domain` or by `*.domain`, which stands for those below it. Nothing means what is none. */
export function domainFits(pattern: string, domain: string | undefined): boolean {
  if (domain === undefined) return false;
  const isBelow = pattern.startsWith('*.');
  const meant = asciiDomain(isBelow ? pattern.slice(2) : pattern);
  if (meant === undefined) return false;
  return isBelow ? domain.endsWith(`.${meant}`) : domain === meant;
}
