// Parses a $filter expression: and, or, not, comparisons, startswith/endswith/contains, any() over extended properties.
import { errors } from '../http/errors.ts';
import { type Token, tokenise } from './lexer.ts';

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type TextFunction = 'startswith' | 'endswith' | 'contains';
export type Literal = string | number | boolean | null | { readonly date: number };

export type Expression =
  | { readonly kind: 'and'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly inner: Expression }
  | { readonly kind: 'compare'; readonly path: string; readonly operator: Comparison; readonly value: Literal }
  | { readonly kind: 'text'; readonly path: string; readonly operator: TextFunction; readonly value: string }
  | { readonly kind: 'any'; readonly collection: string; readonly variable: string; readonly inner: Expression };

const comparisons = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const functions = ['startswith', 'endswith', 'contains'];

class Parser {
  private position = 0;
  private readonly tokens: readonly Token[];
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
    this.tokens = tokenise(source);
  }

  parse(): Expression {
    const expression = this.or();
    if (this.peek() !== undefined) this.fail();
    return expression;
  }

  private peek(ahead = 0): Token | undefined {
    return this.tokens[this.position + ahead];
  }

  private fail(): never {
    throw errors.invalidFilter(`Syntax error at token ${this.position + 1} in '${this.source}'.`);
  }

  private isWord(text: string): boolean {
    const token = this.peek();
    return token?.kind === 'name' && token.text.toLowerCase() === text;
  }

  private take(kind: Token['kind'], text?: string): string {
    const token = this.peek();
    if (token === undefined || token.kind !== kind || (text !== undefined && token.text !== text)) this.fail();
    this.position++;
    return token.text;
  }

  private or(): Expression {
    let left = this.and();
    while (this.isWord('or')) {
      this.position++;
      left = { kind: 'or', left, right: this.and() };
    }
    return left;
  }

  private and(): Expression {
    let left = this.unary();
    while (this.isWord('and')) {
      this.position++;
      left = { kind: 'and', left, right: this.unary() };
    }
    return left;
  }

  private unary(): Expression {
    if (this.isWord('not')) {
      this.position++;
      return { kind: 'not', inner: this.unary() };
    }
    if (this.peek()?.text === '(' && this.peek()?.kind === 'symbol') {
      this.position++;
      const inner = this.or();
      this.take('symbol', ')');
      return inner;
    }
    return this.primary();
  }

  private primary(): Expression {
    const next = this.peek(1);
    const name = this.peek();
    if (name?.kind === 'name' && functions.includes(name.text.toLowerCase()) && next?.text === '(') return this.textFunction();
    const path = [this.take('name')];
    while (this.peek()?.kind === 'symbol' && this.peek()?.text === '/') {
      this.position++;
      if (this.isWord('any') || this.isWord('all')) return this.lambda(path.join('/'));
      path.push(this.take('name'));
    }
    const operator = this.take('name').toLowerCase();
    if (!comparisons.includes(operator)) this.fail();
    return { kind: 'compare', path: path.join('/'), operator: operator as Comparison, value: this.literal() };
  }

  private textFunction(): Expression {
    const operator = this.take('name').toLowerCase() as TextFunction;
    this.take('symbol', '(');
    const path = this.path();
    this.take('symbol', ',');
    const value = this.take('string');
    this.take('symbol', ')');
    // "startswith(x,'y') eq true" is the long form.
    if (this.isWord('eq')) {
      this.position++;
      if (this.take('name').toLowerCase() !== 'true') this.fail();
    }
    return { kind: 'text', path, operator, value };
  }

  private path(): string {
    const path = [this.take('name')];
    while (this.peek()?.kind === 'symbol' && this.peek()?.text === '/') {
      this.position++;
      path.push(this.take('name'));
    }
    return path.join('/');
  }

  private lambda(collection: string): Expression {
    if (this.isWord('all')) throw errors.notPlayed('all() in $filter');
    this.take('name');
    this.take('symbol', '(');
    const variable = this.take('name');
    this.take('symbol', ':');
    const inner = this.or();
    this.take('symbol', ')');
    return { kind: 'any', collection, variable, inner };
  }

  private literal(): Literal {
    const token = this.peek();
    if (token === undefined) this.fail();
    this.position++;
    if (token.kind === 'string') return token.text;
    if (token.kind === 'number') return token.value;
    if (token.kind === 'date') return { date: Date.parse(token.text) };
    if (token.kind === 'name' && /^(true|false|null)$/i.test(token.text)) {
      return token.text.toLowerCase() === 'null' ? null : token.text.toLowerCase() === 'true';
    }
    this.position--;
    return this.fail();
  }
}

export const parseFilter = (source: string): Expression => new Parser(source).parse();
