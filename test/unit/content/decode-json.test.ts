// A JSON body: its encoding, its depth, and that it is an object.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAXIMUM_JSON_VALUES } from '../../../shared/domain/content/content-limits.ts';
import { lowerFirstLetters, parseJsonObject } from '../../../shared/domain/content/decode-json.ts';
import { LargeString } from '../../../shared/domain/content/large-string.ts';
import { readJson } from '../../../shared/domain/content/read-json.ts';
import { jsonBytes, jsonLength, jsonText } from '../../../shared/domain/content/write-json.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (text: string) => parseJsonObject(bytesOf(text));
const refusal = (text: string): string => {
  const result = parse(text);
  if (result.ok) throw new Error('it was taken');
  expect(result.problem).toMatchObject({ status: 400, code: 'RequestBodyRead' });
  return result.problem.message;
};

describe('a JSON body', () => {
  test('is read, and a byte order mark is skipped', () => {
    expect(parse('{"a":1}')).toEqual({ ok: true, value: { a: 1 } });
    expect(parse('\ufeff{"a":1}')).toEqual({ ok: true, value: { a: 1 } });
  });

  test('has a name twice: the last one counts', () => {
    expect(parse('{"a":1,"a":2}')).toEqual({ ok: true, value: { a: 2 } });
  });

  test.each([
    ['', 'has no body'],
    [' ', 'not valid JSON'],
    ['{"a":', 'not valid JSON'],
    ['{"a":1}}', 'not valid JSON'],
    ["{'a':1}", 'not valid JSON'],
    ['[]', 'not a JSON object'],
    ['null', 'not a JSON object'],
    ['"text"', 'not a JSON object'],
  ])('is refused where it is %j', (text, words) => {
    expect(refusal(text)).toContain(words);
  });

  test('is refused where it is not UTF-8', () => {
    const result = parseJsonObject(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]));
    expect(result).toMatchObject({ ok: false, problem: { message: 'The body is not valid UTF-8.' } });
    expect(parseJsonObject(new Uint8Array(Buffer.from('{"a":1}', 'utf16le'))).ok).toBe(false);
  });

  test('is refused 10,000 levels deep, and a million', () => {
    for (const depth of [10_000, 1_000_000]) {
      expect(refusal('['.repeat(depth))).toContain('nested deeper than 100');
      expect(refusal(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)).toContain('nested deeper than 100');
    }
  });

  test('is refused with more values than a worker should hold, and not for what stands in its strings', () => {
    expect(refusal(`{"a":[${'{},'.repeat(1_000_000)}{}]}`)).toContain('more than 30000 values');
    expect(parse(JSON.stringify({ a: ',[{'.repeat(1_000_000) })).ok).toBe(true);
  }, 20_000);

  test('is taken 100 levels deep', () => {
    expect(parse(`{"a":${'['.repeat(99)}${']'.repeat(99)}}`).ok).toBe(true);
    expect(parse(`{"a":${'['.repeat(100)}${']'.repeat(100)}}`).ok).toBe(false);
  });

  test('may have brackets and escaped quotation marks in its strings', () => {
    const text = JSON.stringify({ a: '['.repeat(500), b: '\\"['.repeat(300), c: '\\', d: '{"' });
    expect(parse(text).ok).toBe(true);
    expect(refusal('{"a":"[[[')).toContain('not valid JSON');
  });

  test('is read in one pass also where it is made of backslashes', () => {
    expect(parse(`{"a":"${'\\\\'.repeat(1_000_000)}"}`).ok).toBe(true);
    expect(parse(`{"a":"${'\\"'.repeat(1_000_000)}"}`).ok).toBe(true);
  }, 20_000);

  test('comes back as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (value) => {
        const text = JSON.stringify(value);
        expect(parse(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
      { seed: 20_260_802, numRuns: 300 },
    );
  });

  test('of any bytes is read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const result = parseJsonObject(bytes);
        if (!result.ok) expect(result.problem.status).toBe(400);
      }),
      { seed: 20_260_803, numRuns: 500 },
    );
  });
});

test('the first letter of a parameter is read without case, the others are not', () => {
  expect(lowerFirstLetters({ Message: 1, saveToSentItems: 2, SAVE: 3 })).toEqual({ message: 1, saveToSentItems: 2, sAVE: 3 });
});

