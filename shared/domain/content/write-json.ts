// Writes JSON whose large strings are bytes: they are copied once, into their place.
import { joined } from './bytes.ts';
import { LargeString } from './large-string.ts';

type Piece = string | Uint8Array;

const utf8 = new TextEncoder();
const ascii = new TextDecoder('latin1');

function* piecesOf(value: unknown): Generator<Piece> {
  if (value instanceof LargeString) {
    yield '"';
    yield value.bytes;
    yield '"';
  } else if (Array.isArray(value))
    yield* listOf(
      '[',
      value.map((item) => [undefined, item] as const),
      ']',
    );
  else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    yield* listOf('{', entries, '}');
  } else yield JSON.stringify(value) ?? 'null';
}

function* listOf(open: string, entries: readonly (readonly [string | undefined, unknown])[], close: string): Generator<Piece> {
  yield open;
  for (const [i, [name, value]] of entries.entries()) {
    if (i > 0) yield ',';
    if (name !== undefined) yield `${JSON.stringify(name)}:`;
    yield* piecesOf(value);
  }
  yield close;
}

/** Neighbouring texts as one: most of a mail is many short ones. */
function* gathered(value: unknown): Generator<Piece> {
  let text: string[] = [];
  for (const piece of piecesOf(value)) {
    if (typeof piece === 'string') text.push(piece);
    else {
      yield text.join('');
      yield piece;
      text = [];
    }
  }
  yield text.join('');
}

export const jsonBytes = (value: unknown): Uint8Array =>
  joined([...gathered(value)].map((piece) => (typeof piece === 'string' ? utf8.encode(piece) : piece)));

export const jsonText = (value: unknown): string =>
  [...gathered(value)].map((piece) => (typeof piece === 'string' ? piece : ascii.decode(piece))).join('');

/** Bytes of the JSON. */
export function jsonLength(value: unknown): number {
  let length = 0;
  for (const piece of gathered(value)) length += (typeof piece === 'string' ? utf8.encode(piece) : piece).length;
  return length;
}
