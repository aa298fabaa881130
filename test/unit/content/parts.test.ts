// MIME as a tree of places in its bytes, within its limits.
import { describe, expect, test } from 'vitest';
import { MAXIMUM_HEADER_BYTES } from '../../../shared/domain/content/content-limits.ts';
import { structuredField } from '../../../shared/domain/content/content-type-field.ts';
import { layoutOf } from '../../../shared/domain/content/mime-layout.ts';
import { isSignedOrEncrypted, leavesOf, type MimePart, readParts } from '../../../shared/domain/content/mime-parts.ts';
import { problems } from '../../../shared/domain/content/problem.ts';

const bytes = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'));
function tree(mime: Uint8Array): MimePart {
  const parts = readParts(mime);
  if (!parts.ok) throw new Error(parts.problem.message);
  return parts.value;
}
const textsOf = (mime: Uint8Array): string[] =>
  [...leavesOf(tree(mime))].map(({ from, to }) => Buffer.from(mime.subarray(from, to)).toString());

describe('the parts of a message', () => {
  test.each<[string, Buffer, string[]]>([
    ['without any', bytes('To: a', '', 'Text'), ['Text']],
    ['without a body', bytes('To: a'), ['']],
    [
      'between delimiters',
      bytes('Content-Type: multipart/mixed; boundary=b', '', 'preamble', '--b', '', 'one', '--b', '', 'two', '--b--', 'epilogue'),
      ['one', 'two'],
    ],
    [
      'in quotation marks, with blanks behind',
      bytes('Content-Type: multipart/mixed; boundary="b b"', '', '--b b \t', '', 'one', '--b b--'),
      ['one'],
    ],
    ['with bare line feeds', Buffer.from('Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n'), ['one']],
    ['without the last delimiter', bytes('Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'one'), ['one']],
    [
      'whose delimiter is part of a longer line',
      bytes('Content-Type: multipart/mixed; boundary=b', '', '--b', '', '--bb', '--b--'),
      ['--bb'],
    ],
    [
      'in parts',
      bytes(
        'Content-Type: multipart/mixed; boundary=a',
        '',
        '--a',
        'Content-Type: multipart/related; boundary=b',
        '',
        '--b',
        '',
        'one',
        '--b--',
        '--a',
        '',
        'two',
        '--a--',
      ),
      ['one', 'two'],
    ],
    ['that are empty', bytes('Content-Type: multipart/mixed; boundary=b', '', '--b', '--b--'), ['']],
    ['that has no boundary', bytes('Content-Type: multipart/mixed', '', '--b', '', 'one'), ['--b\r\n\r\none']],
    ['without a header of its own', bytes('Content-Type: multipart/mixed; boundary=b', '', '--b', 'no header', '--b--'), ['']],
  ])('%s', (_, mime, texts) => {
    expect(textsOf(mime)).toEqual(texts);
  });

  test('are as deep and as many as the limits say', () => {
    const depthOf = (part: MimePart): number => (part.parts[0] ? 1 + depthOf(part.parts[0]) : 0);
    const nested = (depth: number) =>
      bytes(...Array.from({ length: depth }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}`));
    expect(depthOf(tree(nested(100)))).toBe(100);
    expect(readParts(nested(101))).toMatchObject({
      ok: false,
      problem: { status: 400, message: expect.stringContaining('deeper than 100') },
    });
    const many = (count: number) =>
      bytes('Content-Type: multipart/mixed; boundary=b', '', ...Array.from({ length: count }, () => '--b\r\n\r\nx'));
    expect(tree(many(249)).parts).toHaveLength(249);
    expect(readParts(many(250))).toMatchObject({ ok: false, problem: { status: 413, message: expect.stringContaining('250 parts') } });
  });

  test('whose boundaries nobody could tell apart are refused', () => {
    const inner = ['--b', 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'x', '--b--'];
    const mime = bytes('Content-Type: multipart/mixed; boundary=b', '', ...inner, '--b--');
    expect(readParts(mime)).toMatchObject({ ok: false, problem: { message: expect.stringContaining('boundary') } });
  });

  test('within others end where the others do', () => {
    const mime = bytes(
      'Content-Type: multipart/mixed; boundary=a',
      '',
      '--a',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'one',
      '--a',
      '',
      'two',
      '--b',
      'still two',
      '--a--',
    );
    expect(textsOf(mime)).toEqual(['one', 'two\r\n--b\r\nstill two']);
  });

  test('with a header beyond all measure are refused, one that cannot be read is damaged', () => {
    const mixed = (...part: string[]) => bytes('Content-Type: multipart/mixed; boundary=b', '', '--b', ...part, '--b--');
    expect(readParts(mixed(`X-A: ${'a'.repeat(300_000)}`, '', 'x'))).toMatchObject({
      ok: false,
      problem: { message: expect.stringContaining('262144 bytes') },
    });
    expect(readParts(mixed(`X-A: ${'a'.repeat(300_000)}`))).toMatchObject({ ok: false });
    expect(tree(mixed('no field', '', 'x')).parts[0]).toMatchObject({ damaged: true, type: 'text/plain' });
    expect(tree(mixed('', 'x')).parts[0]?.damaged).toBeUndefined();
  });

  test('are found in one pass also where every line could be a delimiter, and every multipart is open', () => {
    const head = Array.from({ length: 28 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`).join('');
    // The shortest of some: what else the machine does takes time from others.
    const time = (lines: number) => {
      const mime = Buffer.from(`${head}\r\n${'--\n'.repeat(lines)}`);
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now();
        readParts(mime);
        return performance.now() - start;
      });
      return Math.min(...times);
    };
    time(50_000);
    // Four times as many lines take about four times as long; a pass for each level would show in the first figure already.
    expect(time(400_000)).toBeLessThan(20 * Math.max(time(100_000), 5));
  });

  test.each([
    ['multipart/signed; boundary=b', true],
    ['Multipart/Encrypted; boundary=b', true],
    ['application/pkcs7-mime; smime-type=enveloped-data', true],
    ['(comment) application/x-pkcs7-mime', true],
    ['multipart/mixed; boundary=b', false],
    ['nonsense', false],
  ])('are sealed where they are %s: %s', (type, sealed) => {
    expect(isSignedOrEncrypted(tree(bytes(`Content-Type: ${type}`, '', 'x')))).toBe(sealed);
    expect(
      isSignedOrEncrypted(tree(bytes('Content-Type: multipart/mixed; boundary=o', '', '--o', `Content-Type: ${type}`, '', 'x', '--o--'))),
    ).toBe(sealed);
  });
});