describe('JSON that is read and written', () => {
  const value = fc.dictionary(fc.constantFrom('contentBytes', 'a', '__proto__', 'é', '1'), fc.jsonValue({ maxDepth: 4 }));

  test('is what the language makes of it', () => {
    fc.assert(
      fc.property(value, (given) => {
        const text = JSON.stringify(given);
        const parsed = parse(text);
        if (!parsed.ok) throw new Error(parsed.problem.message);
        expect(jsonText(parsed.value)).toBe(JSON.stringify(JSON.parse(text)));
        expect(Buffer.from(jsonBytes(parsed.value)).toString()).toBe(jsonText(parsed.value));
        expect(jsonLength(parsed.value)).toBe(jsonBytes(parsed.value).length);
      }),
      { seed: 20_261_201, numRuns: 400 },
    );
  });

  test('is refused where the language refuses it, whatever is damaged', () => {
    const seed = '{"a":[1,-2.5e3,true,null,"\\u00e9\\"x"],"b":{"c":{},"d":[]}, "e" : "" }';
    const edits = fc.array(
      fc.tuple(fc.nat(seed.length), fc.constantFrom('', '"', '\\', ',', ':', '{', '}', '[', ']', '0', 'e', '-', ' ', 't', '\n')),
    );
    fc.assert(
      fc.property(edits, (changes) => {
        let text = seed;
        for (const [at, piece] of changes.slice(0, 3)) text = text.slice(0, at) + piece + text.slice(at + 1);
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          expect(refusal(text)).toContain('not valid JSON');
          return;
        }
        const parsed = parse(text);
        if (parsed.ok) expect(parsed.value).toEqual(expected);
        else expect(parsed.problem.message).toContain('not a JSON object');
      }),
      { seed: 20_261_202, numRuns: 2_000 },
    );
  });

  const large = 'QUJD'.repeat(20_000);
  const contentOf = (json: string): unknown => {
    const parsed = parse(json);
    return parsed.ok ? parsed.value['contentBytes'] : parsed.problem.message;
  };

  test('leaves large contents in its bytes, by their place: of a name that is content, dense, and long', () => {
    expect(contentOf(JSON.stringify({ contentBytes: large }))).toBeInstanceOf(LargeString);
    expect(contentOf(JSON.stringify({ contentBytes: `${large}\n` }))).toBe(`${large}\n`);
    expect(contentOf(JSON.stringify({ contentBytes: 'QUJD' }))).toBe('QUJD');
    expect(contentOf(JSON.stringify({ contentBytes: [large] }))).toEqual([large]);
    const text = JSON.stringify({ a: large, contentBytes: large, b: { contentBytes: large } });
    const parsed = parse(text);
    expect(parsed.ok && jsonText(parsed.value)).toBe(text);
    expect(parsed.ok && Buffer.from(jsonBytes(parsed.value)).toString()).toBe(text);
  });

  test('may have as many values as the limit says, and numbers and words have an end', () => {
    expect(parse(`{"a":[${'0,'.repeat(MAXIMUM_JSON_VALUES - 3)}0]}`).ok).toBe(true);
    expect(parse(`{"a":[${'0,'.repeat(MAXIMUM_JSON_VALUES - 2)}0]}`).ok).toBe(false);
    expect(refusal(`{"a":${'1'.repeat(1_000_000)}}`)).toContain('not valid JSON');
    expect(refusal('{"a" 1}')).toContain('an unexpected character at byte 5');
    expect(refusal('{"a":1,}')).toContain('not valid JSON');
    expect(refusal('{"a":[1 2]}')).toContain('not valid JSON');
    expect(refusal('{"a":"\u0001"}')).toContain('not valid JSON');
    expect(refusal('{"a":1')).toContain('it ends too early');
  });

  test('has no value for what has none', () => {
    expect(jsonText({ a: undefined, b: [undefined] })).toBe('{"b":[null]}');
  });
});

test('what is written has the length that is told, with large strings in it, and null where the language has no word', () => {
  const value = { a: [undefined, 'ü', new LargeString(bytesOf('QUJD'))], b: undefined };
  expect(jsonText(value)).toBe('{"a":[null,"ü","QUJD"]}');
  expect(new TextDecoder().decode(jsonBytes(value))).toBe(jsonText(value));
  expect(jsonLength(value)).toBe(jsonBytes(value).length);
});

test('a reader hides no error that is none of its own', () => {
  expect(() => readJson(undefined as never)).toThrow(TypeError);
});
