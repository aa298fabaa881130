// Base64 as Graph takes it: white space anywhere, and nothing else that RFC 4648 doesn't have.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64, isBase64 } from '../../../shared/domain/content/base64.ts';

const SEED = 20_260_801;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const decoded = (text: string): string | undefined => {
  const bytes = decodeBase64(bytesOf(text));
  return bytes && Buffer.from(bytes).toString('utf8');
};

describe('what is base64', () => {
  test.each([
    ['', ''],
    ['Zg==', 'f'],
    ['Zm8=', 'fo'],
    ['Zm9v', 'foo'],
    ['Zm9vYmFy', 'foobar'],
    [' Z\tm\r\n9\nv ', 'foo'],
    ['Zm8\r\n=', 'fo'],
    ['Zg=\n=\n', 'f'],
  ])('%j decodes to %j', (text, expected) => {
    expect(decoded(text)).toBe(expected);
    expect(isBase64(text)).toBe(true);
  });

  test('a byte order mark before it is skipped', () => {
    expect(decodeBase64(new Uint8Array([0xef, 0xbb, 0xbf, ...bytesOf('Zm9v')]))).toEqual(bytesOf('foo'));
  });
});

describe('what is not', () => {
  test.each([
    ['a missing pad', 'Zg='],
    ['no pad at all', 'Zg'],
    ['an extra pad', 'Zm9v='],
    ['three pads', 'Z==='],
    ['four pads', '===='],
    ['a letter after a pad', 'Zg==Zg=='],
    ['one letter too many', 'Zm9vY'],
    ['the URL-safe alphabet', 'Zm-_'],
    ['a character of another script', 'Zm9ё'],
    ['an elision', 'Zm9v...'],
    ['a NUL', 'Zm9\0'],
    ['a form feed', 'Zm9v\f'],
  ])('%s', (_, text) => {
    expect(decoded(text)).toBeUndefined();
    expect(isBase64(text)).toBe(false);
  });
});

describe('a text of many pieces', () => {
  const bytes = new Uint8Array(Buffer.alloc(200_001, 'any bytes at all'));
  const letters = Buffer.from(bytes).toString('base64');

  test.each([
    ['dense', letters],
    ['in lines', letters.replace(/.{76}/g, '$&\r\n')],
    ['with a blank that divides a group between two pieces', ` ${letters}`],
  ])('%s, decodes to the same bytes', (_, text) => {
    expect(Buffer.compare(decodeBase64(bytesOf(text)) as Uint8Array, bytes)).toBe(0);
  });

  test('a mistake in its last piece, and a pad in the one before, are found', () => {
    expect(decodeBase64(bytesOf(`${letters.slice(0, -4)}????`))).toBeUndefined();
    expect(decodeBase64(bytesOf(`${letters.slice(0, 65_535)}=${letters.slice(65_536)}`))).toBeUndefined();
  });

  test('encodes without line breaks, also a part of a larger buffer', () => {
    expect(encodeBase64(bytes)).toBe(letters);
    expect(encodeBase64(bytes.subarray(3))).toBe(letters.slice(4));
  });
});

describe('whatever comes in', () => {
  test('what was encoded comes back, wherever white space stands', () => {
    const blanks = fc.constantFrom('', '', '', ' ', '\r\n', '\t');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(blanks, { minLength: 1, maxLength: 20 }), (bytes, spread) => {
        const text = [...Buffer.from(bytes).toString('base64')].map((letter, i) => letter + spread[i % spread.length]).join('');
        expect(decodeBase64(bytesOf(text))).toEqual(new Uint8Array(bytes));
        expect(isBase64(text)).toBe(true);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('both readers agree on any bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('A', 'z', '+', '/', '=', ' ', '\n', '-', 'é'), maxLength: 12 }), (text) => {
        expect(isBase64(text)).toBe(decodeBase64(bytesOf(text)) !== undefined);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });
});
