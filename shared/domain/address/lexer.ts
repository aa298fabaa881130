// The tokens of a structured header field (RFC 5322 section 3.2, RFC 6532 section 3.2), in one pass over its unfolded text.

export interface Token {
  kind: 'atom' | 'quoted' | 'literal' | 'special';
  /** Of a quoted string what it means, without quotes and backslashes. */
  text: string;
  /** Whether a blank or a comment stands before it. */
  apart: boolean;
}

/** What is wrong with a field, in words that follow the field's name. */
export class UnreadableAddress extends Error {}

const SPECIALS = '<>@,;:.';
/** RFC 5322 section 3.2.3: printable ASCII that is no special; and everything beyond ASCII but control characters. */
const isAtext = (code: number): boolean =>
  (code > 0x20 && code < 0x7f && !'()<>[]:;@\\,."'.includes(String.fromCharCode(code))) || (code > 0x9f && !isHalfPair(code));
const isHalfPair = (code: number): boolean => code >= 0xd800 && code <= 0xdfff;
const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;
/** Within quotes, comments and literals: no control character, which no reader keeps as it is. */
const isText = (code: number): boolean => code === 0x09 || (code >= 0x20 && code < 0x7f) || code > 0x9f;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

class Lexer {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** One character that may stand within quotes or a comment; a backslash takes the next one as it is. */
  #content(what: string): string {
    if (this.#text.charCodeAt(this.#at) === BACKSLASH) this.#at++;
    if (this.#at >= this.#text.length) throw new UnreadableAddress(`${what} is not closed`);
    const character = this.#text[this.#at++] as string;
    if (!isText(character.charCodeAt(0))) throw new UnreadableAddress(`${what} contains a control character`);
    return character;
  }

  /** Comments nest. A comment that could be read as an address is refused, because some programs do not nest comments. */
  #comment(): void {
    let depth = 0;
    do {
      const isPair = this.#text.charCodeAt(this.#at) === BACKSLASH;
      const character = this.#content('a comment');
      if ('<>@'.includes(character)) throw new UnreadableAddress('a comment contains an address or an angle bracket');
      if (!isPair && character === '(') depth++;
      if (!isPair && character === ')') depth--;
    } while (depth > 0);
  }

  #quoted(): string {
    this.#at++;
    let text = '';
    while (this.#text.charCodeAt(this.#at) !== QUOTE) text += this.#content('a quoted text');
    this.#at++;
    return text;
  }

  #literal(): string {
    const end = this.#text.indexOf(']', this.#at);
    if (end < 0) throw new UnreadableAddress('an address literal is not closed');
    const text = this.#text.slice(this.#at, end + 1);
    this.#at = end + 1;
    return text;
  }

  #atom(): string {
    const start = this.#at;
    while (this.#isAtextAt(this.#at)) this.#at += isHalfPair(this.#text.charCodeAt(this.#at)) ? 2 : 1;
    if (this.#at === start) throw new UnreadableAddress(`the character at position ${start + 1} is not allowed there`);
    return this.#text.slice(start, this.#at);
  }

  /** Characters beyond the basic plane are two units; half of one is none. */
  #isAtextAt(at: number): boolean {
    const code = this.#text.charCodeAt(at);
    return isAtext(code) || (isHalfPair(code) && (this.#text.codePointAt(at) as number) > 0xffff);
  }

  /** Whether there was any. */
  #skipBlanksAndComments(): boolean {
    const start = this.#at;
    for (;;) {
      if (isBlank(this.#text.charCodeAt(this.#at))) this.#at++;
      else if (this.#text[this.#at] === '(') this.#comment();
      else return this.#at > start;
    }
  }

  *tokens(): Generator<Token> {
    for (;;) {
      const apart = this.#skipBlanksAndComments();
      const character = this.#text[this.#at];
      if (character === undefined) return;
      if (character === '"') yield { kind: 'quoted', text: this.#quoted(), apart };
      else if (character === '[') yield { kind: 'literal', text: this.#literal(), apart };
      else if (SPECIALS.includes(character)) {
        this.#at++;
        yield { kind: 'special', text: character, apart };
      } else yield { kind: 'atom', text: this.#atom(), apart };
    }
  }
}

/** Throws UnreadableAddress. */
export const tokensOf = (text: string): Token[] => [...new Lexer(text).tokens()];
