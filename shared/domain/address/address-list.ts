// Address fields of a header (RFC 5322 section 3.4), read strictly and to their end: an address that other programs could read differently is refused.
import { isAddress, localText } from './address.ts';
import { type Token, tokensOf, UnreadableAddress } from './lexer.ts';

export interface Mailbox {
  address: string;
  /** The display name as a header has it, encoded words (RFC 2047) still encoded; empty for none. */
  name: string;
}

/** `mailbox`: one. `mailboxes`: one or more. `addresses`: any number, groups too. */
export type FieldSyntax = 'mailbox' | 'mailboxes' | 'addresses';

export type ReadAddresses = { ok: true; mailboxes: Mailbox[] } | { ok: false; why: string };

const ATOM = /^[^\s"<>()[\]:;,\\@.]+$/;
const ENCODED_WORD = /^=\?[^?\s]{1,60}\?[bq]\?[^?\s]{0,900}\?=$/i;

/** A name as it was, with quotes around what needs them. */
function phrase(words: readonly Token[]): string {
  const texts: { text: string; isQuoted: boolean }[] = [];
  for (const { kind, text, apart } of words) {
    const last = texts.at(-1);
    // The dots of `J. R. Smith` are tokens of their own.
    if (last && !apart && !last.isQuoted && kind !== 'quoted') last.text += text;
    else texts.push({ text, isQuoted: kind === 'quoted' });
  }
  const bare = ({ text, isQuoted }: { text: string; isQuoted: boolean }) => !isQuoted && (ATOM.test(text) || ENCODED_WORD.test(text));
  return texts.map((word) => (bare(word) ? word.text : `"${word.text.replace(/["\\]/g, '\\$&')}"`)).join(' ');
}

const shown = (words: readonly Token[]): string =>
  words
    .map(({ text, apart }) => (apart ? ` ${text}` : text))
    .join('')
    .trim();

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  #isSpecial(text: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'special' && token.text === text;
  }

  take(special: string): boolean {
    if (!this.#isSpecial(special)) return false;
    this.#at++;
    return true;
  }

  /** Atoms, quoted texts and dots: a name, or a local part. */
  #words(): Token[] {
    const from = this.#at;
    while (this.#tokens[this.#at]?.kind === 'atom' || this.#tokens[this.#at]?.kind === 'quoted' || this.#isSpecial('.')) this.#at++;
    return this.#tokens.slice(from, this.#at);
  }

  /** Blanks and comments within an address "SHOULD NOT be used" (RFC 5322 section 3.4.1), and not every reader leaves them out. */
  #joined(words: readonly Token[]): string {
    if (words.slice(1).some(({ apart }) => apart))
      throw new UnreadableAddress(`the address '${shown(words)}' contains a space or a comment`);
    return words.map(({ text }) => text).join('');
  }

  /** The rest of an address whose local part was read: the at sign and the domain. */
  #addressAfter(words: readonly Token[]): string {
    const from = this.#at;
    this.#at++;
    if (this.#tokens[this.#at]?.kind === 'literal') this.#at++;
    else while (this.#tokens[this.#at]?.kind === 'atom' || this.#isSpecial('.')) this.#at++;
    const rest = this.#tokens.slice(from, this.#at);
    const whole = [...words, ...rest];
    this.#joined(whole);
    const [first] = words;
    // `"a".b` and `a."b"` are obsolete (RFC 5322 section 4.4).
    if (words.length > 1 && words.some(({ kind }) => kind === 'quoted')) throw new UnreadableAddress(`'${shown(whole)}' is not an address`);
    const local = this.#joined(words);
    // Some programs drop blanks in a row, or at an end.
    if (/^ | $| {2}|\t/.test(local)) throw new UnreadableAddress(`'${shown(whole)}' has spaces in its local part that other programs drop`);
    const written = first?.kind === 'quoted' ? localText(local) : local;
    const isStrict = first?.kind === 'quoted' || written === localText(local);
    const address = `${written}${this.#joined(rest)}`;
    if (!isStrict || !isAddress(address)) throw new UnreadableAddress(`'${shown(whole)}' is not an address`);
    return address;
  }

  #inBrackets(words: readonly Token[]): string {
    this.#at++;
    if (this.#isSpecial('@')) throw new UnreadableAddress('a source route (RFC 5322 section 4.4) is obsolete: leave it out');
    const local = this.#words();
    if (!this.#isSpecial('@')) throw new UnreadableAddress(`there is no address in the angle brackets after '${shown(words)}'`);
    const address = this.#addressAfter(local);
    const close = this.#tokens[this.#at];
    if (!this.#isSpecial('>') || close?.apart || local[0]?.apart) {
      throw new UnreadableAddress(`the angle brackets around '${address}' contain something else too`);
    }
    this.#at++;
    return address;
  }

  #mailboxAfter(words: readonly Token[]): Mailbox {
    if (this.#isSpecial('@')) return { address: this.#addressAfter(words), name: '' };
    // obs-phrase (RFC 5322 section 4.1) has dots, as in `John Q. Public`, but does not begin with one.
    if (words[0]?.kind === 'special') throw new UnreadableAddress(`'${shown(words)}' is not a name`);
    if (this.#isSpecial('<')) return { address: this.#inBrackets(words), name: phrase(words) };
    throw new UnreadableAddress(
      words.length > 0 ? `'${shown(words)}' is not an address` : 'the list contains something that is not an address',
    );
  }

  mailbox(): Mailbox {
    return this.#mailboxAfter(this.#words());
  }

  /** A mailbox, or all of a group. */
  address(): Mailbox[] {
    const words = this.#words();
    return words.length > 0 && words[0]?.kind !== 'special' && this.take(':') ? this.#members() : [this.#mailboxAfter(words)];
  }

  #members(): Mailbox[] {
    if (this.take(';')) return [];
    const mailboxes: Mailbox[] = [];
    do mailboxes.push(this.mailbox());
    while (this.take(','));
    if (!this.take(';')) throw new UnreadableAddress('a group does not end with a semicolon');
    return mailboxes;
  }
}

function read(text: string, syntax: FieldSyntax): Mailbox[] {
  // A recipient field that is empty names nobody; RFC 5322 allows that for Bcc.
  if (text.trim() === '' && syntax === 'addresses') return [];
  const reader = new Reader(tokensOf(text));
  const mailboxes: Mailbox[] = [];
  do {
    if (syntax === 'addresses') for (const mailbox of reader.address()) mailboxes.push(mailbox);
    else mailboxes.push(reader.mailbox());
  } while (syntax !== 'mailbox' && reader.take(','));
  if (!reader.isAtEnd) throw new UnreadableAddress('there is more text after the end of an address');
  return mailboxes;
}

/** `text`: the unfolded value of the field. */
export function readAddresses(text: string, syntax: FieldSyntax): ReadAddresses {
  try {
    return { ok: true, mailboxes: read(text, syntax) };
  } catch (error) {
    // A field that cannot be read to its end is refused, whatever the error.
    return { ok: false, why: (error as Error).message };
  }
}
