// The address in a recipient field of a report (RFC 3464 section 2.3.1, RFC 6533 section 3), as mail systems really write it.
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

/** Quotes around the whole, as `'bob@example.com'`, are none of the address; those of a local part and within it are. */
function withoutOuterQuotes(text: string): string {
  const inner = /^(?:'([^'][^'@]*@[^']+)'|"([^"][^"@]*@[^"]+)")$/.exec(text);
  return inner?.[1] ?? inner?.[2] ?? text;
}

/** An address in running text or in a header, by its key; X.400 names, pipes and files are kept as they are, in lower case. Undefined for nothing. */
export function addressIn(value: string): string | undefined {
  const decoded = decodeEmbedded(value);
  const found = essential(decoded);
  // In an X.400 name `(a)` stands for an at sign: what is no mail address keeps its comments.
  const named = found.includes('@') ? found : decoded.replace(/[<>]/g, '');
  const text = withoutOuterQuotes(named.trim().replace(/^mailto:/i, ''));
  return text === '' ? undefined : addressKey(text);
}

/** `rfc822; <User@Example.COM>` becomes `user@example.com`. */
export const readRecipientField = (value: string): string | undefined => addressIn(value.replace(TYPE, ''));

/**
 * How an address that nobody was sent to may be meant: an ORCPT parameter that was copied as it is has `+2B` for a plus sign (xtext,
 * RFC 3461 section 4). Undefined if it has nothing of the kind.
 */
export function withoutXtext(address: string): string | undefined {
  const decoded = address.replace(/\+([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decoded === address ? undefined : addressKey(decoded);
}