describe('a structured field', () => {
  test.each([
    ['text/plain; name="a \\"b\\" c"', 'a "b" c'],
    ['text/plain; (a \\) comment) name=(b)a.pdf', 'a.pdf'],
    ['text/plain; name="a;b"; name=second', 'a;b'],
    ['text/plain; name; name = a', 'a'],
    ['text/plain; name="no end', 'no end'],
    ['text/plain; name=a)b', 'a)b'],
  ])('%s: its name is %s', (field, name) => {
    expect(structuredField(field)).toMatchObject({ value: 'text/plain', parameters: new Map([['name', name]]) });
  });
});

test('a part whose header is larger than that of a message may be is refused', () => {
  const mime = bytes('Content-Type: multipart/mixed; boundary=b', '', '--b', `X-A: ${'a'.repeat(MAXIMUM_HEADER_BYTES)}`, '', 'x', '--b--');
  expect(readParts(mime)).toMatchObject({ ok: false, problem: { status: 400, message: expect.stringContaining('header is larger') } });
});

test('a message that begins with a delimiter of its own has parts of nothing', () => {
  expect(textsOf(bytes('Content-Type: multipart/mixed; boundary=b', '', '--b', '--b', '--b--'))).toEqual(['', '']);
});

test('a layout hides no error that is none of its own', () => {
  expect(() => layoutOf(bytes('To: a', '', 'x'), undefined as never, () => problems.mimeInvalid('x'))).toThrow(TypeError);
});
